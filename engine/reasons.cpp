#include "engine/reasons.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <variant>

#include "engine/aim.h"
#include "engine/entry_fields.h"
#include "engine/zones.h"
#include "graph/engagement.h"
#include "graph/expression_text.h"
#include "graph/operation.h"
#include "graph/wording.h"

namespace sojourn::engine {
namespace {

using graph::Expression;
using graph::ExprId;
using graph::Op;

constexpr std::string_view kMore = "…";

bool has(const Reason& why, std::string_view what) {
  return std::ranges::find(why.values, what, &ReadValue::what) != why.values.end();
}

void add_value(Reason& why, std::string what, const graph::Value& value) {
  what = bounded(std::move(what), kMaxReadBytes);
  if (has(why, what) || has(why, kMore)) return;
  if (why.values.size() == kMaxReadValues) {
    why.values.push_back({std::string(kMore), {}});
    return;
  }
  why.values.push_back({std::move(what), bounded(graph::to_string(value), kMaxReadBytes)});
}

// A local has lost the author's name for it; the step that sets it says which it is.
std::string local_name(const graph::Graph& graph, std::uint32_t slot) {
  const auto sets = [slot](const graph::Step& step) {
    if (const auto* let = std::get_if<graph::Let>(&step.action)) return let->slot == slot;
    if (const auto* call = std::get_if<graph::Call>(&step.action)) return call->bind == slot;
    if (const auto* collect = std::get_if<graph::Collect>(&step.action)) {
      return slot == collect->slot || slot == collect->slot + 1;
    }
    const auto* wait = std::get_if<graph::WaitFor>(&step.action);
    return wait != nullptr && std::ranges::any_of(wait->arms, [slot](const auto& arm) {
             const auto* event = std::get_if<graph::EventArm>(&arm);
             return event != nullptr && event->bind == slot;
           });
  };
  const auto step = std::ranges::find_if(graph.steps, sets);
  return step == graph.steps.end() ? fmt::format("${}", slot) : step->identity;
}

// What is read as one: its name for people.
std::string name_of(const graph::Graph& graph, ExprId id) {
  const Expression& e = graph.expressions[id];
  if (e.op == Op::kLocal) return local_name(graph, e.slot);
  if (e.op != Op::kMember) return graph::to_string(graph, id);
  return fmt::format("{}.{}", name_of(graph, e.arguments[0]), e.name);
}

class Reader {
 public:
  Reader(const Scope& scope, Reason& why) : scope_(scope), why_(why) {}

  void read(ExprId id) {
    const Expression& e = scope_.graph.expressions[id];
    if (e.op == Op::kConstant) return;
    if (is_read_whole(e)) return take(id);
    switch (e.op) {
      case Op::kAnd:
        return read_until(e, false);
      case Op::kOr:
        return read_until(e, true);
      case Op::kIf:
        read(e.arguments[0]);
        return read(e.arguments[holds(scope_, e.arguments[0]) ? 1 : 2]);
      case Op::kDefault:
        read(e.arguments[0]);
        if (evaluate(scope_, e.arguments[0]).is_missing()) read(e.arguments[1]);
        return;
      default:
        for (const ExprId argument : e.arguments) read(argument);
        note_zone(e.op);
    }
  }

 private:
  static bool is_calendar_function(Op op) {
    return (op >= Op::kDate && op <= Op::kYear) || op == Op::kDaysBetween;
  }

  static bool is_read_whole(const Expression& e) {
    return e.op <= Op::kEventCreatedAt || e.op == Op::kItem || e.op == Op::kMember ||
           is_calendar_function(e.op) || graph::asks_history(e.op) || graph::asks_list(e.op) ||
           graph::asks_membership(e.op) || (e.op == Op::kIf && !e.name.empty());
  }

  void take(ExprId id) {
    add_value(why_, name_of(scope_.graph, id), evaluate(scope_, id));
    note_zone(scope_.graph.expressions[id].op);
  }

  void read_until(const Expression& e, bool decides) {
    for (const ExprId argument : e.arguments) {
      read(argument);
      if (holds(scope_, argument) == decides) return;
    }
  }

  void note_zone(Op op) {
    const bool local =
        is_calendar_function(op) || op == Op::kAddDuration || op == Op::kSubtractDuration;
    if (local && !why_.zone) why_.zone = journey_zone_used(scope_);
  }

