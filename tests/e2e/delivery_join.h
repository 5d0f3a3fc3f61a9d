// The join at the end of every fault: what the senders were answered, what the daemon says of each
// person, and what Iterable received, held against each other. Every message that should be is put
// into one class. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "tests/e2e/http.h"

namespace sojourn::e2e {

// What must come of one event, which is the only one of its user.
struct SentEvent {
  std::string email;
  bool acknowledged = false;
  // The daemon's answer about the user at the end; null when it knows nobody.
  Json report;
};

struct Join {
  std::vector<std::string> campaigns;  // the journey's, in order
  std::vector<SentEvent> events;
  std::vector<Json> received;           // the sandbox's messages
  std::multiset<std::string> in_doubt;  // message keys, one for each time
};

// In which class a message is. Of those that fit, the first in this order.
enum class Fate {
  kLost,     // its event was acknowledged, and it never arrived
  kUnknown,  // how it ended is not told: it waits still, ended unsent, or nobody planned it
  kEarly,    // it was claimed before the wait in front of it was over
  kDoubled,  // it arrived more than once
  kLate,     // it was claimed more than kLate after its time
  kOk,
};
inline constexpr std::size_t kFates = 6;
std::string_view to_string(Fate fate);

// A message that leaves so much after its time is counted as late. Nothing fails for it.
inline constexpr base::Millis kLate = base::seconds(1);

struct Verdict {
  std::map<Fate, std::size_t> fates;
  std::size_t extra_copies = 0;
  std::size_t in_doubt = 0;  // times that an answer never came
  // Every way in which the three disagree, in words. Empty when every acknowledged event was
  // processed exactly once, each of its messages arrived and none before its time, a message
  // arrived again only as often as it is listed in doubt, and nothing arrived that was not planned.
  std::vector<std::string> violations;
};

Verdict judge(const Join& join);

// Keys that arrived more than once, and how many copies too many.
std::map<std::string, std::size_t> doubled(const std::vector<Json>& received);

// The keys in lines of the daemon's log such as `key=… endpoint=…`.
std::multiset<std::string> keys_in_doubt(const std::string& log_text);
// The keys that stand as in doubt in the logs of people. These are committed with the doubt itself,
// so they are there also where a kill came before the daemon's log had the line.
std::multiset<std::string> keys_in_doubt(const std::vector<SentEvent>& events);

}  // namespace sojourn::e2e
