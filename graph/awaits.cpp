#include "graph/awaits.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "graph/built_in.h"
#include "graph/engagement.h"
#include "graph/operation.h"
#include "graph/reserved.h"

namespace sojourn::graph {
namespace {

using base::Millis;

// The fields by which the events of messages are told apart, the narrowest first.
constexpr std::array<std::string_view, 4> kTellingFields{kCampaignField, kJourneyField,
                                                         kMessageTypeField, kMediumField};

bool is_field(const Expression& node, std::string_view name) {
  return node.op == Op::kEventField && node.name == name;
}

// `event.message` is one of those that a question finds.
bool names_messages(const Graph& graph, const Expression& node) {
  return node.op == Op::kContains && is_field(graph.expressions[node.arguments[1]], kMessageField);
}

// What a condition on the event of a message says the message is.
class MessageMeant {
 public:
  MessageMeant(const Graph& graph, const std::string& event) : graph_(graph), event_(event) {}

  void read(ExprId where) {
    std::vector<ExprId> open{where};
    while (!open.empty()) {
      const Expression& node = graph_.expressions[open.back()];
      open.pop_back();
      if (node.op == Op::kAnd) {
        open.insert(open.end(), node.arguments.begin(), node.arguments.end());
      } else if (names_messages(graph_, node)) {
        const Expression& question = graph_.expressions[node.arguments[0]];
        const ExprId inner = asks_history(question.op) ? condition_of(question) : kNoExpr;
        if (inner != kNoExpr) open.push_back(inner);
      } else if (node.op == Op::kEqual) {
        read_equal(graph_.expressions[node.arguments[0]], graph_.expressions[node.arguments[1]]);
      } else if (node.op == Op::kContains) {
        read_types(graph_.expressions[node.arguments[0]], graph_.expressions[node.arguments[1]]);
      }
    }
  }

  std::set<std::string> narrowest() const {
    for (const auto& names : meant_) {
      if (names) return *names;
    }
    return {event_};
  }

 private:
  void read_equal(const Expression& field, const Expression& value) {
    const bool is_text = value.op == Op::kConstant && value.constant.kind() == Value::Kind::kString;
    if (!is_text) return;
    for (std::size_t i = 0; i < kTellingFields.size(); ++i) {
      if (!is_field(field, kTellingFields[i])) continue;
      meant_[i] = {event_about(event_, field.name, value.constant.as_string())};
    }
  }

  // Of `marketing`: its message types.
  void read_types(const Expression& types, const Expression& field) {
    const bool is_list = types.op == Op::kConstant && types.constant.kind() == Value::Kind::kList;
    if (!is_list || !is_field(field, kMessageTypeField)) return;
    std::set<std::string> names;
    for (const Value& type : types.constant.as_list()) {
      if (type.kind() != Value::Kind::kString) return;
      names.insert(event_about(event_, kMessageTypeField, type.as_string()));
    }
    meant_[2] = std::move(names);
  }

  const Graph& graph_;
  const std::string& event_;
  // By kTellingFields.
  std::array<std::optional<std::set<std::string>>, kTellingFields.size()> meant_;
};

// Which change of a part of the condition can make the whole true.
enum class Turn : std::uint8_t { kUp, kDown, kAny };

Turn flipped(Turn turn) {
  if (turn == Turn::kAny) return turn;
  return turn == Turn::kUp ? Turn::kDown : Turn::kUp;
}

class ConditionReader {
 public:
  ConditionReader(const Graph& graph, std::set<Awaited>& awaited)
      : graph_(graph), awaited_(awaited) {}

  void read(ExprId root, Turn turn) {
    open(root, turn);
    while (!open_.empty()) {
      const auto [id, of] = open_.back();
      open_.pop_back();
      look_at(graph_.expressions[id], of);
    }
  }

 private:
  void open(ExprId id, Turn turn) {
    if (id != kNoExpr && seen_.emplace(id, turn).second) open_.emplace_back(id, turn);
  }
  void open_all(const Expression& node, Turn turn) {
    for (const ExprId argument : node.arguments) open(argument, turn);
  }
  void await(std::string event, Millis after = Millis{0}) {
    awaited_.insert({std::move(event), after});
  }

