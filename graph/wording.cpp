#include "graph/wording.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>

#include "graph/engagement.h"
#include "graph/expression_text.h"

namespace sojourn::graph {
namespace {

std::string after(std::string_view word, const std::optional<base::Millis>& limit) {
  return limit ? fmt::format(" {} {}", word, to_string(*limit)) : "";
}

std::string at(const std::optional<TimeOfDay>& time) {
  return time ? " at " + to_string(*time) : "";
}

std::string after(const Graph& graph, std::string_view word, ExprId id) {
  return id == kNoExpr ? "" : fmt::format(" {} {}", word, to_string(graph, id));
}

std::string arm_text(const Graph& graph, const EventArm& arm) {
  std::string out = std::string(told(arm.event)) + after(graph, "where", arm.where);
  if (arm.bind) out += fmt::format(" as ${}", *arm.bind);
  if (arm.since == Since::kHere) out += " since here";
  if (arm.since == Since::kStep) out += " since " + arm.since_step;
  return out;
}

std::string arm_text(const Graph& graph, const ConditionArm& arm) {
  return to_string(graph, arm.condition);
}

std::string rung_text(const Rung& rung) {
  return to_string(rung.offset) + (rung.before ? " before" : " after") + at(rung.at);
}

std::string say(const Graph& graph, const Send& send) {
  return "send " + send.campaign + after(graph, "with", send.data) +
         (send.best_time ? " at best time" : "") + after("within", send.deadline) +
         after(graph, "before", send.before) + (send.again ? " again" : "");
}

std::string say(const Graph&, const Wait& wait) {
  return "wait " + to_string(wait.duration) + at(wait.at);
}

std::string say(const Graph& graph, const WaitUntil& wait) {
  return "wait until " + to_string(graph, wait.time) + at(wait.at) + after("up to", wait.up_to);
}

std::string day_text(const DayRule& rule) {
  static constexpr std::array<std::string_view, 7> kWeek{
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  if (rule.kind == DayRule::Kind::kEvery) return "";
  if (rule.kind == DayRule::Kind::kOfMonth) return fmt::format(" day {}", rule.day_of_month);
  // The only word for several days.
  if (std::popcount(rule.weekdays) > 1 || !rule.except.empty()) return " workday";
  return fmt::format(" {}", kWeek.at(static_cast<std::size_t>(std::countr_zero(rule.weekdays))));
}

std::string say(const Graph&, const WaitUntilTime& wait) {
  const std::string end = wait.to ? ".." + to_string(*wait.to) : "";
  return fmt::format("wait until{} {}{}", day_text(wait.day), to_string(wait.from), end);
}

std::string say(const Graph& graph, const Repeat& repeat) {
  return fmt::format("repeat up to {} times{}", repeat.times, after(graph, "until", repeat.until));
}

std::string say(const Graph& graph, const Collect& collect) {
  return fmt::format("collect {}", told(collect.event)) + after(graph, "where", collect.where) +
         after("for", collect.length) + fmt::format(" keep {}", collect.keep);
}

std::string say(const Graph& graph, const Call& call) {
  return "call " + call.webhook + after(graph, "with", call.fields) + after("up to", call.up_to);
}

std::string say(const Graph& graph, const WaitFor& wait) {
  const std::string limit = after("up to", wait.up_to);
  if (wait.arms.size() != 1) return "wait" + limit;
  return "wait for " +
         std::visit([&](const auto& arm) { return arm_text(graph, arm); }, wait.arms[0]) + limit;
}

std::string say(const Graph& graph, const Schedule& schedule) {
  return "schedule around " + to_string(graph, schedule.around) + after("up to", schedule.up_to);
}

std::string say(const Graph&, const Branch&) {
  return "if";
}

std::string measure_text(const Graph& graph, const SplitMeasure& measure) {
  switch (measure.kind) {
    case SplitMeasure::Kind::kOpened:
      return "opened";
    case SplitMeasure::Kind::kClicked:
      return "clicked";
    case SplitMeasure::Kind::kGoal:
      break;
  }
  return graph.goals[measure.goal].name;
}

std::string say(const Graph& graph, const Split& split) {
  std::string text = "split " + split.name + after(graph, "by", split.unit);
  if (split.measure) {
    text +=
        " measure " + measure_text(graph, *split.measure) + after("within", split.measure->within);
  }
  if (split.decide) {
    text += fmt::format(" decide after {} per arm at {:g}%", split.decide->after,
                        split.decide->confidence / 100.0);
  }
  return text;
}

std::string say(const Graph& graph, const Let& let) {
  return fmt::format("let ${} = {}", let.slot, to_string(graph, let.value));
}

std::string say(const Graph& graph, const UpdateUser& update) {
  return "update user " + to_string(graph, update.fields);
}

std::string say(const Graph& graph, const Track& track) {
  const std::string fields = track.fields == kNoExpr ? "" : " " + to_string(graph, track.fields);
  return "track " + track.event + fields;
}

std::string say(const Graph& graph, const Start& start) {
  return "start " + start.journey + after(graph, "with", start.fields);
}

std::string say(const Graph&, const ChangeList& change) {
  return (change.joins ? "add to list " : "remove from list ") + change.list;
}

std::string say(const Graph&, const ChangeSubscription& change) {
  std::string out = change.subscribes ? "subscribe to" : "unsubscribe from";
  const char* between = " ";
  for (const std::string& type : change.message_types) {
    out.append(between).append(type);
    between = ", ";
  }
  return out;
}

std::string say(const Graph&, const Exit& exit) {
  return "exit as " + exit.reason;
}

std::string say_arm(const Graph& graph, const Step& step, std::uint32_t index) {
  if (const auto* wait = std::get_if<WaitFor>(&step.action)) {
    // A wait for one thing has said which.
    if (wait->arms.size() == 1) return "came";
    return std::visit([&](const auto& arm) { return arm_text(graph, arm); }, wait->arms[index]);
  }
  if (const auto* branch = std::get_if<Branch>(&step.action)) {
    return arm_text(graph, branch->arms[index]);
  }
  const SplitArm& arm = std::get<Split>(step.action).arms[index];
  return fmt::format("{:g}% {}", arm.share / 100.0, arm.name);
}

}  // namespace

std::string wording(const Graph& graph, const Step& step) {
  return std::visit([&](const auto& action) { return say(graph, action); }, step.action);
}

std::string wording(const Graph& graph, const Step& step, const Edge& edge) {
  switch (edge.way) {
    case Edge::Way::kNext:
      return std::holds_alternative<Call>(step.action) ? "answered" : "";
    case Edge::Way::kElse:
      return "else";
    case Edge::Way::kPast:
      return "past";
    case Edge::Way::kMissing:
      return "missing";
    case Edge::Way::kTimeout:
      return "timeout";
    case Edge::Way::kArm:
      return say_arm(graph, step, edge.index);
    case Edge::Way::kRound:
      return "round";
    case Edge::Way::kRung:
      return rung_text(std::get<Schedule>(step.action).rungs[edge.index]);
  }
  return "";
}

namespace {

std::string say(const Graph& graph, const WhenEntry& rule) {
  return "enter when " + to_string(graph, rule.condition);
}

std::string say(const Graph& graph, const DateEntry& rule) {
  std::string out = rule.every_year ? "enter every year on " : "enter on ";
  out += to_string(graph, rule.date);
  if (rule.offset != Duration{}) out += (rule.before ? " - " : " + ") + to_string(rule.offset);
  return out + at(rule.at);
}

std::string say(const Graph& graph, const ScheduleEntry& rule) {
  std::string day = day_text(rule.day);
  if (rule.day.kind == DayRule::Kind::kEvery) day = " day";
  if (rule.day.kind == DayRule::Kind::kOfMonth) day = " month on" + day;
  return fmt::format("enter every{} at {} for {}", day, to_string(rule.at),
                     to_string(graph, rule.condition));
}

std::string say(const Graph& graph, const OneTimeEntry& rule) {
  return fmt::format("enter at {} for {}", base::to_iso8601(rule.at),
                     to_string(graph, rule.condition));
}

}  // namespace

std::string wording(const Graph& graph, const WatchedEntry& watched) {
  return std::visit([&](const auto& rule) { return say(graph, rule); }, watched.rule);
}

std::string wording(const Graph& graph, const EventEntry& entry) {
  const auto is_it = [&](const WatchedEntry& watched) {
    return graph.entries[watched.entry].event == entry.event;
  };
  const auto watched = std::ranges::find_if(graph.watched, is_it);
  if (watched != graph.watched.end()) return wording(graph, *watched);
  return fmt::format("enter on {}", told(entry.event)) + after(graph, "where", entry.where);
}

std::string wording(const Graph& graph, const std::variant<ExitOnEvent, ExitWhen>& rule) {
  if (const auto* on_event = std::get_if<ExitOnEvent>(&rule)) {
    return fmt::format("exit on {}", told(on_event->event)) +
           after(graph, "where", on_event->where) + " as " + on_event->reason;
  }
  const auto& when = std::get<ExitWhen>(rule);
  const std::string held = when.held.count == 0 ? "" : " for " + to_string(when.held);
  return fmt::format("exit when {}{} as {}", to_string(graph, when.condition), held, when.reason);
}

std::string wording(const Graph& graph, const Goal& goal) {
  return fmt::format("goal {} on {}{} within {}{}{}", goal.name, told(goal.event),
                     after(graph, "where", goal.where), to_string(goal.within),
                     after(graph, "value", goal.value), goal.and_exit ? " and exit" : "");
}

std::string wording(const Pace& pace) {
  const std::string limit = after("up to", pace.up_to);
  return fmt::format("pace {} per {}{}{}", pace.most, to_string(pace.per), limit,
                     limit.empty() ? "" : " else drop");
}

std::string wording(const QuietHours& quiet) {
  constexpr std::array<std::string_view, 7> kDays{"monday", "tuesday",  "wednesday", "thursday",
                                                  "friday", "saturday", "sunday"};
  std::string out = fmt::format("quiet {} {}..{}", to_string(quiet.scope), to_string(quiet.from),
                                to_string(quiet.to));
  for (std::size_t i = 0; i < kDays.size(); ++i) {
    if ((quiet.weekdays >> i & 1) != 0) out += fmt::format(", {}", kDays[i]);
  }
  if (!quiet.dates.empty()) out += fmt::format(", {} dates", quiet.dates.size());
  return out + fmt::format(" defer up to {} else drop", to_string(quiet.defer_up_to));
}

std::string wording(const SendCap& cap) {
  std::string out = fmt::format("cap {}", to_string(cap.scope));
  for (std::size_t i = 0; i < cap.rates.size(); ++i) {
    out += fmt::format("{} {} per {}", i == 0 ? "" : ",", cap.rates[i].most,
                       to_string(cap.rates[i].per));
  }
  return out + fmt::format(" defer up to {} else drop", to_string(cap.defer_up_to));
}

std::vector<Edge> drawn_edges(const Step& step) {
  std::vector<Edge> edges = edges_of(step);
  const auto next = std::ranges::find(edges, Edge::Way::kNext, &Edge::way);
  if (next == edges.end()) return edges;
  const StepIndex on = next->to;
  std::erase_if(edges, [&](const Edge& edge) {
    const bool optional = edge.way == Edge::Way::kElse || edge.way == Edge::Way::kPast ||
                          edge.way == Edge::Way::kMissing;
    return optional && edge.to == on;
  });
  return edges;
}

}  // namespace sojourn::graph
