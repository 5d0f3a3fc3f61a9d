#include "engine/calendar_functions.h"

#include <array>
#include <optional>
#include <string_view>

#include "base/civil.h"
#include "calendar/arithmetic.h"
#include "engine/operators.h"

namespace sojourn::engine {
namespace {

using graph::Duration;
using graph::Value;
using Kind = graph::Value::Kind;

constexpr std::int64_t kMillisPerDay = 86'400'000;

std::optional<std::int32_t> local_day(const calendar::Zone& zone, const Value& time) {
  if (time.kind() == Kind::kTimestamp) return zone.to_local(time.as_timestamp()).day;
  if (time.kind() == Kind::kDate) return time.as_date().days;
  return std::nullopt;
}

std::optional<base::CivilDay> civil_day(const calendar::Zone& zone, const Value& time) {
  const auto day = local_day(zone, time);
  if (!day) return std::nullopt;
  return base::civil_from_days(*day);
}

Value integer(std::int64_t v) {
  return Value(v);
}

Value add_to_date(graph::Date date, const Duration& d) {
  std::int32_t days = 0;
  if (d.millis % kMillisPerDay != 0 ||
      __builtin_add_overflow(std::int64_t{d.days}, d.millis / kMillisPerDay, &days)) {
    return {};
  }
  const auto reached = calendar::add(calendar::LocalTime{date.days, 0}, d.months, days);
  return reached ? Value(graph::Date{reached->day}) : Value();
}

}  // namespace

Value add_duration(const calendar::Zone& zone, const Value& time, const Value& duration) {
  if (duration.kind() != Kind::kDuration) return {};
  const Duration& d = duration.as_duration();
  if (time.kind() == Kind::kDate) return add_to_date(time.as_date(), d);
  if (time.kind() != Kind::kTimestamp) return {};
  const auto reached = calendar::add(zone, time.as_timestamp(), d.months, d.days, d.millis);
  return reached ? Value(*reached) : Value();
}

Value subtract_duration(const calendar::Zone& zone, const Value& time, const Value& duration) {
  return add_duration(zone, time, negate(duration));
}

Value difference(const Value& later, const Value& earlier) {
  if (later.kind() == Kind::kTimestamp && earlier.kind() == Kind::kTimestamp) {
    Duration out;
    return __builtin_sub_overflow(later.as_timestamp().millis, earlier.as_timestamp().millis,
                                  &out.millis)
               ? Value()
               : Value(out);
  }
  if (later.kind() == Kind::kDate && earlier.kind() == Kind::kDate) {
    Duration out;
    return __builtin_sub_overflow(later.as_date().days, earlier.as_date().days, &out.days)
               ? Value()
               : Value(out);
  }
  return {};
}

Value date_of(const calendar::Zone& zone, const Value& time) {
  const auto day = local_day(zone, time);
  return day ? Value(graph::Date{*day}) : Value();
}

Value time_of(const calendar::Zone& zone, const Value& time) {
  if (time.kind() != Kind::kTimestamp) return {};
  return Value(graph::TimeOfDay{zone.to_local(time.as_timestamp()).millis / 60'000});
}

Value weekday_of(const calendar::Zone& zone, const Value& time) {
  static constexpr std::array<std::string_view, 7> kNames{
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  const auto day = local_day(zone, time);
  return day ? Value(kNames[static_cast<std::size_t>(calendar::weekday(*day) - 1)]) : Value();
}

Value year_of(const calendar::Zone& zone, const Value& time) {
  const auto date = civil_day(zone, time);
  return date ? integer(date->year) : Value();
}

Value month_of(const calendar::Zone& zone, const Value& time) {
  const auto date = civil_day(zone, time);
  return date ? integer(date->month) : Value();
}

Value day_of(const calendar::Zone& zone, const Value& time) {
  const auto date = civil_day(zone, time);
  return date ? integer(date->day) : Value();
}

Value days_between(const calendar::Zone& zone, const Value& from, const Value& to) {
  const auto first = local_day(zone, from);
  const auto last = local_day(zone, to);
  return first && last ? integer(std::int64_t{*last} - *first) : Value();
}

}  // namespace sojourn::engine
