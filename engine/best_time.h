// `at best time` (language 8): the hour of the day at which somebody is most likely to look,
// by what they opened and clicked before. Pure and total.
//
// Each hour h of the person's own day has the score
//
//   score(h) = (w(h) + kPriorWeight * prior(h)) / (sum of w + kPriorWeight)
//
// where w(h) adds up what they did at that hour in the last kEngagementKept: 1 for a message
// opened, 2 for one clicked, half of each at its own hour and a quarter at each of the two beside
// it (who opens at 9:55 may open at 10:05). prior is the shape that days of many people have
// (best_time.cpp), worth kPriorWeight openings: so of somebody unknown it decides, and the more
// is known, the less it weighs. One who opens at night is met at night after a dozen
// openings.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/instant.h"
#include "calendar/zone.h"
#include "engine/facts.h"
#include "engine/sending_rules.h"

namespace sojourn::engine {

inline constexpr std::size_t kHoursOfDay = 24;
inline constexpr double kPriorWeight = 60;

using HourScores = std::array<double, kHoursOfDay>;

// By local hour; they sum to 1. What happened after `now`, or before what is kept, does not
// count.
HourScores score_hours(std::span<const EventFact> history, const calendar::Zone& zone,
                       base::Instant now);

// When the message may best leave: at its first attempt, or where one of the hours after it
// begins, up to `up_to` later; of those, the one whose hour has the highest score, and the
// earliest of several. Instants that are quiet, or after the last chance, are left out; when
// all are, it is the first attempt.
base::Instant best_time(const SendCase& send, const HourScores& scores, base::Millis up_to);

}  // namespace sojourn::engine
