// A time zone as data: when its offset from UTC changes. Pure; the rules are
// passed in (calendar/tzdata reads them from the system). Immutable after
// construction, so any thread may read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"

namespace sojourn::calendar {

// A wall-clock reading without a zone: days since 1970-01-01 and milliseconds
// after midnight (0 to 86,399,999).
struct LocalTime {
  std::int32_t day = 0;
  std::int32_t millis = 0;
  friend auto operator<=>(LocalTime, LocalTime) = default;
};

class Zone {
 public:
  // From `at` on, local time is UTC plus `offset_seconds`.
  struct Transition {
    base::Instant at;
    std::int32_t offset_seconds;
  };

  // `transitions` in order of time; `first_offset_seconds` holds before the first.
  Zone(std::string name, std::int32_t first_offset_seconds, std::vector<Transition> transitions);

  const std::string& name() const { return name_; }
  LocalTime to_local(base::Instant t) const;
  // Language 9: in a gap the first instant after it, in an overlap the first of the two.
  base::Instant to_instant(LocalTime local) const;
  // When the offset next changes after `t`, if it does.
  std::optional<base::Instant> next_transition(base::Instant t) const;
  // False for a day that the zone skipped whole.
  bool day_exists(std::int32_t day) const;

 private:
  std::int32_t offset_at(base::Instant t) const;

  std::string name_;
  std::int32_t first_offset_seconds_;
  std::vector<Transition> transitions_;
};

// Finds zones by IANA name. The engine is handed one; calendar/tzdata has the
// real one. Implementations are safe to call from the one thread that owns them.
class ZoneSource {
 public:
  virtual ~ZoneSource() = default;
  // nullptr when there is no such zone. The pointer lives as long as the source.
  virtual const Zone* find(std::string_view iana_name) = 0;
  // Which edition of the rules this is, e.g. "2026a"; kept beside every timer's intent.
  virtual std::string_view tz_version() const = 0;
  // Of all the rules: another one means that some time may lie elsewhere. By default, of the
  // edition's name.
  virtual std::uint64_t rules_fingerprint() const;
};

}  // namespace sojourn::calendar
