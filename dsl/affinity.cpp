#include "dsl/affinity.h"

#include <fmt/core.h>
#include <string>
#include <utility>
#include <vector>

#include "dsl/types.h"
#include "graph/engagement.h"

namespace sojourn::dsl {
namespace {

using graph::Engagement;
using graph::ExprId;
using graph::Op;
using graph::Value;

constexpr base::Millis kWindow = base::days24(180);

// Makes the nodes of one place of the text, from left to right.
class Formula {
 public:
  Formula(ExpressionContext& context, Span span) : context_(context), span_(span) {}

  ExprId make(ExprId rest) {
    const ExprId sent = count(Engagement::kSent);
    const ExprId opened = count(Engagement::kOpened, of_our_messages());
    const ExprId clicked = count(Engagement::kClicked, of_our_messages());
    const ExprId unsubscribed = count(Engagement::kUnsubscribed);
    const ExprId complained = count(Engagement::kComplained);
    // In braces, so that every compiler makes the nodes in one order: it names a version.
    const ExprId ignored = both({at_least(sent, 10), is(opened, 0)});
    const ExprId noticed = either({at_least(clicked, 1), is_part(opened, 4, sent)});
    const ExprId followed = both({at_least(clicked, 3), is_part(opened, 2, sent)});
    const ExprId gone = either({at_least(unsubscribed, 1), at_least(complained, 1)});
    ExprId value = choose(ignored, "negative", rest);
    value = choose(noticed, "positive", value);
    value = choose(followed, "loyal", value);
    value = choose(below(sent, 3), "unscored", value);
    return choose(gone, "negative", value, fmt::format("user.{}", kAffinity));
  }

  ExprId text(std::string_view value) { return constant(Value(std::string(value))); }

 private:
  ExprId constant(Value value) { return context_.emit_constant(std::move(value), span_); }
  ExprId node(Op op, std::vector<ExprId> arguments) {
    return context_.emit(op, std::move(arguments), span_);
  }

  // Others of the project are told of, too, but not that they were sent: openings are weighed
  // against messages.
  ExprId of_our_messages() {
    graph::Expression message;
    message.op = Op::kEventField;
    message.name = std::string(graph::kMessageField);
    const ExprId field = context_.emit(std::move(message), span_);
    return node(Op::kIsSet, {field});
  }

  ExprId count(Engagement what, ExprId where = graph::kNoExpr) {
    graph::Expression question;
    question.op = Op::kCountEvents;
    question.name = graph::event_of(what).name;
    question.names = {fmt::format("{} any", graph::to_string(what))};
    question.window = {graph::Window::Kind::kWithin, kWindow, {}};
    if (where != graph::kNoExpr) question.arguments = {where};
    return context_.emit(std::move(question), span_);
  }
  ExprId compare(Op op, ExprId left, std::int64_t right) {
    const ExprId bound = constant(Value(right));
    return node(op, {left, bound});
  }
  ExprId at_least(ExprId left, std::int64_t n) { return compare(Op::kGreaterEqual, left, n); }
  ExprId below(ExprId left, std::int64_t n) { return compare(Op::kLess, left, n); }
  ExprId is(ExprId left, std::int64_t n) { return compare(Op::kEqual, left, n); }
  // `times` of `part` are as many as `whole`, or more.
  ExprId is_part(ExprId part, std::int64_t times, ExprId whole) {
    const ExprId factor = constant(Value(times));
    const ExprId product = node(Op::kMultiply, {part, factor});
    return node(Op::kGreaterEqual, {product, whole});
  }
  ExprId both(std::vector<ExprId> parts) { return node(Op::kAnd, std::move(parts)); }
  ExprId either(std::vector<ExprId> parts) { return node(Op::kOr, std::move(parts)); }
  ExprId choose(ExprId condition, std::string_view value, ExprId otherwise, std::string name = {}) {
    const ExprId then = text(value);
    graph::Expression choice;
    choice.op = Op::kIf;
    choice.arguments = {condition, then, otherwise};
    choice.name = std::move(name);
    return context_.emit(std::move(choice), span_);
  }

  ExpressionContext& context_;
  Span span_;
};

}  // namespace

Typed check_affinity(ExpressionContext& context, Span span) {
  graph::Type type = type_of(graph::Type::Kind::kOneOf);
  type.choices = {"loyal", "positive", "neutral", "negative", "unscored"};
  Formula formula(context, span);
  const ExprId neutral = formula.text("neutral");
  return {std::move(type), formula.make(neutral), true, {}};
}

Diagnostic affinity_is_computed(Span span, std::string_view done) {
  return diagnose(messages::kAffinityIsComputed, span, done)
      .help("it follows from what was sent, opened and clicked in the last 180 days");
}

}  // namespace sojourn::dsl
