// What of one journey can start another, and how soon.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dsl/program.h"

namespace sojourn::dsl {

using JourneyIndex = std::size_t;

struct Arc {
  enum class By : std::uint8_t {
    kStep,
    kMessage,   // what becomes of a message that a step sends
    kEntering,  // that somebody is in the journey
    kLeaving,   // that they are no more
  };
  // The moment of the enrollment at which it can happen first; `later` comes on top.
  enum class When : std::uint8_t { kEntry, kStep, kCompletion };

  JourneyIndex from = 0;
  JourneyIndex to = 0;
  By by = By::kStep;
  When when = When::kEntry;
  graph::StepIndex step = graph::kCompleted;  // kStep: which
  base::Millis later;
  Span place;
  bool to_many = false;  // tracks an event `for users`: others than who tracked it start
  bool once = false;     // never twice for one user, in any journey
};

// In the order of their places.
std::vector<Arc> find_arcs(const graph::Catalog& catalog,
                           const std::vector<CompiledJourney>& journeys);

}  // namespace sojourn::dsl