  const Scope& scope_;
  Reason& why_;
};

void add_rule(Reason& why, std::string rule) {
  why.rule = bounded(std::move(rule), kMaxRuleBytes);
}

std::string rule_of_arm(const graph::Graph& graph, const graph::WaitFor& wait, std::uint32_t arm) {
  if (const auto* condition = std::get_if<graph::ConditionArm>(&wait.arms.at(arm))) {
    return graph::to_string(graph, condition->condition);
  }
  const auto& event = std::get<graph::EventArm>(wait.arms[arm]);
  std::string text(graph::told(event.event));
  if (event.where != graph::kNoExpr) text += " where " + graph::to_string(graph, event.where);
  return text + " came";
}

std::string rule_of_arm(const graph::Graph& graph, const graph::Step& step, std::uint32_t arm) {
  if (const auto* branch = std::get_if<graph::Branch>(&step.action)) {
    return graph::to_string(graph, branch->arms.at(arm).condition);
  }
  const auto* wait = std::get_if<graph::WaitFor>(&step.action);
  return wait == nullptr ? std::string() : rule_of_arm(graph, *wait, arm);
}

std::string rule_of_else(const graph::Step& step) {
  if (std::holds_alternative<graph::Branch>(step.action)) return "no condition held";
  if (std::holds_alternative<graph::Send>(step.action)) return "they cannot be reached";
  if (std::holds_alternative<graph::Call>(step.action)) return "no answer in time";
  return {};
}

// What of the wait is read.
ExprId read_by_wait(const graph::Step& step) {
  if (const auto* until = std::get_if<graph::WaitUntil>(&step.action)) return until->time;
  if (const auto* schedule = std::get_if<graph::Schedule>(&step.action)) return schedule->around;
  return graph::kNoExpr;
}

// The messages that count for the cap at `now`, the newest first.
std::vector<const SentMessage*> counted_by(const graph::SendCap& cap, const SendCase& send,
                                           base::Instant now) {
  std::vector<const SentMessage*> counted;
  for (const SentMessage& message : send.sent) {
    if (message.key == send.key || !graph::covers(cap.scope, message.kind)) continue;
    if (std::ranges::any_of(cap.rates, [&](const graph::CapRate& rate) {
          return later(message.at, rate.per) > now;
        })) {
      counted.push_back(&message);
    }
  }
  std::ranges::sort(counted, [](const SentMessage* a, const SentMessage* b) {
    return a->at != b->at ? a->at > b->at : a->key < b->key;
  });
  return counted;
}

}  // namespace

std::string bounded(std::string text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text.append(kMore);
}

void add_reads(const Scope& scope, ExprId expression, Reason& why) {
  if (expression != graph::kNoExpr) Reader(scope, why).read(expression);
}

void add_fields(const std::vector<graph::Field>& fields, Reason& why) {
  for (const auto& [name, value] : fields) add_value(why, name, value);
}

std::string rule_of_way(const graph::Graph& graph, const graph::Step& step, graph::Edge::Way way,
                        std::uint32_t arm) {
  std::string rule;
  if (way == graph::Edge::Way::kArm) rule = rule_of_arm(graph, step, arm);
  if (way == graph::Edge::Way::kElse) rule = rule_of_else(step);
  if (way == graph::Edge::Way::kRung) rule = graph::wording(graph, step, {way, arm});
  if (way == graph::Edge::Way::kTimeout) rule = "its time was over";
  if (way == graph::Edge::Way::kPast) rule = "its time had gone by";
  if (way == graph::Edge::Way::kMissing) rule = "its time is missing, or too far off";
  return bounded(std::move(rule), kMaxRuleBytes);
}

Reason reason_of_entry(const graph::Graph& graph, const Facts& facts, const EventFact& event,
                       base::Instant now) {
  Reason why;
  const std::vector<graph::Value> fields = entry_fields_of(graph, event);
  const Scope scope = scope_at_entry(graph, facts, event, fields, now);
  const auto entry = std::ranges::find_if(graph.entries, [&](const graph::EventEntry& each) {
    return each.event == event.name && holds(scope, each.where);
  });
  if (entry == graph.entries.end()) return why;
  add_rule(why, graph::wording(graph, *entry));
  add_reads(scope, entry->where, why);
  const auto number = static_cast<std::uint32_t>(entry - graph.entries.begin());
  const auto watched = std::ranges::find(graph.watched, number, &graph::WatchedEntry::entry);
  if (watched == graph.watched.end()) return why;
  if (const auto* date = std::get_if<graph::DateEntry>(&watched->rule)) {
    add_reads(scope, date->date, why);
  } else if (const auto* when = std::get_if<graph::WhenEntry>(&watched->rule)) {
    add_reads(scope, when->condition, why);
    return why;
  } else if (const auto* schedule = std::get_if<graph::ScheduleEntry>(&watched->rule)) {
    add_reads(scope, schedule->condition, why);
  } else {
    add_reads(scope, std::get<graph::OneTimeEntry>(watched->rule).condition, why);
    return why;
  }
  why.zone = journey_zone_used(scope);
  return why;
}

Reason reason_of_exit(const Scope& scope, std::uint32_t rule) {
  Reason why;
  const auto& exit = scope.graph.exits.at(rule);
  add_rule(why, graph::wording(scope.graph, exit));
  const auto* on_event = std::get_if<graph::ExitOnEvent>(&exit);
  add_reads(scope,
            on_event != nullptr ? on_event->where : std::get<graph::ExitWhen>(exit).condition, why);
  return why;
}

Reason reason_of_goal(const Scope& scope, const graph::Goal& goal) {
  Reason why;
  add_rule(why, graph::wording(scope.graph, goal));
  add_reads(scope, goal.where, why);
  return why;
}

Reason reason_of_wait(const Scope& as_of, const graph::Step& step, bool by_local_time) {
  Reason why;
  add_rule(why, graph::wording(as_of.graph, step));
  add_reads(as_of, read_by_wait(step), why);
  if (by_local_time && !why.zone) why.zone = journey_zone_used(as_of);
  return why;
}

Reason reason_of_hold(const Scope& scope, const SendCase& send, const Holder& holder,
                      base::Instant now) {
  Reason why;
  if (holder.quiet != nullptr) {
    add_rule(why, graph::wording(*holder.quiet));
    why.zone = person_zone_used(scope);
  } else if (holder.cap != nullptr) {
    add_rule(why, graph::wording(*holder.cap));
    for (const SentMessage* message : counted_by(*holder.cap, send, now)) {
      // One campaign may fill it alone.
      add_value(why, fmt::format("{} {}", message->campaign, message->key.hex()),
                graph::Value(message->at));
    }
  }
  return why;
}

}  // namespace sojourn::engine
