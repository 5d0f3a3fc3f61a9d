#include "proof/own_messages.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "graph/engagement.h"
#include "graph/graph.h"
#include "graph/operation.h"
#include "graph/walk.h"

namespace sojourn::proof {
namespace {

using base::Millis;
using graph::ExprId;
using graph::Op;
using graph::StepIndex;
using Kind = Target::Kind;

void keep_both(std::vector<bool>& sends, const std::vector<bool>& others) {
  for (std::size_t i = 0; i < sends.size(); ++i) sends[i] = sends[i] && others[i];
}

bool is_own(const graph::Expression& node) {
  return graph::asks_history(node.op) && node.window.kind == graph::Window::Kind::kThisEnrollment;
}

bool is_constant(const graph::Expression& node, graph::Value::Kind kind) {
  return node.op == Op::kConstant && node.constant.kind() == kind;
}

// A way's longest time, a send's taken as none.
Millis usual_most(const graph::Graph& graph, const TimedGraph& timed, const Way& way) {
  const graph::Step& step = graph.steps[timed.places[way.from].step];
  if (std::holds_alternative<graph::Send>(step.action)) return Millis{0};
  return way.only_least ? kForever : way.delay.most;
}

}  // namespace

OwnMessages::OwnMessages(const graph::Graph& graph, const graph::Catalog& catalog)
    : graph_(graph), messages_(graph, catalog) {}

std::vector<ExprId> OwnMessages::questions_of(ExprId condition) const {
  std::vector<ExprId> found;
  std::vector<ExprId> open{condition};
  while (!open.empty()) {
    const graph::Expression& node = graph_.expressions[open.back()];
    if (is_own(node)) found.push_back(open.back());
    open.pop_back();
    if (!is_own(node)) open.insert(open.end(), node.arguments.rbegin(), node.arguments.rend());
  }
  return found;
}

std::vector<bool> OwnMessages::meant_by(ExprId where) const {
  std::vector<bool> sends = messages_.counted({});
  if (where != graph::kNoExpr) narrow(where, sends);
  return sends;
}

void OwnMessages::keep(const Target& target, std::vector<bool>& sends) const {
  keep_both(sends, messages_.counted(target));
}

void OwnMessages::keep_field(std::string_view field, const std::string& value,
                             std::vector<bool>& sends) const {
  if (field == graph::kCampaignField) keep({Kind::kCampaign, value}, sends);
  if (field == graph::kMessageTypeField) keep({Kind::kMessageType, value}, sends);
  if (field == graph::kMediumField) keep({Kind::kMedium, value}, sends);
  if (field != graph::kStepField) return;
  for (StepIndex i = 0; i < sends.size(); ++i) {
    sends[i] = sends[i] && graph_.steps[i].identity == value;
  }
}

void OwnMessages::keep_types(const graph::Expression& types, std::vector<bool>& sends) const {
  std::vector<bool> any(sends.size(), false);
  for (const graph::Value& type : types.constant.as_list()) {
    if (type.kind() != graph::Value::Kind::kString) return;
    const std::vector<bool> of_type = messages_.counted({Kind::kMessageType, type.as_string()});
    for (std::size_t i = 0; i < any.size(); ++i) any[i] = any[i] || of_type[i];
  }
  keep_both(sends, any);
}

// `event.message` is one that `asked` names: of the enrollment's last, or of any, for which
// the condition inside holds.
void OwnMessages::keep_message(ExprId asked, std::vector<bool>& sends) const {
  const graph::Expression* node = &graph_.expressions[asked];
  if (node->op == Op::kMember) node = &graph_.expressions[node->arguments[0]];
  if (!is_own(*node)) return;
  const ExprId where = graph::condition_of(*node);
  if (where != graph::kNoExpr) narrow(where, sends);
}

// What it does not know leaves the sends as they are.
void OwnMessages::narrow(ExprId condition, std::vector<bool>& sends) const {
  const graph::Expression& node = graph_.expressions[condition];
  if (node.op == Op::kAnd) {
    for (const ExprId part : node.arguments) narrow(part, sends);
    return;
  }
  if (node.op != Op::kEqual && node.op != Op::kContains) return;
  const bool is_equal = node.op == Op::kEqual;
  const graph::Expression& field = graph_.expressions[node.arguments[is_equal ? 0 : 1]];
  const ExprId other = node.arguments[is_equal ? 1 : 0];
  const graph::Expression& value = graph_.expressions[other];
  if (field.op != Op::kEventField) return;
  if (field.name == graph::kMessageField) return keep_message(other, sends);
  using ValueKind = graph::Value::Kind;
  if (is_equal && is_constant(value, ValueKind::kString)) {
    keep_field(field.name, value.constant.as_string(), sends);
  }
  const bool is_type = field.name == graph::kMessageTypeField;
  if (!is_equal && is_type && is_constant(value, ValueKind::kList)) keep_types(value, sends);
}

bool OwnMessages::may_look_at(std::size_t count) const {
  looks_ = std::min(looks_ + count, kMostLooks + 1);
  return looks_ <= kMostLooks;
}

bool OwnMessages::may_be_sent_before(const std::vector<bool>& sends, StepIndex step) const {
  if (!may_look_at(graph_.steps.size())) return true;
  std::vector<bool> seen(graph_.steps.size(), false);
  std::vector<StepIndex> open;
  const auto come_to = [&](StepIndex to) {
    if (to == graph::kCompleted || seen[to]) return;
    seen[to] = true;
    open.push_back(to);
  };
  for (StepIndex i = 0; i < sends.size(); ++i) {
    if (sends[i]) come_to(std::get<graph::Send>(graph_.steps[i].action).next);
  }
  while (!open.empty()) {
    const StepIndex at = open.back();
    open.pop_back();
    if (at == step) return true;
    for (const graph::Edge& edge : graph::edges_of(graph_.steps[at])) come_to(edge.to);
  }
  return false;
}

std::optional<Millis> OwnMessages::longest_since(const std::vector<bool>& sends,
                                                 StepIndex step) const {
  if (!may_be_sent_before(sends, step)) return std::nullopt;
  if (!timed_) timed_ = timed_graph(graph_);
  const std::optional<TimedGraph>& timed = *timed_;
  if (!timed || timed->has_cycle || !may_look_at(timed->places.size())) return kForever;
  std::vector<std::optional<Millis>> since(timed->places.size());
  std::optional<Millis> longest;
  for (PlaceIndex place = 0; place < timed->places.size(); ++place) {
    const StepIndex at = timed->places[place].step;
    if (at == graph::kCompleted) continue;
    if (at == step && since[place]) longest = std::max(longest, since[place]);
    for (const Way& way : timed->ways_of(place)) {
      std::optional<Millis> then;
      if (way.sent && sends[at]) then = Millis{0};
      if (since[place]) then = plus(*since[place], usual_most(graph_, *timed, way));
      since[way.to] = std::max(since[way.to], then);
    }
  }
  return longest;
}

}  // namespace sojourn::proof
