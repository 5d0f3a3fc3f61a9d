// What every consumer of a graph may rely on. A graph that was decoded from
// disk is verified before the engine sees it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace sojourn::graph {

struct Duration;
struct Graph;

// The longest distance from a yearly date: from here on, the moments of one year would
// pass those of another.
bool is_within_a_year(const Duration& offset);

// So that evaluating an expression is quick and does not run out of stack. Work
// counts a shared argument every time it is used, and what stands inside a question
// over the history once, though each of at most kMaxKeptEvents events is asked.
inline constexpr std::size_t kMaxExpressionDepth = 1'000;
inline constexpr std::uint64_t kMaxExpressionWork = 1'000'000;
// A question in the `where` of another, and so on.
inline constexpr std::size_t kMaxQuestionDepth = 3;
inline constexpr std::size_t kMaxSteps = 10'000;
inline constexpr std::size_t kMaxExpressions = 200'000;
inline constexpr std::size_t kMaxRungs = 64;
inline constexpr std::uint32_t kMaxRounds = 1'000;
inline constexpr std::size_t kMaxExceptedDays = 1'000;
// Of one `collect`. They are kept with the enrollment, and written with each change of it.
inline constexpr std::uint32_t kMaxCollected = 100;

// Every index in range; arguments stand before their node; argument counts fit
// the operation; constants encode and decode to themselves; step identities
// unique and not empty; shares sum to 10,000; no cycle of steps that one turn
// could go round for ever (a rung is taken once, a round is counted, a resting
// place ends a turn unless it can be over on arrival); the last zone link is a
// constant string; local slots below `local_count`; the limits above; `needs` as
// compute_needs gives them. The error names the step or expression.
base::Status verify(const Graph& graph);

// The same without `needs`, for a graph that has none yet.
base::Status verify_structure(const Graph& graph);

}  // namespace sojourn::graph
