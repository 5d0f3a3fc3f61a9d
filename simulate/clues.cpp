#include "simulate/clues.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "graph/operation.h"
#include "graph/walk.h"

namespace sojourn::simulate {
namespace {

using graph::Expression;
using graph::ExprId;
using graph::Op;

bool is_comparison(Op op) {
  return (op >= Op::kEqual && op <= Op::kEndsWith) || op == Op::kDaysBetween;
}

// What keeps a field's value recognisable: a constant beside it says something about
// the field.
bool keeps_value(Op op) {
  return op == Op::kDefault || op == Op::kLower || op == Op::kUpper || op == Op::kTrim ||
         op == Op::kRound || op == Op::kFloor || op == Op::kCeil;
}

class Reader {
 public:
  explicit Reader(const graph::Graph& graph) : graph_(graph) {
    for (const graph::EventEntry& entry : graph.entries) clues_.entries.insert(entry.event);
    for (const graph::Step& step : graph.steps) note_locals(step);
  }

  Clues read() {
    for (const graph::EventEntry& entry : graph_.entries) read(entry.where, entry.event);
    for (const graph::WatchedEntry& watched : graph_.watched) {
      std::visit([&](const auto& rule) { read(rule); }, watched.rule);
    }
    for (const ExprId id : graph_.one_per) read(id, {});
    for (const ExprId id : graph_.zone_chain) read(id, {});
    for (const auto& rule : graph_.exits) {
      if (const auto* on_event = std::get_if<graph::ExitOnEvent>(&rule)) {
        clues_.exits.insert(on_event->event);
        read(on_event->where, on_event->event);
      } else {
        in_exit_ = true;
        read_standing(std::get<graph::ExitWhen>(rule).condition);
        in_exit_ = false;
      }
    }
    for (const graph::Goal& goal : graph_.goals) {
      clues_.exits.insert(goal.event);
      read(goal.where, goal.event);
      read(goal.value, goal.event);
    }
    for (const graph::Step& step : graph_.steps) read(step);
    return std::move(clues_);
  }

 private:
  // A local is a `let`, an event that ended a wait, or a webhook's reply.
  void note_locals(const graph::Step& step) {
    if (const auto* let = std::get_if<graph::Let>(&step.action)) lets_[let->slot] = let->value;
    const auto* call = std::get_if<graph::Call>(&step.action);
    if (call != nullptr && call->bind) bound_[*call->bind] = reply_of(call->webhook);
    const auto* wait = std::get_if<graph::WaitFor>(&step.action);
    if (wait == nullptr) return;
    for (const auto& arm : wait->arms) {
      const auto* event = std::get_if<graph::EventArm>(&arm);
      if (event != nullptr && event->bind) bound_[*event->bind] = event->event;
    }
  }

  void read(const graph::DateEntry& rule) { read(rule.date, {}); }
  void read(const graph::WhenEntry& rule) { read_standing(rule.condition); }
  void read(const graph::ScheduleEntry& rule) { read(rule.condition, {}); }
  void read(const graph::OneTimeEntry& rule) { read(rule.condition, {}); }

  void read(const graph::Step& step) {
    if (const auto* collect = std::get_if<graph::Collect>(&step.action)) {
      clues_.questions.insert(collect->event);
      return read(collect->where, collect->event);
    }
    const auto* wait = std::get_if<graph::WaitFor>(&step.action);
    if (wait == nullptr) {
      for (const ExprId id : graph::expressions_of(step)) read(id, {});
      return;
    }
    for (const auto& arm : wait->arms) {
      if (const auto* event = std::get_if<graph::EventArm>(&arm)) {
        base::Millis& longest = clues_.waits[event->event];
        longest = std::max(longest, wait->up_to);
        read(event->where, event->event);
      } else {
        read_standing(std::get<graph::ConditionArm>(arm).condition);
      }
    }
  }

  void read_standing(ExprId id) {
    const bool outer = std::exchange(standing_, true);
    read(id, {});
    standing_ = outer;
  }

