// What happens to the messages that the sandbox "sends", by a seeded model: they arrive or bounce,
// are opened, clicked, complained about; people unsubscribe. Pure; any thread.
//
//   model = [ WORD PERCENT `%` { `,` WORD PERCENT `%` } ]
//   WORD  = bounce | open | click | complaint | unsubscribe | repeat | bot | lost
//
// For example `open 30%, click 12.5%`. A share counts among all messages, but clicks, complaints
// and unsubscribes come after an open only, so theirs is at most that of opens. `repeat` is the
// share of webhooks that come twice, `bot` that of emails which a program opens, and says so,
// `lost` that of webhooks that never come.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

struct SentMessage;

// Shares of a million.
struct PeopleModel {
  std::uint32_t bounce = 10'000;
  std::uint32_t open = 300'000;
  std::uint32_t click = 80'000;
  std::uint32_t complaint = 1'000;
  std::uint32_t unsubscribe = 4'000;
  std::uint32_t repeat = 0;
  std::uint32_t bot = 0;
  std::uint32_t lost = 0;
};
// Shares that are not named stay as they are usually.
base::Result<PeopleModel> parse_people_model(std::string_view text);

struct Happening {
  enum class Kind : std::uint8_t {
    kSend,
    kSkip,
    kBounce,
    kOpen,
    kClick,
    kComplaint,
    kUnsubscribe,
    kBounceUnsubscribe,  // Iterable's own, after a hard bounce
    kBotOpen,
  };
  Kind kind = Kind::kSend;
  base::Millis after;   // the message was sent
  bool repeat = false;  // is told twice
  bool lost = false;    // is told nobody
};
// In order of time. They depend on the model, the seed, and the message's number and medium only.
std::vector<Happening> happenings_of(const PeopleModel& model, std::uint64_t seed,
                                     const SentMessage& message);

// Empty for what there is not in a medium: nobody bounces an in-app message.
std::string_view event_name(std::string_view medium, Happening::Kind kind);

}  // namespace sojourn::sandbox
