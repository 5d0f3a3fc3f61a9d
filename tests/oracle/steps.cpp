// The steps: what an enrollment does where it is.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "graph/reserved.h"
#include "tests/oracle/moments.h"
#include "tests/oracle/person.h"
#include "tests/oracle/values.h"

namespace sojourn::oracle {
namespace {

using graph::StepIndex;
using graph::Value;

}  // namespace

Fields fields_of(const Asker& asker, graph::ExprId object) {
  if (object == graph::kNoExpr) return {};
  const Value value = answer(asker, object);
  return {value.as_object().begin(), value.as_object().end()};
}

// --- What the enrollment is told --------------------------------------------------

// Of an event, or (null) that something may have changed: exits, then waits.
void Person::tell_enrolled(std::size_t index, const Event* event) {
  if (enrolled_[index].exit || stays_in_queue(index, event)) return;
  if (leave_by_rule(index, event)) return;
  if (event != nullptr) gather(enrolled_[index], *event);
  look_where_it_waits(index, event);
}

// In the queue of `pace` only exits matter. Whether that is all for now.
bool Person::stays_in_queue(std::size_t index, const Event* event) {
  Enrolled& enrolled = enrolled_[index];
  if (!enrolled.place) return false;
  if (*enrolled.place <= now_) {
    if (leave_by_rule(index, nullptr)) return true;
    enrolled.place.reset();
    go(index, graph_of(enrolled).first);
    return enrolled_[index].exit.has_value();
  }
  if (leave_by_rule(index, event)) return true;
  if (event != nullptr) gather(enrolled_[index], *event);
  return true;
}

// Whether a `collect` is to have it is asked when it comes, wherever they are.
void Person::gather(Enrolled& enrolled, const Event& event) const {
  const graph::Graph& graph = graph_of(enrolled);
  for (StepIndex i = 0; i < graph.steps.size(); ++i) {
    const auto* step = std::get_if<graph::Collect>(&graph.steps[i].action);
    if (step == nullptr || step->event != event.name) continue;
    if (step->where != graph::kNoExpr && !holds(asker(enrolled, &event), step->where)) continue;
    enrolled.gathered[i].push_back(event.number);
  }
}

// At one input, the first rule in the order written gives the reason; a goal that ends
// the enrollment comes after all of them.
bool Person::leave_by_rule(std::size_t index, const Event* event) {
  Enrolled& enrolled = enrolled_[index];
  const graph::Graph& graph = graph_of(enrolled);
  std::optional<std::string> reason;
  for (std::size_t i = 0; i < graph.exits.size(); ++i) {
    if (const auto* on = std::get_if<graph::ExitOnEvent>(&graph.exits[i])) {
      const bool fires = event != nullptr && event->name == on->event &&
                         (on->where == graph::kNoExpr || holds(asker(enrolled, event), on->where));
      if (fires && !reason) reason = on->reason;
      continue;
    }
    const auto& when = std::get<graph::ExitWhen>(graph.exits[i]);
    auto& since = enrolled.held_since[i];
    if (!holds(asker(enrolled), when.condition)) {
      since.reset();
      continue;
    }
    if (!since) since = now_;
    if (now_ - *since >= when.held && !reason) reason = when.reason;
  }
  for (const std::size_t goal : enrolled.goals_met) {
    const graph::Goal& met = graph.goals[goal];
    if (met.and_exit && !reason) reason = met.name;
  }
  if (reason) end(index, *reason);
  return reason.has_value();
}

// What is due comes first. Events matter to `wait for`, changes to all that follow a field.
void Person::look_where_it_waits(std::size_t index, const Event* event) {
  Enrolled& enrolled = enrolled_[index];
  const graph::Step& step = graph_of(enrolled).steps[enrolled.at];
  const auto due = due_of(enrolled);
  if (due && *due <= now_) return wait_is_over(index);
  std::optional<StepIndex> next;
  if (const auto* wait = std::get_if<graph::WaitFor>(&step.action)) {
    next = first_arm(enrolled, *wait, event, true);
  } else if (event != nullptr) {
    return;
  } else if (const auto* until = std::get_if<graph::WaitUntil>(&step.action)) {
    next = follow_wait_until(enrolled, *until, false);
  } else if (const auto* schedule = std::get_if<graph::Schedule>(&step.action)) {
    next = follow_schedule(enrolled, *schedule);
  }
  if (next) go(index, *next);
}

// Its time has come.
void Person::wait_is_over(std::size_t index) {
  const auto& action = graph_of(enrolled_[index]).steps[enrolled_[index].at].action;
  if (const auto* wait = std::get_if<graph::Wait>(&action)) return go(index, wait->next);
  if (const auto* until = std::get_if<graph::WaitUntilTime>(&action)) return go(index, until->next);
  if (const auto* collect = std::get_if<graph::Collect>(&action)) return go(index, collect->next);
  if (const auto* call = std::get_if<graph::Call>(&action)) {
    tell(enrolled_[index].journey, "unanswered " + call->webhook);
    return go(index, call->otherwise);
  }
  if (const auto* wait = std::get_if<graph::WaitFor>(&action)) return go(index, wait->timeout);
  if (const auto* time = std::get_if<graph::WaitUntil>(&action)) return go(index, time->next);
  // Of a schedule, the rung.
  const auto& schedule = std::get<graph::Schedule>(action);
  OpenSchedule& open =
      *std::ranges::find(enrolled_[index].schedules, enrolled_[index].at, &OpenSchedule::step);
  enrolled_[index].aim = {};
  open.running = open.next_rung++;
  go(index, schedule.rungs[*open.running].body);
}

// --- Going on -----------------------------------------------------------------------

void Person::go(std::size_t index, StepIndex step) {
  std::optional<StepIndex> next = step;
  while (next && !enrolled_[index].exit) {
    if (*next == graph::kCompleted) return end(index, "completed");
    next = arrive(index, *next);
    // A step may make a rule hold, and so may having reached it.
    if (!enrolled_[index].exit && leave_by_rule(index, nullptr)) return;
  }
}

void Person::end(std::size_t index, const std::string& reason) {
  Enrolled& enrolled = enrolled_[index];
  enrolled.exit = reason;
  enrolled.ended = now_;
  std::erase_if(planned_, [&](const Planned& planned) { return planned.enrolled == index; });
  tell(enrolled.journey, "exit " + reason);
  change_caused_ |= is_asked_about(graph_of(enrolled).journey);
}

// Where to go from there, at once; nothing: it rests.
std::optional<StepIndex> Person::arrive(std::size_t index, StepIndex at) {
  Enrolled& enrolled = enrolled_[index];
  const graph::Step& step = graph_of(enrolled).steps[at];
  const auto open = std::ranges::find(enrolled.schedules, at, &OpenSchedule::step);
  const bool comes_back = open != enrolled.schedules.end() || enrolled.rounds.contains(at);
  enrolled.at = at;
  enrolled.aim = {};
  if (!comes_back) enrolled.visits.push_back({at, now_, events_.size()});
  if (graph::is_resting_place(step)) return arrive_at_wait(enrolled, step);
  return pass(index, step);
}

std::optional<StepIndex> Person::pass(std::size_t index, const graph::Step& step) {
  Enrolled& enrolled = enrolled_[index];
  const Asker asks = asker(enrolled);
  if (const auto* branch = std::get_if<graph::Branch>(&step.action)) {
    for (const graph::ConditionArm& arm : branch->arms) {
      if (holds(asks, arm.condition)) return arm.next;
    }
    return branch->otherwise;
  }
  if (const auto* split = std::get_if<graph::Split>(&step.action)) return take_arm(index, *split);
  if (const auto* let = std::get_if<graph::Let>(&step.action)) {
    enrolled.locals[let->slot] = answer(asks, let->value);
    return let->next;
  }
  if (const auto* exit = std::get_if<graph::Exit>(&step.action)) {
    end(index, exit->reason);
    return std::nullopt;
  }
  if (const auto* repeat = std::get_if<graph::Repeat>(&step.action)) {
    const bool done = repeat->until != graph::kNoExpr && holds(asks, repeat->until);
    auto& rounds = enrolled.rounds[enrolled.at];
    if (!done && rounds < repeat->times) {
      ++rounds;
      return repeat->body;
    }
    enrolled.rounds.erase(enrolled.at);
    return repeat->next;
  }
  if (const auto* update = std::get_if<graph::UpdateUser>(&step.action)) {
    if (enrolled.held_out) return update->next;
    const Fields fields = fields_of(asks, update->fields);
    bool news = false;
    for (Event& each : write(fields, &news)) caused_changes_.push_back(std::move(each));
    if (news) tell(enrolled.journey, "update " + text_of(fields));
    change_caused_ |= news;
    return update->next;
  }
  if (const auto* track = std::get_if<graph::Track>(&step.action)) {
    if (enrolled.held_out) return track->next;
    const Fields fields = fields_of(asks, track->fields);
    tell(enrolled.journey, "track " + track->event + " " + text_of(fields));
    Event event = make_event(track->event, fields);
    if (is_for_them(event)) cause_event(std::move(event));
    return track->next;
  }
  if (const auto* list = std::get_if<graph::ChangeList>(&step.action)) {
    if (!enrolled.held_out) change_list(enrolled, *list);
    return list->next;
  }
  if (const auto* consent = std::get_if<graph::ChangeSubscription>(&step.action)) {
    if (!enrolled.held_out) change_subscription(enrolled, *consent);
    return consent->next;
  }
  const auto& start = std::get<graph::Start>(step.action);
  if (enrolled.held_out) return start.next;
  const Fields fields = fields_of(asks, start.fields);
  tell(enrolled.journey, "start " + start.journey + " " + text_of(fields));
  cause_event(make_event(graph::api_event(start.journey), fields));
  return start.next;
}

// The provider is always told that somebody is off a list, since it may know more.
void Person::change_list(const Enrolled& enrolled, const graph::ChangeList& step) {
  const bool news = step.joins ? lists_.insert(step.list).second : lists_.erase(step.list) > 0;
  if (news && step.joins) caused_changes_.push_back(make_event(graph::list_event(step.list), {}));
  if (news || !step.joins) {
    tell(enrolled.journey, (step.joins ? "add to list " : "remove from list ") + step.list);
  }
  change_caused_ |= news;
}

// Who is to be asked first is subscribed when the provider says so.
void Person::change_subscription(const Enrolled& enrolled, const graph::ChangeSubscription& step) {
  for (const std::string& name : step.message_types) {
    const graph::MessageType& type = *world_.catalog.find_message_type(name);
    const bool asked_first = step.subscribes && type.policy == graph::ConsentPolicy::kDoubleOptIn;
    bool news = asked_first && !is_subscribed(type);
    if (!asked_first) {
      for (Event& each : write(with_consent(type, step.subscribes), &news)) {
        caused_changes_.push_back(std::move(each));
      }
      change_caused_ |= news;
    }
    const char* what = step.subscribes ? "subscribe to " : "unsubscribe from ";
    if (news) tell(enrolled.journey, what + name);
  }
}

// Who comes to a measured split again goes the way they went. Who counts in one enrollment
// does not count in another.
StepIndex Person::take_arm(std::size_t index, const graph::Split& step) {
  Enrolled& enrolled = enrolled_[index];
  if (!step.measure) return step.arms[arm_of(enrolled, step)].next;
  const auto known = enrolled.measured.find(enrolled.at);
  if (known != enrolled.measured.end()) return step.arms[known->second.arm].next;
  const std::size_t arm = arm_of(enrolled, step);
  const bool first =
      std::none_of(enrolled_.begin(), enrolled_.begin() + static_cast<std::ptrdiff_t>(index),
                   [&](const Enrolled& other) { return other.journey == enrolled.journey; });
  const bool counts = first && !enrolled.held_out;
  enrolled.measured[enrolled.at] = {arm, now_, counts, false};
  if (counts) tell(enrolled.journey, "measured " + step.name + " " + step.arms[arm].name);
  return step.arms[arm].next;
}

std::size_t Person::arm_of(const Enrolled& enrolled, const graph::Split& step) const {
  const Value unit =
      step.unit == graph::kNoExpr ? Value(world_.user) : answer(asker(enrolled), step.unit);
  const std::uint32_t place = world_.place_of(graph_of(enrolled).journey, step.name, unit);
  std::uint32_t border = 0;
  for (std::size_t i = 0; i < step.arms.size(); ++i) {
    border += step.arms[i].share;
    if (place < border) return i;
  }
  SOJOURN_CHECK(false, "the shares of a split sum to the whole");
  return 0;
}

}  // namespace sojourn::oracle
