// Instants and lengths of time. No clock here: `now` is always an argument.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sojourn::base {

// Elapsed time in milliseconds; may be negative.
struct Millis {
  std::int64_t count = 0;
  friend constexpr auto operator<=>(Millis, Millis) = default;
};

constexpr Millis seconds(std::int64_t n) {
  return Millis{n * 1000};
}
constexpr Millis minutes(std::int64_t n) {
  return Millis{n * 60'000};
}
constexpr Millis hours(std::int64_t n) {
  return Millis{n * 3'600'000};
}
// A day of exactly 24 hours; calendar days live in calendar/.
constexpr Millis days24(std::int64_t n) {
  return Millis{n * 86'400'000};
}

// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
struct Instant {
  std::int64_t millis = 0;
  friend constexpr auto operator<=>(Instant, Instant) = default;
};

constexpr Instant operator+(Instant t, Millis d) {
  return Instant{t.millis + d.count};
}
constexpr Instant operator-(Instant t, Millis d) {
  return Instant{t.millis - d.count};
}
constexpr Millis operator-(Instant a, Instant b) {
  return Millis{a.millis - b.millis};
}

// Later than any instant that is ever stored (year 9999).
inline constexpr Instant kNever{253'402'300'799'999};

// "2026-03-01T09:00:00Z"; milliseconds are printed only when not zero.
std::string to_iso8601(Instant t);
// "2026-03-01 09:00:00 +00:00": the form Iterable writes and reads everywhere.
std::string to_iterable_time(Instant t);
// Accepts RFC 3339 ("2026-03-01T09:00:00.5Z", "…+02:00", seconds optional) and
// Iterable's "2026-03-01 09:00:00 +00:00". Anything else: nullopt.
std::optional<Instant> parse_timestamp(std::string_view text);

}  // namespace sojourn::base
