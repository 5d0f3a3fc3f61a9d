#include "dsl/check_test.h"

#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/check_expression.h"
#include "dsl/known_names.h"
#include "dsl/step_context.h"
#include "dsl/test_context.h"

namespace sojourn::dsl {
namespace {

// Chooses the check of each line.
class Lines {
 public:
  explicit Lines(TestContext& context) : context_(context) {}

  void take(const ast::TestLine& line) {
    span_ = line.span;
    std::visit(*this, line.node);
  }

  void operator()(const ast::Invalid&) {}
  // All `case` rows have been read at the beginning.
  void operator()(const ast::CaseLine&) {
    if (past_head_) too_late("case", "all other lines");
  }
  void operator()(const ast::AtLine& line);
  void operator()(const ast::UserLine& line);
  void operator()(const ast::SubscribedLine& line) {
    past_head_ = true;
    if (check_message_type_name(context_.world, line.message_type, context_.report)) {
      add(GivenConsent{line.subscribed, line.message_type.text});
    }
  }
  void operator()(const ast::AssignLine& line) {
    past_head_ = true;
    add(check_assigned_arm(context_, line));
  }
  void operator()(const ast::EventLine& line);
  void operator()(const ast::UpdateLine& line) {
    begin();
    add(ProfileIsUpdated{check_test_profile(context_, line.fields)});
  }
  void operator()(const ast::AfterLine& line) {
    pass(TimePasses::Kind::kAfter, line.duration.get(), graph::Type::Kind::kDuration, "`after`");
  }
  void operator()(const ast::UntilLine& line) {
    pass(TimePasses::Kind::kUntil, line.moment.get(), graph::Type::Kind::kTimestamp, "`until`");
  }
  void operator()(const ast::ToTheEndLine&) {
    begin();
    add(TimePasses{TimePasses::Kind::kToTheEnd, graph::kNoExpr});
  }
  void operator()(const ast::AlwaysAtMost& line) { always(line); }
  void operator()(const ast::AlwaysNotSend& line) { always(line); }
  void operator()(const ast::EngagementLine& line) {
    begin();
    add(check_engages(context_, line));
  }
  void operator()(const ast::ReplyLine& line);
  void operator()(const ast::ListLine& line) {
    begin();
    if (check_list_name(context_.world, line.list, context_.report)) {
      add(ListChanges{line.joined, line.list.text});
    }
  }
  void operator()(const ast::EnterLine& line);
  template <typename Expectation>
  void operator()(const Expectation& line) {
    past_head_ = true;
    add(check_expectation(context_, line));
  }

  bool has_start() const { return start_.has_value(); }

 private:
  void add(TestAction action) {
    context_.plan.lines.push_back({context_.report.first_line(span_), std::move(action)});
  }
  void too_late(std::string_view word, std::string_view what) {
    Report& report = context_.report;
    report.add(diagnose(messages::kLineTooLate, report.first_line(span_), word, what));
  }
  bool once(std::optional<Span>& seen, std::string_view word);
  void begin() {
    past_head_ = true;
    context_.has_begun = true;
  }
  void pass(TimePasses::Kind kind, const ast::Expr* amount, graph::Type::Kind type,
            std::string_view needer);
  template <typename Line>
  void always(const Line& line) {
    past_head_ = true;
    if (context_.has_begun) too_late("always", "the first event");
    add(check_always(context_, line));
  }

