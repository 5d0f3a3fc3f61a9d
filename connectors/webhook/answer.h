// What a service's answer, or its absence, means for a call: one table, and what is
// read of an answer. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "connectors/attempt.h"
#include "connectors/outcome.h"
#include "graph/type.h"
#include "graph/value.h"

namespace sojourn::connectors::webhook {

// Of an answer's body, and of how deep it may nest. Larger or deeper, it is no answer.
inline constexpr std::size_t kMaxAnswerBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxAnswerDepth = 32;
// Of what is kept of it, as it stands in the person's row.
inline constexpr std::size_t kMaxReplyBytes = std::size_t{16} * 1024;

struct Decision {
  Outcome outcome;  // kAccepted, kRejected or kRetry; its message holds nothing of the body
  // The declared fields that came, by name; with kAccepted, and only then.
  std::optional<std::vector<graph::Field>> reply;
};

// A call never ends in doubt: the service knows its key, so it is asked again.
Decision decide(std::span<const graph::TypedField> returns, const Attempt& attempt);

// One line of the table; open to its test.
struct OutcomeRow {
  int first_status;  // inclusive; the negative ones stand for failures
  int last_status;
  OutcomeKind kind;
  std::string_view reason;
};
inline constexpr int kInVain = -3;
inline constexpr int kNothingSent = -2;
inline constexpr int kNoAnswer = -1;
std::span<const OutcomeRow> outcome_table();

}  // namespace sojourn::connectors::webhook