  // `event` is the one at hand, or empty.
  void read(ExprId id, const std::string& event) {
    if (id == graph::kNoExpr) return;
    const Expression& node = graph_.expressions[id];
    if (graph::asks_history(node.op)) {
      clues_.questions.insert(node.name);
      for (const ExprId argument : node.arguments) read(argument, node.name);
      return;
    }
    if (node.op == Op::kInList) clues_.lists.insert(node.name);
    if (node.op == Op::kSubscribedTo) clues_.message_types.insert(node.name);
    for (const FieldName& field : fields_at(id, event)) {
      FieldClues& clues = clues_.fields[field];
      clues.stands = clues.stands || standing_;
    }
    if (is_comparison(node.op)) compare(node, event);
    for (const ExprId argument : node.arguments) read(argument, event);
  }

  // The field that the expression reads, under all its names: an entry has several
  // when several events may start the journey.
  std::vector<FieldName> fields_at(ExprId id, const std::string& event, int depth = 0) const {
    // Far more than an author writes; what lies deeper gives no clue.
    constexpr int kMaxDepth = 32;
    if (depth == kMaxDepth) return {};
    const Expression& node = graph_.expressions[id];
    switch (node.op) {
      case Op::kUserField:
        return {{{}, node.name}};
      case Op::kEventField:
        return {{event, node.name}};
      case Op::kEntryField: {
        std::vector<FieldName> names;
        for (const std::string& entry : clues_.entries) {
          names.push_back({entry, graph_.entry_fields[node.slot]});
        }
        return names;
      }
      case Op::kLocal: {
        const auto let = lets_.find(node.slot);
        if (let == lets_.end()) return {};
        return fields_at(let->second, event, depth + 1);
      }
      case Op::kMember: {
        const Expression& whole = graph_.expressions[node.arguments[0]];
        const auto bound = whole.op == Op::kLocal ? bound_.find(whole.slot) : bound_.end();
        if (bound == bound_.end()) return {};
        return {{bound->second, node.name}};
      }
      default:
        if (!keeps_value(node.op)) return {};
        return fields_at(node.arguments[0], event, depth + 1);
    }
  }

  void compare(const Expression& node, const std::string& event) {
    for (const ExprId one : node.arguments) {
      for (const FieldName& field : fields_at(one, event)) {
        for (const ExprId other : node.arguments) {
          if (other != one) note_other(clues_.fields[field], field, other);
        }
      }
    }
  }

  void note_other(FieldClues& clues, const FieldName& field, ExprId other) const {
    const Expression& node = graph_.expressions[other];
    if (node.op == Op::kConstant) {
      note_constant(clues.constants, node.constant);
      if (in_exit_) note_constant(clues.exits_on, node.constant);
      return;
    }
    if (node.op == Op::kList) {
      for (const ExprId item : node.arguments) note_other(clues, field, item);
    }
    // What is drawn later can be the same as what is there already: the profile
    // before the entry, the entry before all other events.
    if (node.op == Op::kEntryField && !field.event.empty() &&
        !clues_.entries.contains(field.event)) {
      clues.same_as = SameAs{true, graph_.entry_fields[node.slot]};
    }
    if (node.op == Op::kUserField && !field.event.empty()) {
      clues.same_as = SameAs{false, node.name};
    }
  }

  static void note_constant(std::vector<graph::Value>& constants, const graph::Value& constant) {
    if (constant.kind() == graph::Value::Kind::kList) {
      for (const graph::Value& item : constant.as_list()) note_constant(constants, item);
      return;
    }
    if (constant.is_missing()) return;
    if (std::ranges::find(constants, constant) != constants.end()) return;
    constants.push_back(constant);
  }

  const graph::Graph& graph_;
  Clues clues_;
  std::map<std::uint32_t, ExprId> lets_;        // by slot
  std::map<std::uint32_t, std::string> bound_;  // by slot; the event
  bool standing_ = false;
  bool in_exit_ = false;
};

}  // namespace

std::string reply_of(std::string_view webhook) {
  return "webhook " + std::string(webhook);
}

Clues clues_of(const graph::Graph& graph) {
  return Reader(graph).read();
}

}  // namespace sojourn::simulate
