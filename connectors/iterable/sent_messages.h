// Whether Iterable has a message whose answer never came: the question, and what can be
// learned from the answer. Iterable lists messages by user and campaign, without the data
// they were made of, so it cannot be asked by message key. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/instant.h"
#include "connectors/attempt.h"
#include "connectors/recipient.h"
#include "connectors/request.h"
#include "graph/sending_rules.h"

namespace sojourn::connectors::iterable {

struct LookUpCommand {
  Recipient user;
  std::int64_t campaign_id = 0;
  base::Instant from;  // the instant that the first attempt in question began
};

// Clocks may differ by so much: Iterable is asked for what it made this long before, too.
inline constexpr base::Millis kClockDifference = base::minutes(1);
// The longest list that Iterable gives.
inline constexpr std::uint32_t kMaxListedMessages = 1'000;

// Whether Iterable lists messages of the medium at all.
bool can_look_up(graph::Medium medium);
HttpRequest sent_messages(const LookUpCommand& command);

struct LookUp {
  enum class Kind : std::uint8_t {
    kListed,      // there are `listed` messages
    kFailed,      // no answer, or none that says anything; the next one may
    kImpossible,  // Iterable does not answer this question to this project or key
  };
  Kind kind = Kind::kFailed;
  std::uint32_t listed = 0;
  // How long the provider asked us to stay away.
  std::optional<base::Millis> retry_after;
  // Status, the provider's code and words, shortened; valid UTF-8.
  std::string message;
};

// `campaign_id`: whose messages count.
LookUp read_sent_messages(std::int64_t campaign_id, const Attempt& attempt);

}  // namespace sojourn::connectors::iterable
