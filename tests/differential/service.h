// The services behind the webhooks of random programs. What a service does with a call follows
// from what it is asked and when, so the oracle, the test runner and the daemon find the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "tests/oracle/life.h"

namespace sojourn::differential {

struct Served {
  base::Millis after;  // from the call; never at a whole minute, when other things happen
  int status = 0;      // 0: it keeps silent
  std::string body;
  bool busy_first = false;              // the first attempt gets a 503
  std::optional<oracle::Fields> reply;  // what can be read of the body; none: it has failed
};
Served serve(std::string_view webhook, std::string_view data, base::Instant at);

// The same, as the oracle asks.
std::optional<oracle::Served> answer_of(std::string_view webhook, std::string_view data,
                                        base::Instant at);

}  // namespace sojourn::differential
