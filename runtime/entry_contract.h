// What an entry by the API says, held against what the journey's `enter on api` asks for:
// all of it, and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/catalog.h"
#include "runtime/intake_parse.h"

namespace sojourn::runtime {

// The answer that refuses the entry and names its fault; nothing when there is none.
// `given` has the declared types already; `unknown` are fields that are not declared.
std::optional<IntakeAnswer> refuse_entry(const graph::EventType& entry,
                                         const std::vector<graph::Field>& given,
                                         const std::vector<std::string>& unknown);

}  // namespace sojourn::runtime
