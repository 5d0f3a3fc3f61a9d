// Values as text: JSON for the wire, the author's spelling for people.
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fmt/core.h>

#include "base/text.h"
#include "graph/value.h"

namespace sojourn::graph {
namespace {

void append_json_number(std::string& out, double v) {
  if (!std::isfinite(v)) {
    out += "null";
    return;
  }
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), v);
  out.append(text.data(), end.ptr);
}

void append_json_list(std::string& out, const List& items) {
  out.push_back('[');
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0) out.push_back(',');
    append_json(out, items[i]);
  }
  out.push_back(']');
}

void append_json_object(std::string& out, const Object& fields) {
  out.push_back('{');
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i != 0) out.push_back(',');
    base::append_json_string(out, fields[i].first);
    out.push_back(':');
    append_json(out, fields[i].second);
  }
  out.push_back('}');
}

// Years and months; the sign stands once, in front.
void append_months(std::string& out, std::int32_t months) {
  if (months < 0) out.push_back('-');
  const std::int64_t size = std::abs(std::int64_t{months});
  if (size / 12 != 0) out += fmt::format("{}y", size / 12);
  if (size % 12 != 0) out += fmt::format("{}mo", size % 12);
}

void append_elapsed(std::string& out, std::int64_t millis) {
  // Unsigned, so that the smallest number has a size too.
  std::uint64_t size = static_cast<std::uint64_t>(millis);
  if (millis < 0) {
    out.push_back('-');
    size = 0 - size;
  }
  if (size / 3'600'000 != 0) out += fmt::format("{}h", size / 3'600'000);
  if (size / 60'000 % 60 != 0) out += fmt::format("{}m", size / 60'000 % 60);
  if (size % 1000 != 0) {
    out += fmt::format("{}.{:03}s", size / 1000 % 60, size % 1000);
  } else if (size / 1000 % 60 != 0) {
    out += fmt::format("{}s", size / 1000 % 60);
  }
}

}  // namespace

std::string to_string(const Duration& duration) {
  std::string out;
  if (duration.months != 0) append_months(out, duration.months);
  if (duration.days != 0) out += fmt::format("{}d", duration.days);
  if (duration.millis != 0) append_elapsed(out, duration.millis);
  return out.empty() ? "0s" : out;
}

std::string to_string(Date date) {
  const std::string at_midnight = base::to_iso8601(base::Instant{date.days * 86'400'000LL});
  return at_midnight.substr(0, at_midnight.find('T'));
}

std::string to_string(TimeOfDay time) {
  return fmt::format("{:02}:{:02}", time.minutes / 60, time.minutes % 60);
}

void append_json(std::string& out, const Value& value) {
  const auto quoted = [&](const std::string& text) { base::append_json_string(out, text); };
  switch (value.kind()) {
    case Value::Kind::kMissing:
      out += "null";
      return;
    case Value::Kind::kBoolean:
      out += value.as_boolean() ? "true" : "false";
      return;
    case Value::Kind::kInteger:
      out += std::to_string(value.as_integer());
      return;
    case Value::Kind::kNumber:
      return append_json_number(out, value.as_number());
    case Value::Kind::kString:
      return quoted(value.as_string());
    case Value::Kind::kTimestamp:
      return quoted(base::to_iterable_time(value.as_timestamp()));
    case Value::Kind::kDate:
      return quoted(to_string(value.as_date()));
    case Value::Kind::kTimeOfDay:
      return quoted(to_string(value.as_time_of_day()));
    case Value::Kind::kDuration:
      return quoted(to_string(value.as_duration()));
    case Value::Kind::kList:
      return append_json_list(out, value.as_list());
    case Value::Kind::kObject:
      return append_json_object(out, value.as_object());
  }
}

}  // namespace sojourn::graph
