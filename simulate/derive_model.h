// The behaviour that is assumed where nobody says more: careful guesses from what a
// journey reads and compares, so that every way through it is taken by some. What is
// guessed, and why, stands in docs/simulate.md.
#pragma once

#include "simulate/model.h"

#include "graph/catalog.h"
#include "graph/graph.h"

namespace sojourn::simulate {

Model derive_model(const graph::Graph& graph, const graph::Catalog& catalog);

// What a field of this type holds when nothing is known but the values it is compared with.
Distribution guess(const graph::Type& type, const std::vector<graph::Value>& constants);

}  // namespace sojourn::simulate
