// What compile() gives when there is nothing to complain about: the declared world
// and one graph per journey. A value; it stands on its own and keeps nothing of
// the texts but places in them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/edit_rules.h"
#include "dsl/source.h"
#include "dsl/test_plan.h"
#include "graph/catalog.h"
#include "graph/graph.h"
#include "proof/prove.h"

namespace sojourn::dsl {

// `assert …`: what the author holds to be so.
struct Assert {
  Span place;
  proof::Assertion assertion;
};

// `left J as R`: J must be able to end so, which is known when all journeys are.
struct ExitReference {
  std::string journey;
  std::string reason;
  Span span;  // of the reason
};

struct CompiledJourney {
  graph::Graph graph;
  // Outside the graph, because they do not change what the journey means.
  std::string docs;                    // the comment above the journey
  Span name;                           // its name in the text
  std::vector<Span> step_spans;        // by StepIndex
  std::vector<Span> expression_spans;  // by ExprId
  EditRules edit_rules;                // for people of earlier versions
  std::vector<Assert> asserts;         // in the order written; each has been proved
  std::vector<Span> exit_spans;        // by Graph::exits
  std::vector<Span> watched_spans;     // by Graph::watched
  // Branches that always take an arm: a `match` that covers every value. Sorted.
  std::vector<graph::StepIndex> exhaustive;
  std::vector<ExitReference> exit_references;
};

// Where the names of the catalog stand in the text.
using NamedPlaces = std::map<std::string, Span, std::less<>>;
struct CatalogPlaces {
  NamedPlaces message_types;
  NamedPlaces campaigns;
  NamedPlaces lists;
};

struct Program {
  graph::Catalog catalog;
  std::vector<CompiledJourney> journeys;  // by name
  std::vector<TestPlan> tests;            // in order of file and place
  CatalogPlaces places;

  const CompiledJourney* find_journey(std::string_view name) const;
};

}  // namespace sojourn::dsl
