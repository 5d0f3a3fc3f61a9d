// What an attempt means for its delivery. Data, not an error: the dispatcher acts
// on `kind`, the user's log and the counters show `reason`, the operator reads
// `message`. A value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace sojourn::connectors {

enum class OutcomeKind : std::uint8_t {
  kAccepted,  // the provider has it
  kRejected,  // the provider will never take it
  kRetry,     // the provider did not take it, and may later
  kUnknown,   // it may or may not have been taken: the delivery is in doubt
  kHalt,      // nothing was taken and nothing will be until an operator acts: stop
              // all calls with this credential and keep the deliveries planned
};
std::string_view to_string(OutcomeKind kind);

struct Outcome {
  OutcomeKind kind = OutcomeKind::kUnknown;
  // A stable word such as `accepted`, `rate_limited`, `invalid_email`; all of
  // them are listed in docs/iterable.md. Static text.
  std::string_view reason;
  // This person cannot be reached this way: the `else` of the send runs.
  bool unreachable = false;
  // How long the provider asked us to stay away.
  std::optional<base::Millis> retry_after;
  // Status, the provider's code and words, shortened; valid UTF-8.
  std::string message;
  // Of the answer that `message` quotes; 0: none came, and the message is ours or the transport's.
  int status = 0;
};

}  // namespace sojourn::connectors
