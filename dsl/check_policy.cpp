// The policy: the lines that every journey stands under.
#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/check_declarations.h"
#include "dsl/check_expression.h"
#include "dsl/types.h"
#include "graph/verify.h"

namespace sojourn::dsl {
namespace {

// What `require` can ask a journey for.
constexpr std::array<std::string_view, 3> kRequirable = {"owner", "exit", "goal"};

class PolicyCollector {
 public:
  PolicyCollector(World& world, Report& report) : world_(world), report_(report) {}

  void collect(const ast::PolicyLine& line) {
    span_ = line.span;
    std::visit(*this, line.node);
  }

  void operator()(const ast::Invalid&) {}
  void operator()(const ast::TimezoneLine& line) {
    if (once("timezone")) world_.policy.timezone = line.chain.get();
  }
  void operator()(const ast::RequireLine& line) {
    if (!once("require")) return;
    for (const ast::Name& clause : line.clauses) require(clause);
  }
  void operator()(const ast::ForbidLine& line) {
    if (!line.message_type) return;
    world_.policy.forbidden.emplace(line.message_type.text, &line);
  }
  void operator()(const ast::DeadlineLine&) { once("deadline"); }
  void operator()(const ast::WorkdaysLine&) { once("workdays"); }
  void operator()(const ast::QuietLine&) { later("`quiet`"); }
  void operator()(const ast::CapLine&) { later("`cap`"); }
  void operator()(const ast::HoldoutLine&) { later("`holdout`"); }
  void operator()(const ast::KeepLine&) { later("`keep`"); }

 private:
  void later(std::string_view what) { report_.not_carried_out(span_, what); }

  bool once(const std::string& word) {
    const auto [first, is_new] = seen_.emplace(word, span_);
    if (!is_new) {
      report_.add(diagnose(messages::kDuplicateLine, report_.first_line(span_), word)
                      .note(report_.first_line(first->second), "first given here"));
    }
    return is_new;
  }

  void require(const ast::Name& clause) {
    const std::vector<std::string_view> known(kRequirable.begin(), kRequirable.end());
    for (const std::string_view word : known) {
      if (word == clause.text) {
        world_.policy.require.push_back(clause);
        return;
      }
    }
    if (!clause) return;
    report_.add(diagnose(messages::kUnknownClause, clause.span, clause.text)
                    .label(suggestion(clause.text, known))
                    .help("it can require `owner`, `exit` and `goal`"));
  }

  World& world_;
  Report& report_;
  Span span_;
  Places seen_;
};

void check_forbidden(const ast::ForbidLine& line, const World& world, Report& report) {
  const ast::Name& type = line.message_type;
  if (!type || world.message_types.contains(type.text)) return;
  report.add(diagnose(messages::kUnknownMessageType, type.span, type.text)
                 .label(suggestion(type.text, names_of(world.message_types))));
}

// The dates of a `let` that is a list of them.
std::vector<graph::Date> check_dates(const ast::Name& name, const World& world,
                                     ExpressionContext& context) {
  const auto constant = world.constants.find(name.text);
  if (constant == world.constants.end()) {
    context.report.add(
        diagnose(messages::kUnknownName, name.span, name.text)
            .label(suggestion(name.text, names_of(world.constants)))
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
  if (dates.size() <= graph::kMaxExceptedDays) return dates;
  context.report.add(diagnose(messages::kTooMany, name.span, "dates without work",
                              static_cast<std::int64_t>(graph::kMaxExceptedDays)));
  return {};
}

// From one weekday to another, both in; the week goes round.
std::uint8_t weekdays_between(int first, int last) {
  std::uint8_t days = 0;
  for (int day = first;; day = day % 7 + 1) {
    days = static_cast<std::uint8_t>(days | 1U << (day - 1));
    if (day == last) return days;
  }
}

void check_workdays(const ast::WorkdaysLine& line, World& world, ExpressionContext& context) {
  if (line.from.weekday == 0 || line.to.weekday == 0) return;
  world.policy.workdays.weekdays = weekdays_between(line.from.weekday, line.to.weekday);
  if (line.except) world.policy.workdays.except = check_dates(line.except, world, context);
}

}  // namespace

void collect_policy(const ast::Policy& policy, World& world, Report& report) {
  PolicyCollector collector(world, report);
  for (const ast::PolicyLine& line : policy.lines) collector.collect(line);
}

void check_policy_values(const ast::Policy& policy, World& world, ExpressionContext& context) {
  for (const ast::PolicyLine& line : policy.lines) {
    if (const auto* deadline = std::get_if<ast::DeadlineLine>(&line.node)) {
      if (!deadline->duration) continue;
      const auto elapsed = check_elapsed(context, *deadline->duration, "a deadline");
      if (elapsed) world.policy.deadline = *elapsed;
    } else if (const auto* workdays = std::get_if<ast::WorkdaysLine>(&line.node)) {
      check_workdays(*workdays, world, context);
    } else if (const auto* forbid = std::get_if<ast::ForbidLine>(&line.node)) {
      check_forbidden(*forbid, world, context.report);
    }
  }
}

}  // namespace sojourn::dsl
