#include "dsl/engagement.h"

#include <algorithm>
#include <fmt/core.h>
#include <optional>
#include <utility>

#include "graph/engagement.h"
#include "proof/target.h"

namespace sojourn::dsl {
namespace {

using graph::ExprId;
using graph::Op;
using graph::Value;
using graph::Window;
using TargetKind = proof::Target::Kind;

constexpr std::string_view kAny = "any";

// What stands behind the verb: all messages, those of a target, or those of a send step.
struct Messages {
  std::optional<proof::Target> target;
  std::string step;  // its identity; empty: none
};

// Makes the nodes, all at one place of the text.
class Nodes {
 public:
  Nodes(ExpressionContext& context, Span span) : context_(context), span_(span) {}

  ExprId constant(Value value) const { return context_.emit_constant(std::move(value), span_); }
  ExprId field(std::string_view name) const {
    graph::Expression node;
    node.op = Op::kEventField;
    node.name = std::string(name);
    return context_.emit(std::move(node), span_);
  }
  ExprId field_is(std::string_view name, std::string value) const {
    return both(Op::kEqual, {field(name), constant(Value(std::move(value)))});
  }
  // In braces, so that the operands are made from left to right by every compiler: their
  // order is part of what names a version.
  ExprId both(Op op, std::vector<ExprId> operands) const {
    return context_.emit(op, std::move(operands), span_);
  }

  // `op` of the user's `sent` events in the window for which `where` holds.
  ExprId sent(Op op, std::vector<ExprId> arguments, ExprId where, Window::Kind window,
              std::string words) const {
    graph::Expression node;
    node.op = op;
    node.name = graph::event_of(graph::Engagement::kSent).name;
    node.arguments = std::move(arguments);
    if (where != graph::kNoExpr) node.arguments.push_back(where);
    node.window.kind = window;
    node.names = {std::move(words)};
    return context_.emit(std::move(node), span_);
  }

  ExprId message_of_last(ExprId where, std::string words) const {
    graph::Expression node;
    node.op = Op::kMember;
    node.name = std::string(graph::kMessageField);
    node.arguments = {
        sent(Op::kLastEvent, {}, where, Window::Kind::kThisEnrollment, std::move(words))};
    return context_.emit(std::move(node), span_);
  }

  ExprId among_messages(ExprId where, Window::Kind window, std::string words) const {
    const ExprId list =
        sent(Op::kListEvents, {field(graph::kMessageField)}, where, window, std::move(words));
    return both(Op::kContains, {list, field(graph::kMessageField)});
  }

 private:
  ExpressionContext& context_;
  Span span_;
};

std::string name_of(const ExpressionContext& context, const ast::Engagement& engagement) {
  const auto given = context.campaigns.find(engagement.target.text);
  return given == context.campaigns.end() ? engagement.target.text : given->second;
}

// A name that is none of the catalog's is a send step of the journey, which is looked
// up when all steps are known.
std::optional<Messages> find_messages(ExpressionContext& context, const Scope& scope,
                                      const ast::Engagement& engagement) {
  const ast::Name& name = engagement.target;
  if (!name) return std::nullopt;
  if (name.text == kAny) return Messages{};
  Messages out;
  out.target = proof::find_target(context.world.catalog, name_of(context, engagement));
  if (out.target) return out;
  if (!scope.entry) {
    context.report.add(
        diagnose(messages::kUnknownTarget, name.span, name.text)
            .label(suggestion(name.text, proof::target_names(context.world.catalog))));
    return std::nullopt;
  }
  out.step = name.text;
  context.send_references.push_back({name.text, name.span});
  return out;
}

// The condition on an event of the message itself.
ExprId is_about(const ExpressionContext& context, const Nodes& nodes, const Messages& meant) {
  if (!meant.step.empty()) return nodes.field_is(graph::kStepField, meant.step);
  if (!meant.target) return graph::kNoExpr;
  switch (meant.target->kind) {
    case TargetKind::kCampaign:
      return nodes.field_is(graph::kCampaignField, meant.target->name);
    case TargetKind::kMessageType:
      return nodes.field_is(graph::kMessageTypeField, meant.target->name);
    case TargetKind::kMedium:
      return nodes.field_is(graph::kMediumField, meant.target->name);
    case TargetKind::kMarketing: {
      graph::List types;
      for (const graph::MessageType& type : context.world.catalog.message_types) {
        if (type.marketing) types.emplace_back(type.name);
      }
      std::ranges::sort(types, {}, [](const Value& type) { return type.as_string(); });
      const ExprId list = nodes.constant(Value(std::move(types)));
      return nodes.both(Op::kContains, {list, nodes.field(graph::kMessageTypeField)});
    }
    case TargetKind::kAll:
      break;
  }
  return graph::kNoExpr;
}

}  // namespace

const graph::EventType& event_of(const ast::Engagement& engagement) {
  // In one order in both.
  return graph::event_of(static_cast<graph::Engagement>(engagement.verb));
}

std::string words_of(const ExpressionContext& context, const ast::Engagement& engagement) {
  return fmt::format("{} {}", graph::told(event_of(engagement).name), name_of(context, engagement));
}

ExprId check_engagement(ExpressionContext& context, const Scope& scope,
                        const ast::Engagement& engagement, MessagesMeant meant) {
  if (meant != MessagesMeant::kOfUser && !scope.entry) {
    context.report.add(diagnose(messages::kNotHere, engagement.verb_span,
                                words_of(context, engagement), scope.place)
                           .help("say `within D` or `ever`: then it is about any message that "
                                 "this user has been sent"));
    return graph::kNoExpr;
  }
  const auto messages = find_messages(context, scope, engagement);
  if (!messages) return graph::kNoExpr;
  const Nodes nodes(context, engagement.target.span);
  const ExprId about = is_about(context, nodes, *messages);
  const std::string sent = fmt::format("sent {}", name_of(context, engagement));
  switch (meant) {
    case MessagesMeant::kLatest:
      return nodes.both(Op::kEqual,
                        {nodes.field(graph::kMessageField), nodes.message_of_last(about, sent)});
    case MessagesMeant::kOfEnrollment:
      return nodes.among_messages(about, Window::Kind::kThisEnrollment, sent);
    case MessagesMeant::kOfUser:
      break;
  }
  if (messages->step.empty()) return about;
  const ExprId of_journey = nodes.field_is(graph::kJourneyField, context.graph.journey);
  return nodes.among_messages(nodes.both(Op::kAnd, {about, of_journey}), Window::Kind::kAll, sent);
}

}  // namespace sojourn::dsl
