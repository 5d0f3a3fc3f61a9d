// The policy: the lines that every journey stands under.
#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/check_declarations.h"
#include "dsl/check_expression.h"
#include "dsl/check_sending_rules.h"
#include "dsl/known_names.h"
#include "dsl/step_context.h"
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
  void operator()(const ast::QuietLine& line) { once("quiet " + line.scope.text); }
  void operator()(const ast::CapLine& line) { once("cap " + line.scope.text); }
  void operator()(const ast::HoldoutLine& line) {
    if (!declare(holdouts_, "the holdout", line.name, report_)) return;
    const auto share = check_holdout(line, span_, report_);
    if (share) world_.catalog.sending.holdouts.push_back({line.name.text, *share});
  }
  void operator()(const ast::KeepLine&) {}

 private:
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
  Places holdouts_;
};

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
  if (line.except) {
    world.policy.workdays.except =
        check_dates(line.except, "dates without work", graph::kMaxExceptedDays, context);
  }
}

// `places`: of the events that are kept already.
void check_keep(const ast::KeepLine& line, Span span, World& world, ExpressionContext& context,
                Places& places) {
  Report& report = context.report;
  if (find_event(world, line.event, report) == nullptr) return;
  const auto [first, is_new] = places.emplace(line.event.text, span);
  if (!is_new) {
    report.add(diagnose(messages::kDuplicateLine, report.first_line(span),
                        fmt::format("keep {}", line.event.text))
                   .note(report.first_line(first->second), "first given here"));
  }
  if (!line.duration || !is_new) return;
  const auto keep = check_elapsed(context, *line.duration, "`keep`");
  auto& events = world.catalog.events;
  std::ranges::find(events, line.event.text, &graph::EventType::name)->keep =
      keep.value_or(base::Millis{});
}

}  // namespace

void collect_policy(const ast::Policy& policy, World& world, Report& report) {
  PolicyCollector collector(world, report);
  for (const ast::PolicyLine& line : policy.lines) collector.collect(line);
}

void check_policy_values(const ast::Policy& policy, World& world, ExpressionContext& context) {
  graph::SendingRules& sending = world.catalog.sending;
  Places kept;
  for (const ast::PolicyLine& line : policy.lines) {
    if (const auto* keep = std::get_if<ast::KeepLine>(&line.node)) {
      check_keep(*keep, line.span, world, context, kept);
    } else if (const auto* deadline = std::get_if<ast::DeadlineLine>(&line.node)) {
      if (!deadline->duration) continue;
      const auto elapsed = check_elapsed(context, *deadline->duration, "a deadline");
      if (elapsed) sending.deadline = *elapsed;
    } else if (const auto* workdays = std::get_if<ast::WorkdaysLine>(&line.node)) {
      check_workdays(*workdays, world, context);
    } else if (const auto* quiet = std::get_if<ast::QuietLine>(&line.node)) {
      if (auto rule = check_quiet(*quiet, context)) sending.quiet.push_back(std::move(*rule));
    } else if (const auto* cap = std::get_if<ast::CapLine>(&line.node)) {
      if (auto rule = check_cap(*cap, context)) sending.caps.push_back(std::move(*rule));
    } else if (const auto* forbid = std::get_if<ast::ForbidLine>(&line.node)) {
      check_message_type_name(world, forbid->message_type, context.report);
    }
  }
}

}  // namespace sojourn::dsl
