#include "engine/best_time.h"

#include <algorithm>

#include "engine/aim.h"
#include "graph/engagement.h"
#include "graph/history.h"

namespace sojourn::engine {
namespace {

using base::Instant;
using calendar::LocalTime;
using graph::Engagement;

constexpr std::int32_t kMillisPerHour = 3'600'000;
constexpr double kOpenWeight = 1;
constexpr double kClickWeight = 2;

// Parts of a hundred, from midnight on: what is known of nobody in particular. Few at night, most
// in the morning when work begins, some more in the evening.
constexpr std::array<double, kHoursOfDay> kPrior{1, 0.5, 0.5, 0.5, 0.5, 1, 3, 5, 7, 8.5, 9,   7,
                                                 6, 5,   5,   5,   5,   5, 5, 6, 6, 5,   2.5, 1};

std::size_t hour_of(LocalTime local) {
  return static_cast<std::size_t>(local.millis / kMillisPerHour);
}

double weight_of(const EventFact& event) {
  if (event.name == graph::event_of(Engagement::kOpened).name) return kOpenWeight;
  if (event.name == graph::event_of(Engagement::kClicked).name) return kClickWeight;
  return 0;
}

bool is_quiet(const SendCase& send, Instant t) {
  return std::ranges::any_of(send.quiet, [&](const graph::QuietHours* rule) {
    return covers(rule->scope, send.kind) && end_of_quiet(*rule, send.zone, t, t) > t;
  });
}

}  // namespace

HourScores score_hours(std::span<const EventFact> history, const calendar::Zone& zone,
                       Instant now) {
  HourScores scores{};
  double sum = kPriorWeight;
  double prior = 0;
  for (const double part : kPrior) prior += part;
  for (std::size_t h = 0; h < kHoursOfDay; ++h) scores[h] = kPriorWeight * kPrior[h] / prior;
  for (const EventFact& event : history) {
    const double weight = weight_of(event);
    if (weight == 0 || event.created_at > now ||
        later(event.created_at, graph::kEngagementKept) < now) {
      continue;
    }
    const std::size_t hour = hour_of(zone.to_local(event.created_at));
    scores[hour] += weight / 2;
    scores[(hour + 1) % kHoursOfDay] += weight / 4;
    scores[(hour + kHoursOfDay - 1) % kHoursOfDay] += weight / 4;
    sum += weight;
  }
  for (double& score : scores) score /= sum;
  return scores;
}

Instant best_time(const SendCase& send, const HourScores& scores, base::Millis up_to) {
  const Instant first = send.first_attempt;
  const Instant last = std::min(later(first, up_to), send.last_chance);
  Instant best = first;
  double highest = -1;
  const auto consider = [&](Instant t) {
    const double score = scores[hour_of(send.zone.to_local(t))];
    if (t > last || score <= highest || is_quiet(send, t)) return;
    best = t;
    highest = score;
  };
  consider(first);
  LocalTime hour = send.zone.to_local(first);
  hour.millis -= hour.millis % kMillisPerHour;
  for (std::size_t i = 0; i < kHoursOfDay; ++i) {
    hour.millis += kMillisPerHour;
    if (hour.millis == static_cast<std::int32_t>(kHoursOfDay) * kMillisPerHour) {
      hour = {hour.day + 1, 0};
    }
    // Where the clock is put back, an hour may begin before now.
    if (const Instant begins = send.zone.to_instant(hour); begins > first) consider(begins);
  }
  return best;
}

}  // namespace sojourn::engine
