// Whether what was read of an enrollment can be of its graph. Code that walks a graph by what an
// enrollment says (a rung, an arm, a rule) relies on that; bytes of a damaged row may say anything.
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/enrollment_codec.h"

namespace sojourn::engine {

// Every step that it names is of the kind that it says, with that rung, arm or rule; and it has no
// more fields of its entry, values and goals than the graph.
bool fits(const Enrollment& enrollment, const graph::Graph& graph);

// `decode`, of what lies in a store. Error: kFatal, also where it does not fit.
base::Result<Enrollment> read_enrollment(std::string_view bytes, std::uint64_t user,
                                         std::uint32_t number, const graph::Graph& graph,
                                         const StepNumbers& numbers);

// The same of somebody who is inside: one that has ended is damaged, too.
base::Result<Enrollment> read_live_enrollment(std::string_view bytes, std::uint64_t user,
                                              std::uint32_t number, const graph::Graph& graph,
                                              const StepNumbers& numbers);

}  // namespace sojourn::engine
