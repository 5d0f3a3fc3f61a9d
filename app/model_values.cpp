#include "app/model_values.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/civil.h"
#include "dsl/literals.h"

namespace sojourn::app {
namespace {

using simulate::Choice;
using Kind = graph::Type::Kind;
using What = decltype(Choice::what);

constexpr std::string_view kTo = "..";
// Of what a field is the same, unless `same` says otherwise.
constexpr double kSame = 0.9;

std::optional<base::Millis> parse_length(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto duration = dsl::duration_value(text);
  // A month has no length of its own.
  if (!duration || duration->months != 0) return std::nullopt;
  constexpr std::int64_t kMostDays = 36'500;
  if (duration->days > kMostDays || duration->millis > base::days24(kMostDays).count) {
    return std::nullopt;
  }
  const std::int64_t length = base::days24(duration->days).count + duration->millis;
  return base::Millis{negative ? -length : length};
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // A number that is written as a double keeps its value.
  constexpr std::int64_t kMost = std::int64_t{1} << 53U;
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number > kMost || number < -kMost) return std::nullopt;
  return number;
}

template <typename T>
struct Range {
  T from;
  T to;
};

// The two ends of `a..b`, in order.
template <typename T>
std::optional<Range<T>> range_of(std::string_view text,
                                 std::optional<T> (*parse)(std::string_view)) {
  const std::size_t at = text.find(kTo);
  if (at == text.npos) return std::nullopt;
  const auto from = parse(text.substr(0, at));
  const auto to = parse(text.substr(at + kTo.size()));
  if (!from || !to || *from > *to) return std::nullopt;
  return Range<T>{*from, *to};
}

std::optional<What> parse_number(std::string_view text, bool is_whole) {
  if (const auto range = range_of<std::int64_t>(text, parse_whole)) {
    return simulate::WholeNumbers{range->from, range->to};
  }
  if (is_whole) {
    const auto number = parse_whole(text);
    return number ? std::optional<What>(graph::Value(*number)) : std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return graph::Value(number);
}

std::optional<What> parse_time(std::string_view text, Kind kind) {
  if (const auto range = range_of<base::Millis>(text, parse_length)) {
    return simulate::AfterEntry{range->from, range->to};
  }
  if (kind == Kind::kTimestamp) {
    const auto instant = base::parse_timestamp(text);
    return instant ? std::optional<What>(graph::Value(*instant)) : std::nullopt;
  }
  const auto date = dsl::date_value(text);
  if (!date) return std::nullopt;
  const auto days = base::days_from_civil({date->year, date->month, date->day});
  return graph::Value(graph::Date{static_cast<std::int32_t>(days)});
}

}  // namespace

std::optional<simulate::Delay> parse_delay(std::string_view text) {
  const auto range = range_of<base::Millis>(text, parse_length);
  if (!range) return std::nullopt;
  return simulate::Delay{range->from, range->to};
}

std::optional<What> parse_choice(std::string_view text, const graph::Type& type) {
  switch (type.kind) {
    case Kind::kAny:
    case Kind::kString:
    case Kind::kTimezone:
      return graph::Value(text);
    case Kind::kOneOf:
      if (std::ranges::find(type.choices, text) == type.choices.end()) return std::nullopt;
      return graph::Value(text);
    case Kind::kInteger:
    case Kind::kNumber:
      return parse_number(text, type.kind == Kind::kInteger);
    case Kind::kBoolean:
      if (text != "true" && text != "false") return std::nullopt;
      return graph::Value(text == "true");
    case Kind::kTimestamp:
    case Kind::kDate:
      return parse_time(text, type.kind);
    case Kind::kTimeOfDay: {
      const auto time = dsl::time_of_day_value(text);
      if (!time) return std::nullopt;
      return graph::Value(graph::TimeOfDay{time->minute});
    }
    case Kind::kDuration:
      if (const auto length = parse_length(text)) {
        return graph::Value(graph::Duration{0, 0, length->count});
      }
      return std::nullopt;
    case Kind::kList:
    case Kind::kObject:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string choice_form(const graph::Type& type) {
  std::string form = fmt::format("{}", graph::to_string(type));
  if (type.kind == Kind::kInteger || type.kind == Kind::kNumber) form += ", such as 5 or 5..19";
  if (type.kind == Kind::kTimestamp || type.kind == Kind::kDate) {
    form += ", such as 20d..40d after the entry";
  }
  return form;
}

void read_same(TableReader& table, simulate::Distribution& into) {
  std::string name;
  table.text("same_as", name);
  double share = kSame;
  table.number("same", share, 0, 1);
  if (name.empty()) return;
  const std::size_t dot = name.find('.');
  const std::string root = name.substr(0, dot);
  if (dot == name.npos || (root != "entry" && root != "user")) {
    return table.fail("same_as", "must name a field, such as \"entry.plan\" or \"user.plan\"");
  }
  std::erase_if(into.choices, [](const Choice& choice) {
    return std::holds_alternative<simulate::SameAs>(choice.what);
  });
  double others = 0;
  for (const Choice& choice : into.choices) others += choice.weight;
  if (share >= 1) into.choices.clear();
  const double weight = share >= 1 ? 1 : others * share / (1 - share);
  into.choices.push_back({weight, simulate::SameAs{root == "entry", name.substr(dot + 1)}});
}

}  // namespace sojourn::app
