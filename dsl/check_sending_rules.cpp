#include "dsl/check_sending_rules.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/known_names.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using graph::SendScope;

constexpr std::array<std::string_view, 7> kWeek{"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};
constexpr std::uint8_t kWholeWeek = 0b111'1111;

// Weekdays by their words; every other name is that of a list of dates.
void check_days(const ast::QuietLine& line, graph::QuietHours& rule, ExpressionContext& context) {
  for (const ast::Name& name : line.days) {
    const auto weekday = std::ranges::find(kWeek, name.text);
    if (weekday != kWeek.end()) {
      rule.weekdays = static_cast<std::uint8_t>(rule.weekdays | 1U << (weekday - kWeek.begin()));
    } else if (name) {
      const auto dates = check_dates(name, "quiet dates", graph::kMaxQuietDates, context);
      rule.dates.insert(rule.dates.end(), dates.begin(), dates.end());
    }
  }
  std::ranges::sort(rule.dates);
  const auto twice = std::ranges::unique(rule.dates);
  rule.dates.erase(twice.begin(), twice.end());
  if (rule.dates.size() > graph::kMaxQuietDates) {
    context.report.add(diagnose(messages::kTooMany, line.scope.span, "quiet dates",
                                static_cast<std::int64_t>(graph::kMaxQuietDates)));
  }
  if (rule.weekdays != kWholeWeek) return;
  context.report.add(diagnose(messages::kOutOfRange, line.days.back().span,
                              "the quiet days of a week", "six at most"));
  rule.weekdays = 0;
}

// `N per D`, N at most `limit`.
std::optional<graph::CapRate> check_rate(const ast::Rate& rate, std::string_view what,
                                         std::uint32_t limit, ExpressionContext& context) {
  if (!rate.count || !rate.per) return std::nullopt;
  const auto most = check_count(context, *rate.count, what, 1, std::int64_t{limit});
  const auto per = check_elapsed(context, *rate.per, "`per`");
  if (!most || !per) return std::nullopt;
  if (per->count <= 0) {
    context.report.add(
        diagnose(messages::kOutOfRange, rate.per->span, "`per`", "more than nothing"));
    return std::nullopt;
  }
  return graph::CapRate{static_cast<std::uint32_t>(*most), *per};
}

std::optional<base::Millis> check_defer(const ast::ExprPtr& limit, ExpressionContext& context) {
  return limit ? check_elapsed(context, *limit, "`defer up to`") : std::nullopt;
}

}  // namespace

std::vector<graph::Date> check_dates(const ast::Name& name, std::string_view what,
                                     std::size_t limit, ExpressionContext& context) {
  const auto& constants = context.world.constants;
  const auto constant = constants.find(name.text);
  if (constant == constants.end()) {
    context.report.add(
        diagnose(messages::kUnknownName, name.span, name.text)
            .label(suggestion(name.text, names_of(constants)))
            .help("name a top-level `let` that is a list of dates: `let holidays = [2026-12-25]`"));
    return {};
  }
  const Typed typed = check_constant(context, *constant->second);
  if (!typed.known) return {};
  const bool are_dates = typed.type.kind == graph::Type::Kind::kList && typed.type.element &&
                         typed.type.element->kind == graph::Type::Kind::kDate;
  if (!are_dates) {
    context.report.add(
        diagnose(messages::kTypeMismatch, name.span, "a list of dates", quoted(typed.type)));
    return {};
  }
  std::vector<graph::Date> dates;
  for (const graph::ExprId item : context.graph.expressions[typed.id].arguments) {
    dates.push_back(context.graph.expressions[item].constant.as_date());
  }
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  if (dates.size() <= limit) return dates;
  context.report.add(
      diagnose(messages::kTooMany, name.span, what, static_cast<std::int64_t>(limit)));
  return {};
}

std::optional<graph::QuietHours> check_quiet(const ast::QuietLine& line,
                                             ExpressionContext& context) {
  const auto scope = check_send_scope(context.world, line.scope, context.report);
  const auto from = line.from ? check_time_of_day(context, *line.from) : std::nullopt;
  const auto to = line.to ? check_time_of_day(context, *line.to) : std::nullopt;
  const auto up_to = check_defer(line.defer_up_to, context);
  const bool is_empty = from && to && *from == *to;
  if (is_empty) {
    context.report.add(diagnose(messages::kEmptyWindow, line.to->span, to_string(*from))
                           .help("the end is not part of the range; name days for whole days"));
  }
  graph::QuietHours rule;
  check_days(line, rule, context);
  if (!scope || !from || !to || is_empty || !up_to) return std::nullopt;
  rule.scope = *scope;
  rule.from = *from;
  rule.to = *to;
  rule.defer_up_to = *up_to;
  return rule;
}

std::optional<graph::SendCap> check_cap(const ast::CapLine& line, ExpressionContext& context) {
  const auto scope = check_send_scope(context.world, line.scope, context.report);
  const auto up_to = check_defer(line.defer_up_to, context);
  graph::SendCap cap;
  for (const ast::Rate& rate : line.rates) {
    const auto checked = check_rate(rate, "the number of a cap", graph::kMaxCappedSends, context);
    if (checked) cap.rates.push_back(*checked);
  }
  if (!scope || !up_to || cap.rates.empty()) return std::nullopt;
  cap.scope = *scope;
  cap.defer_up_to = *up_to;
  return cap;
}

std::optional<graph::Pace> check_pace(const ast::PaceClause& node, ExpressionContext& context) {
  const auto rate = check_rate(node.rate, "the number of a pace", graph::kMaxPace, context);
  graph::Pace pace;
  if (node.up_to) pace.up_to = check_elapsed(context, *node.up_to, "`up to`");
  if (!rate) return std::nullopt;
  pace.most = rate->most;
  pace.per = rate->per;
  return pace;
}

std::optional<std::uint32_t> check_holdout(const ast::HoldoutLine& line, Span place,
                                           Report& report) {
  constexpr std::int64_t kEverybody = 10'000;
  const std::int64_t share = line.share.basis_points;
  if (share > 0 && share < kEverybody) return static_cast<std::uint32_t>(share);
  if (!report.has_syntax_fault(place)) {
    report.add(
        diagnose(messages::kOutOfRange, place, "a holdout", "more than 0% and less than 100%"));
  }
  return std::nullopt;
}

}  // namespace sojourn::dsl
