// What made-up requests, answers and rows are about: the project of world.journey, compiled once in
// a process. One thread.
#pragma once

#include <memory>
#include <vector>

#include "calendar/zone.h"
#include "graph/catalog.h"
#include "graph/graph.h"
#include "runtime/program.h"

namespace sojourn::fuzz {

inline constexpr const char* kWorldProject = "fuzz";

calendar::ZoneSource& world_zones();
const graph::Catalog& world_catalog();
const std::vector<graph::Graph>& world_graphs();
// As a store numbers its steps.
const runtime::Program& world_program();

}  // namespace sojourn::fuzz