  TestContext& context_;
  Span span_;
  bool past_head_ = false;
  std::optional<Span> start_;
  std::optional<Span> user_;
};

bool Lines::once(std::optional<Span>& seen, std::string_view word) {
  past_head_ = true;
  Report& report = context_.report;
  const Span place = report.first_line(span_);
  if (seen) {
    report.add(diagnose(messages::kDuplicateLine, place, word).note(*seen, "first given here"));
    return false;
  }
  seen = place;
  return true;
}

void Lines::operator()(const ast::ReplyLine& line) {
  begin();
  CallIsAnswered answer{line.webhook.text, {}, line.fail};
  const graph::Webhook* webhook = context_.world.catalog.find_webhook(line.webhook.text);
  if (webhook == nullptr) {
    if (!line.webhook) return;
    context_.report.add(
        diagnose(messages::kUnknownWebhook, line.webhook.span, line.webhook.text)
            .label(suggestion(line.webhook.text, names_of(context_.world.webhooks))));
    return;
  }
  if (line.fields) {
    answer.reply = check_test_data(context_, &*line.fields, webhook->returns, "webhook",
                                   webhook->name, false, line.fields->span);
  }
  add(std::move(answer));
}

void Lines::operator()(const ast::AtLine& line) {
  if (!once(start_, "at")) return;
  if (context_.has_begun) too_late("at", "the first event");
  if (!line.moment) return;
  context_.plan.start =
      check_test_value(context_, *line.moment, graph::Type::Kind::kTimestamp, "`at`");
  const graph::Value& value = context_.plan.values.expressions[context_.plan.start].constant;
  if (value.kind() == graph::Value::Kind::kTimestamp) context_.earliest = value.as_timestamp();
}

void Lines::operator()(const ast::UserLine& line) {
  if (!once(user_, "user")) return;
  if (context_.has_begun) {
    Report& report = context_.report;
    report.add(diagnose(messages::kLineTooLate, report.first_line(span_), "user", "the first event")
                   .help("a profile that changes later is written `update { … }`"));
  }
  add(GivenProfile{check_test_profile(context_, line.fields)});
}

void Lines::operator()(const ast::EventLine& line) {
  begin();
  EventArrives out;
  out.event = line.event.text;
  out.for_other_users = line.for_other_users;
  const graph::EventType* event = find_event(context_.world, line.event, context_.report);
  if (event != nullptr) {
    out.fields = check_test_data(context_, line.fields ? &*line.fields : nullptr, event->fields,
                                 "event", event->name, true, span_);
  }
  if (line.late_by) {
    out.late_by = check_test_value(context_, *line.late_by, graph::Type::Kind::kDuration,
                                   "`arrives late by`");
  }
  add(std::move(out));
}

void Lines::operator()(const ast::EnterLine& line) {
  begin();
  EntersByApi out;
  out.journey = line.journey.text;
  const graph::EventType* entry = find_api_entry(context_.world, line.journey, context_.report);
  if (entry != nullptr) {
    out.fields = check_test_data(context_, line.fields ? &*line.fields : nullptr, entry->fields,
                                 "journey", out.journey, true, span_);
  }
  add(std::move(out));
}

void Lines::pass(TimePasses::Kind kind, const ast::Expr* amount, graph::Type::Kind type,
                 std::string_view needer) {
  begin();
  if (amount == nullptr) return;
  const TimePasses out{kind, check_test_value(context_, *amount, type, needer)};
  follow_time(context_, out, span_);
  add(out);
}

void check_lines(TestContext& context, const ast::Declaration& declaration, const ast::Test& test) {
  std::vector<const ast::CaseLine*> rows;
  for (const ast::TestLine& line : test.lines) {
    if (const auto* row = std::get_if<ast::CaseLine>(&line.node)) rows.push_back(row);
  }
  check_test_cases(context, rows);
  Lines lines(context);
  for (const ast::TestLine& line : test.lines) lines.take(line);
  if (lines.has_start() || context.report.has_syntax_fault(declaration.span)) return;
  context.report.add(diagnose(messages::kStartNeeded, declaration.head)
                         .help("add a line such as `at 2026-03-01T09:00Z`"));
}

}  // namespace

TestPlan check_test(const ast::Declaration& declaration, const World& world,
                    const SoundJourneys& journeys, calendar::ZoneSource& zones, Report& report) {
  const auto& test = std::get<ast::Test>(declaration.node);
  TestPlan plan;
  plan.journey = test.journey.text;
  plan.title = test.title.text;
  plan.place = declaration.head;
  std::vector<Span> spans;
  ExpressionContext expressions(world, report, zones, plan.values, spans);
  const auto sound = journeys.find(plan.journey);
  TestContext context{.expressions = expressions,
                      .world = world,
                      .report = report,
                      .journeys = journeys,
                      .journey = sound == journeys.end() ? nullptr : sound->second,
                      .plan = plan,
                      .has_begun = false,
                      .earliest = {}};
  check_journey_name(world, test.journey, report);
  check_lines(context, declaration, test);
  return plan;
}

}  // namespace sojourn::dsl
