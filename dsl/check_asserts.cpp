#include "dsl/check_asserts.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "dsl/check_expression.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kWhat = "an assert";

class AssertChecker {
 public:
  // What an assert says is no part of the journey, so its expressions get a pool of
  // their own, over the same entry fields.
  explicit AssertChecker(StepContext& context)
      : context_(context),
        expressions_(context.world, context.report, context.expressions.zones, pool_, spans_) {
    expressions_.entry = context.expressions.entry;
    pool_.entry_fields = context.graph.entry_fields;
  }

  // An assertion is made only of what could be read.
  std::optional<proof::Assertion> operator()(const ast::AssertAtMost& node);
  std::optional<proof::Assertion> operator()(const ast::AssertEndsWithin& node);
  std::optional<proof::Assertion> operator()(const ast::AssertNoSendAfter& node);
  std::optional<proof::Assertion> operator()(const ast::AssertReaches& node);
  template <typename Other>
  std::optional<proof::Assertion> operator()(const Other&) {
    return std::nullopt;
  }

  // Of `since STEP` in the conditions.
  const std::vector<ast::StepRef>& step_references() const { return expressions_.step_references; }
  // Of `opened STEP`, likewise.
  const std::vector<ast::StepRef>& send_references() const { return expressions_.send_references; }

 private:
  std::optional<proof::Target> target(const ast::Name& name) const;
  std::optional<std::uint32_t> count(const ast::Expr& expr);
  std::optional<base::Millis> stretch(const ast::Expr& expr);
  graph::ExprId condition(const ast::Trigger& trigger, const graph::EventType* event);

  StepContext& context_;
  graph::Graph pool_;
  std::vector<Span> spans_;
  ExpressionContext expressions_;
};

std::optional<proof::Target> AssertChecker::target(const ast::Name& name) const {
  if (!name) return proof::Target{};
  auto found = proof::find_target(context_.world.catalog, name.text);
  if (!found) {
    context_.report.add(
        diagnose(messages::kUnknownTarget, name.span, name.text)
            .label(suggestion(name.text, proof::target_names(context_.world.catalog))));
  }
  return found;
}

std::optional<std::uint32_t> AssertChecker::count(const ast::Expr& expr) {
  const auto value =
      check_literal(expressions_, expr, graph::Type::Kind::kInteger, "the count of an assert");
  if (!value) return std::nullopt;
  constexpr auto kMost = static_cast<std::int64_t>(proof::kMostCounted);
  if (value->as_integer() < 0 || value->as_integer() >= kMost) {
    context_.report.add(diagnose(messages::kOutOfRange, expr.span, "the count of an assert",
                                 "from 0 to " + std::to_string(kMost - 1)));
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(value->as_integer());
}

std::optional<base::Millis> AssertChecker::stretch(const ast::Expr& expr) {
  const auto length = check_elapsed(expressions_, expr, kWhat);
  if (length && length->count <= 0) {
    context_.report.add(
        diagnose(messages::kOutOfRange, expr.span, "the time of an assert", "more than nothing"));
    return std::nullopt;
  }
  return length;
}

graph::ExprId AssertChecker::condition(const ast::Trigger& trigger, const graph::EventType* event) {
  Scope scope;
  scope.user = true;
  scope.entry = true;
  scope.now = true;
  scope.place = "in an assert";
  scope.facts = expressions_.entry.facts;
  return check_trigger_condition(expressions_, scope, trigger, event, MessagesMeant::kOfEnrollment);
}

std::optional<proof::Assertion> AssertChecker::operator()(const ast::AssertAtMost& node) {
  const auto what = target(node.target);
  const auto most = node.count ? count(*node.count) : std::nullopt;
  const auto per = node.per ? stretch(*node.per) : std::nullopt;
  if (!what || !most || (node.per && !per)) return std::nullopt;
  return proof::AtMost{*what, *most, per};
}

std::optional<proof::Assertion> AssertChecker::operator()(const ast::AssertEndsWithin& node) {
  const auto limit = node.duration ? stretch(*node.duration) : std::nullopt;
  if (!limit) return std::nullopt;
  return proof::EndsWithin{*limit};
}

std::optional<proof::Assertion> AssertChecker::operator()(const ast::AssertNoSendAfter& node) {
  const auto what = target(node.target);
  const graph::EventType* event = check_trigger(context_.world, node.after, context_.report);
  proof::NoSendAfter assertion;
  assertion.event.where = condition(node.after, event);
  if (!what || event == nullptr) return std::nullopt;
  assertion.target = *what;
  assertion.event.event = event->name;
  assertion.event.expressions = pool_.expressions;
  return assertion;
}

std::optional<proof::Assertion> AssertChecker::operator()(const ast::AssertReaches& node) {
  context_.references.push_back(node.step);
  const auto& steps = context_.graph.steps;
  const auto found = std::ranges::find(steps, node.step.text, &graph::Step::identity);
  if (found == steps.end()) return std::nullopt;
  return proof::Reaches{static_cast<graph::StepIndex>(found - steps.begin())};
}

}  // namespace

std::vector<Assert> check_asserts(const ast::Journey& journey, StepContext& context) {
  std::vector<Assert> asserts;
  AssertChecker checker(context);
  for (const ast::Clause& clause : journey.clauses) {
    auto assertion = std::visit(checker, clause.node);
    if (assertion) asserts.push_back({clause.span, std::move(*assertion)});
  }
  const auto& asked = checker.step_references();
  context.references.insert(context.references.end(), asked.begin(), asked.end());
  auto& sends = context.expressions.send_references;
  sends.insert(sends.end(), checker.send_references().begin(), checker.send_references().end());
  return asserts;
}

}  // namespace sojourn::dsl
