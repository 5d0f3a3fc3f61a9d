// After a round of the kill test: what was sent, what the daemon says, and what
// Iterable received, held against each other. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

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
  std::multiset<std::string> in_doubt;  // message keys, one for each line of the daemon's log
};

// Every way in which the three disagree, in words. Empty when every event was
// processed exactly once, every message arrived, a message arrived again only as
// often as it is listed in doubt, and nothing arrived that was not planned.
std::vector<std::string> faults(const Join& join);

// Keys that arrived more than once, and how many copies too many.
std::map<std::string, std::size_t> doubled(const std::vector<Json>& received);

// The keys in lines of the log such as `key=… endpoint=…`.
std::multiset<std::string> keys_in_doubt(const std::string& log_text);

}  // namespace sojourn::e2e
