// `at best time`: the hour in which this person is most likely to look.
#include <algorithm>
#include <array>

#include "graph/engagement.h"
#include "tests/oracle/moments.h"
#include "tests/oracle/person.h"

namespace sojourn::oracle {
namespace {

constexpr std::size_t kHours = 24;
constexpr base::Millis kMinute = base::minutes(1);
constexpr base::Millis kRemembered = base::days24(90);
// An opening is worth so much; the usual hours are sixty openings, in parts of 200.
constexpr std::int64_t kOpening = 20;
constexpr std::int64_t kUsual = 60 * kOpening / 200;

std::size_t hour_of(const calendar::Zone& zone, base::Instant at) {
  return static_cast<std::size_t>(zone.to_local(at).millis / 3'600'000);
}

}  // namespace

// From minute to minute: an hour begins where the clock shows another one than a minute before.
base::Instant Person::best_time(const Planned& planned, base::Millis up_to) const {
  const calendar::Zone& zone = own_zone(enrolled_[planned.enrolled]);
  std::array<std::int64_t, kHours> looks{};
  for (std::size_t hour = 0; hour < kHours; ++hour) looks[hour] = kUsual * world_.usual_hours[hour];
  for (const Event& event : events_) {
    const bool opened = event.name == graph::event_of(graph::Engagement::kOpened).name;
    const bool clicked = event.name == graph::event_of(graph::Engagement::kClicked).name;
    if (!opened && !clicked) continue;
    if (event.created_at > now_ || event.created_at < now_ - kRemembered) continue;
    const std::int64_t worth = opened ? kOpening : 2 * kOpening;
    const std::size_t hour = hour_of(zone, event.created_at);
    looks[hour] += worth / 2;
    looks[(hour + 1) % kHours] += worth / 4;
    looks[(hour + kHours - 1) % kHours] += worth / 4;
  }
  const auto quiet = quiet_about(planned);
  const base::Instant last = std::min(planned.wanted_at + up_to, last_moment(planned));
  base::Instant best = planned.wanted_at;
  std::int64_t most = -1;
  std::size_t before = kHours;
  for (base::Instant at = planned.wanted_at; at <= last;
       at = base::Instant{(at.millis / kMinute.count + 1) * kMinute.count}) {
    const std::size_t hour = hour_of(zone, at);
    const bool begins = hour != before;
    before = hour;
    const bool is_left_out = std::ranges::any_of(
        quiet, [&](const graph::QuietHours& line) { return is_quiet(line, zone, at); });
    if (!begins || is_left_out || looks[hour] <= most) continue;
    best = at;
    most = looks[hour];
  }
  return best;
}

}  // namespace sojourn::oracle
