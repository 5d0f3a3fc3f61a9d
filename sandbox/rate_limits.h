// The rate limits that Iterable publishes, and the counting of requests against them. Beyond what
// is published the limiter itself is not known: here each limit is counted in windows that begin
// with the second, minute or day of the clock, with as many requests in each. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "base/instant.h"

namespace sojourn::sandbox {

struct RateLimit {
  std::string_view method;
  std::string_view pattern;  // an operation, see path_pattern.h
  std::uint32_t requests;
  base::Millis per;
};
// An operation may have several; one that is not listed has none that is published.
std::span<const RateLimit> published_limits();

class RateLimiter {
 public:
  // Counts a request to an operation, if it is within every limit of it; else the limit that is
  // exceeded, and the request does not count.
  const RateLimit* take(std::string_view method, std::string_view pattern, base::Instant now);

 private:
  struct Window {
    std::int64_t number = -1;
    std::uint32_t requests = 0;
  };
  std::map<const RateLimit*, Window> windows_;
};

}  // namespace sojourn::sandbox
