#include "engine/sending_rules.h"

#include <algorithm>
#include <optional>

#include "calendar/arithmetic.h"
#include "engine/aim.h"

namespace sojourn::engine {
namespace {

using base::Instant;
using base::Millis;
using calendar::LocalTime;

constexpr std::string_view kCapped = "capped";
constexpr std::string_view kQuiet = "quiet";
constexpr std::string_view kLate = "late";
constexpr std::int32_t kMillisPerMinute = 60'000;
constexpr std::int32_t kMillisPerDay = 86'400'000;

// --- Quiet hours --------------------------------------------------------------------

bool is_quiet_day(const graph::QuietHours& rule, std::int32_t day) {
  return (rule.weekdays >> (calendar::weekday(day) - 1) & 1) != 0 ||
         std::ranges::binary_search(rule.dates, graph::Date{day});
}

// Where the quiet that holds at a reading ends, as a reading; nothing: it is not quiet.
// Only what the person's clock shows counts, so a clock that is put back can show a
// quiet time twice.
std::optional<LocalTime> quiet_until(const graph::QuietHours& rule, LocalTime local) {
  if (is_quiet_day(rule, local.day)) return LocalTime{local.day + 1, 0};
  const std::int32_t from = rule.from.minutes * kMillisPerMinute;
  const std::int32_t to = rule.to.minutes * kMillisPerMinute;
  const bool crosses_midnight = to < from;
  if (local.millis >= from && (crosses_midnight || local.millis < to)) {
    return LocalTime{local.day + (crosses_midnight ? 1 : 0), to};
  }
  if (crosses_midnight && local.millis < to) return LocalTime{local.day, to};
  return std::nullopt;
}

// The instant at which a clock that shows `from` at `t` comes to show `to`, or a little
// before when the clock is changed in between; later than `t` in any case.
Instant towards(const calendar::Zone& zone, Instant t, LocalTime from, LocalTime to) {
  const std::int64_t days = std::int64_t{to.day} - from.day;
  const Instant by_elapsed = later(t, Millis{days * kMillisPerDay + to.millis - from.millis});
  const Instant by_clock = zone.to_instant(to);
  return by_clock > t ? std::min(by_clock, by_elapsed) : by_elapsed;
}

// --- Caps ---------------------------------------------------------------------------

// The first instant from `t` on at which the rate has room.
Instant has_room(const graph::CapRate& rate, std::vector<Instant>& sent, Instant t) {
  if (sent.size() < rate.most) return t;
  // The newest first; with the last of the `most` newest gone from the window, there is
  // room for one.
  const auto nth = sent.begin() + (rate.most - 1);
  std::ranges::nth_element(sent, nth, std::greater<>());
  return std::max(t, later(*nth, rate.per));
}

Instant has_room(const graph::SendCap& cap, const SendCase& send, Instant t) {
  std::vector<Instant> sent;
  for (const SentMessage& message : send.sent) {
    if (message.key != send.key && covers(cap.scope, message.kind)) sent.push_back(message.at);
  }
  Instant room = t;
  for (const graph::CapRate& rate : cap.rates) room = std::max(room, has_room(rate, sent, t));
  return room;
}

// --- Both ---------------------------------------------------------------------------

// What holds the message back at `t`: until when, by which rule, and for how long that
// rule may.
struct Hold {
  Instant until;
  std::string_view by;
  Instant limit;
  Holder holder;
};

std::optional<Hold> held_back(const SendCase& send, Instant t) {
  for (const graph::SendCap& cap : send.caps) {
    if (!covers(cap.scope, send.kind)) continue;
    const Instant room = has_room(cap, send, t);
    if (room > t)
      return Hold{room, kCapped, later(send.first_attempt, cap.defer_up_to), {&cap, nullptr}};
  }
  for (const graph::QuietHours* rule : send.quiet) {
    if (!covers(rule->scope, send.kind)) continue;
    const Instant limit = later(send.first_attempt, rule->defer_up_to);
    const Instant end = end_of_quiet(*rule, send.zone, t, std::max(limit, t));
    if (end > t) return Hold{end, kQuiet, limit, {nullptr, rule}};
  }
  return std::nullopt;
}

}  // namespace

bool was_sent(std::span<const SentMessage> sent, std::string_view campaign,
              const base::Hash128& own_key) {
  return std::ranges::any_of(sent, [&](const SentMessage& message) {
    return message.campaign == campaign && message.key != own_key;
  });
}

Instant end_of_quiet(const graph::QuietHours& rule, const calendar::Zone& zone, Instant t,
                     Instant limit) {
  while (t <= limit) {
    const LocalTime local = zone.to_local(t);
    const auto end = quiet_until(rule, local);
    if (!end) return t;
    t = towards(zone, t, local, *end);
  }
  return t;
}

Leave when_to_leave(const SendCase& send, Instant now) {
  if (now > send.last_chance) return LeaveNever{kLate};
  Leave leave = LeaveNow{};
  Instant t = now;
  // Each hold ends later than it begins, and within its limit.
  while (const auto hold = held_back(send, t)) {
    const bool in_time = hold->until <= send.last_chance;
    const bool within_limit = hold->until <= hold->limit;
    if (!within_limit && (in_time || hold->limit <= send.last_chance)) {
      return LeaveNever{hold->by, hold->holder};
    }
    if (!in_time) return LeaveNever{kLate, hold->holder};
    t = hold->until;
    leave = LeaveLater{t, hold->by, hold->holder};
  }
  return leave;
}

}  // namespace sojourn::engine