  void look_at(const Expression& node, Turn turn) {
    if (node.op == Op::kNot) return open_all(node, flipped(turn));
    if (node.op == Op::kAnd || node.op == Op::kOr) return open_all(node, turn);
    if (const auto of_count = turn_of_count(node, turn)) {
      return look_at_question(graph_.expressions[node.arguments[0]], *of_count);
    }
    if (asks_history(node.op)) return look_at_question(node, Turn::kAny);
    if (asks_membership(node.op)) return look_at_membership(node, turn);
    if (node.op == Op::kUserField) await(change_event(node.name));
    open_all(node, Turn::kAny);
  }

  // Of a comparison of how often something has happened with a number: more of it makes it
  // true (kUp), or less.
  std::optional<Turn> turn_of_count(const Expression& node, Turn turn) const {
    if (node.arguments.size() != 2) return std::nullopt;
    const Expression& count = graph_.expressions[node.arguments[0]];
    const Expression& number = graph_.expressions[node.arguments[1]];
    if (count.op != Op::kCountEvents || number.op != Op::kConstant) return std::nullopt;
    switch (node.op) {
      case Op::kGreater:
      case Op::kGreaterEqual:
        return turn;
      case Op::kLess:
      case Op::kLessEqual:
        return flipped(turn);
      case Op::kEqual:
        return number.constant == Value(std::int64_t{0}) ? flipped(turn) : Turn::kAny;
      default:
        return std::nullopt;
    }
  }

  // Does what counts stay so from when it happens until the window has passed over it?
  // Which messages a step has sent is known before anything can become of them.
  bool is_fixed(ExprId where) const {
    std::vector<ExprId> open{where};
    while (!open.empty()) {
      const Expression& node = graph_.expressions[open.back()];
      open.pop_back();
      if (names_messages(graph_, node)) continue;
      if (node.op == Op::kNow || node.op == Op::kUserField || asks_history(node.op) ||
          asks_membership(node.op)) {
        return false;
      }
      open.insert(open.end(), node.arguments.begin(), node.arguments.end());
    }
    return true;
  }

  void look_at_question(const Expression& question, Turn turn) {
    const ExprId where = condition_of(question);
    const bool fixed = where == kNoExpr || is_fixed(where);
    for (const std::string& event : events_meant(graph_, question.name, where)) {
      await_in(question.window, event, fixed ? turn : Turn::kAny);
    }
    open(operand_of(question), Turn::kAny);
    if (!fixed) open(where, Turn::kAny);
  }

  void look_at_membership(const Expression& node, Turn turn) {
    switch (node.op) {
      case Op::kSubscribedTo:
        for (const std::string_view field :
             {kSubscribedIds, kUnsubscribedIds, kUnsubscribedChannelIds}) {
          await(change_event(field));
        }
        return;
      case Op::kInList:
        await(list_event(node.name));
        return await(left_list_event(node.name));
      case Op::kInJourney:
        if (turn != Turn::kDown) await(joined_journey_event(node.name));
        if (turn != Turn::kUp) await(left_journey_event(node.name));
        return;
      default:
        await_in(node.window,
                 node.names.empty() ? left_journey_event(node.name)
                                    : left_journey_event(node.name, node.names[0]),
                 turn);
    }
  }

  // Of all that has ever happened nothing goes out of sight.
  void await_in(const Window& window, const std::string& event, Turn turn) {
    if (turn != Turn::kDown) return await(event);
    if (window.kind == Window::Kind::kAll) return;
    await(event, window.kind == Window::Kind::kWithin ? window.within : Millis{0});
  }

  const Graph& graph_;
  std::set<Awaited>& awaited_;
  std::set<std::pair<ExprId, Turn>> seen_;
  std::vector<std::pair<ExprId, Turn>> open_;
};

}  // namespace

std::set<std::string> events_meant(const Graph& graph, const std::string& event, ExprId where) {
  if (where == kNoExpr || !is_engagement(event)) return {event};
  MessageMeant meant(graph, event);
  meant.read(where);
  return meant.narrowest();
}

std::set<Awaited> events_awaited(const Graph& graph) {
  std::set<Awaited> awaited;
  for (const EventEntry& entry : graph.entries) {
    for (const std::string& event : events_meant(graph, entry.event, entry.where)) {
      awaited.insert({event, Millis{0}});
    }
  }
  for (const WatchedEntry& watched : graph.watched) {
    ConditionReader reader(graph, awaited);
    if (const auto* date = std::get_if<DateEntry>(&watched.rule)) {
      reader.read(date->date, Turn::kAny);
    } else if (const auto* when = std::get_if<WhenEntry>(&watched.rule)) {
      reader.read(when->condition, Turn::kUp);
    }
  }
  return awaited;
}

}  // namespace sojourn::graph
