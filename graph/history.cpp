#include "graph/history.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "graph/engagement.h"
#include "graph/operation.h"

namespace sojourn::graph {
namespace {

using Names = std::set<std::string, std::less<>>;

// The members that are read of expression `id`, an object; nothing when it is read
// whole, which includes that nothing stands around it.
std::optional<Names> members_read(const Graph& graph, ExprId id) {
  Names members;
  bool inside_another = false;
  for (const Expression& node : graph.expressions) {
    if (std::ranges::find(node.arguments, id) == node.arguments.end()) continue;
    inside_another = true;
    if (node.op == Op::kIsSet) continue;
    if (node.op != Op::kMember) return std::nullopt;
    members.insert(node.name);
  }
  return inside_another ? std::optional(std::move(members)) : std::nullopt;
}

void add_event_fields(const Graph& graph, ExprId root, Names& fields) {
  if (root == kNoExpr) return;
  std::vector<ExprId> open{root};
  while (!open.empty()) {
    const Expression& node = graph.expressions[open.back()];
    open.pop_back();
    if (node.op == Op::kEventField) fields.insert(node.name);
    // Inside, `event` is another one.
    if (asks_history(node.op)) continue;
    open.insert(open.end(), node.arguments.begin(), node.arguments.end());
  }
}

// A use while its fields are gathered.
struct Gathered {
  HistoryUse use;
  Names fields;
};
using Uses = std::map<std::string, Gathered, std::less<>>;

void add_window(const Window& window, HistoryUse& use) {
  switch (window.kind) {
    case Window::Kind::kAll:
    case Window::Kind::kBeforeEntry:
      use.always = true;
      return;
    case Window::Kind::kWithin:
      use.within = std::max(use.within, window.within);
      return;
    case Window::Kind::kSinceEntry:
      use.while_enrolled = true;
      use.within = std::max(use.within, kLookBack);
      return;
    case Window::Kind::kSinceStep:
    case Window::Kind::kThisEnrollment:
      use.while_enrolled = true;
      return;
  }
}

void add_question(const Graph& graph, ExprId id, Uses& uses) {
  const Expression& question = graph.expressions[id];
  Gathered& gathered = uses[question.name];
  add_window(question.window, gathered.use);
  if (question.window.kind == Window::Kind::kThisEnrollment) {
    gathered.fields.emplace(kEnrollmentField);
  }
  // By these is found which message something was done with.
  if (question.name == event_of(Engagement::kSent).name) {
    for (const std::string_view field : {kMessageField, kEnrollmentField, kCampaignField}) {
      gathered.fields.emplace(field);
    }
  }
  for (const ExprId argument : question.arguments) {
    add_event_fields(graph, argument, gathered.fields);
  }
  if (question.op != Op::kFirstEvent && question.op != Op::kLastEvent) return;
  if (auto members = members_read(graph, id)) {
    gathered.fields.insert(members->begin(), members->end());
  } else {
    gathered.use.whole = true;
  }
}

// What somebody did with a message counts for the arm only when the message was sent after
// they took it.
void add_split(const Split& split, Uses& uses) {
  if (!split.measure || split.measure->kind == SplitMeasure::Kind::kGoal) return;
  Gathered& gathered = uses[event_of(Engagement::kSent).name];
  gathered.use.while_enrolled = true;
  for (const std::string_view field : {kMessageField, kEnrollmentField, kCampaignField}) {
    gathered.fields.emplace(field);
  }
}

void add_send(const Send& send, Uses& uses) {
  if (!send.best_time) return;
  for (const Engagement what : {Engagement::kOpened, Engagement::kClicked}) {
    HistoryUse& use = uses[event_of(what).name].use;
    use.within = std::max(use.within, kEngagementKept);
  }
}

void add_arm(const Graph& graph, const EventArm& arm, Uses& uses) {
  Gathered& gathered = uses[arm.event];
  gathered.use.while_enrolled = true;
  if (arm.since == Since::kEntry) {
    gathered.use.within = std::max(gathered.use.within, kLookBack);
  }
  add_event_fields(graph, arm.where, gathered.fields);
  if (!arm.bind) return;
  if (const auto fields = fields_read_of_local(graph, *arm.bind)) {
    gathered.fields.insert(fields->begin(), fields->end());
  } else {
    gathered.use.whole = true;
  }
}

}  // namespace

void HistoryUse::add(const HistoryUse& other) {
  always = always || other.always;
  within = std::max(within, other.within);
  while_enrolled = while_enrolled || other.while_enrolled;
  whole = whole || other.whole;
  std::vector<std::string> both;
  std::ranges::set_union(fields, other.fields, std::back_inserter(both));
  fields = whole ? std::vector<std::string>() : std::move(both);
}

std::vector<HistoryUse> history_used_by(const Graph& graph) {
  Uses uses;
  for (ExprId id = 0; id < graph.expressions.size(); ++id) {
    if (asks_history(graph.expressions[id].op)) add_question(graph, id, uses);
  }
  for (const Step& step : graph.steps) {
    if (const auto* split = std::get_if<Split>(&step.action)) add_split(*split, uses);
    if (const auto* send = std::get_if<Send>(&step.action)) add_send(*send, uses);
    const auto* wait = std::get_if<WaitFor>(&step.action);
    if (wait == nullptr) continue;
    for (const auto& arm : wait->arms) {
      if (const auto* event = std::get_if<EventArm>(&arm)) add_arm(graph, *event, uses);
    }
  }
  std::vector<HistoryUse> out;
  for (auto& [event, gathered] : uses) {
    HistoryUse& use = out.emplace_back(std::move(gathered.use));
    use.event = event;
    if (!use.whole) use.fields.assign(gathered.fields.begin(), gathered.fields.end());
  }
  return out;
}

const std::string& event_of(const Graph& graph, const SplitMeasure& measure) {
  switch (measure.kind) {
    case SplitMeasure::Kind::kOpened:
      return event_of(Engagement::kOpened).name;
    case SplitMeasure::Kind::kClicked:
      return event_of(Engagement::kClicked).name;
    case SplitMeasure::Kind::kGoal:
      break;
  }
  return graph.goals[measure.goal].event;
}

std::set<std::string, std::less<>> events_heard(const Graph& graph) {
  Names heard;
  for (const auto& rule : graph.exits) {
    if (const auto* on_event = std::get_if<ExitOnEvent>(&rule)) heard.insert(on_event->event);
  }
  for (const Goal& goal : graph.goals) heard.insert(goal.event);
  for (const HistoryUse& use : history_used_by(graph)) heard.insert(use.event);
  for (const Step& step : graph.steps) {
    if (const auto* collect = std::get_if<Collect>(&step.action)) heard.insert(collect->event);
    const auto* split = std::get_if<Split>(&step.action);
    if (split != nullptr && split->measure) heard.emplace(event_of(graph, *split->measure));
  }
  return heard;
}

std::optional<std::vector<std::string>> fields_read_of_local(const Graph& graph,
                                                             std::uint32_t slot) {
  Names fields;
  for (ExprId id = 0; id < graph.expressions.size(); ++id) {
    const Expression& node = graph.expressions[id];
    if (node.op != Op::kLocal || node.slot != slot) continue;
    auto members = members_read(graph, id);
    if (!members) return std::nullopt;
    fields.insert(members->begin(), members->end());
  }
  return std::vector<std::string>(fields.begin(), fields.end());
}

}  // namespace sojourn::graph
