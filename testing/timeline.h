// What happened in a test, as lines for people: local times, one line an
// occurrence, the differing one marked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "calendar/zone.h"
#include "testing/occurrence.h"

namespace sojourn::testing {

struct TimelineLine {
  base::Instant at;
  std::string local;  // `2026-03-27 Fri 10:00`
  std::string text;   // `send trial_welcome { plan: "premium" }`
  bool marked = false;
};

// Longer ones are cut where nothing differs.
inline constexpr std::size_t kMaxTimelineLines = 200;

// Where the expectation and what happened part.
struct Difference {
  std::optional<std::size_t> occurrence;  // none: behind the last
  // Beside the occurrence, or instead of one.
  std::string remark;
};

std::vector<TimelineLine> make_timeline(const TestProgram& program, JourneyIndex under_test,
                                        const std::vector<Occurrence>& journal, base::Instant now,
                                        const calendar::Zone& zone, const Difference& difference);

// `{ plan: "premium", seats: 7 }`, or nothing when there are none.
std::string fields_text(const std::vector<graph::Field>& fields);
std::string local_time_text(const calendar::Zone& zone, base::Instant t);

}  // namespace sojourn::testing
