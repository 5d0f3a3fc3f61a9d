// What happens to a person from outside, and what they are watched for.
#include <utility>

#include "engine/changes.h"
#include "engine/send_policy.h"
#include "graph/reserved.h"
#include "testing/person.h"

namespace sojourn::testing {

void Person::begin() {
  watches_.begin(world_.program.watch_plan(), facts_of_all(), world_.now);
}

engine::EventFact Person::event_now(std::string name, std::vector<graph::Field> fields) {
  engine::EventFact event;
  event.number = next_event_++;
  event.name = std::move(name);
  event.created_at = world_.now;
  event.arrived_at = world_.now;
  event.fields = std::move(fields);
  return event;
}

void Person::event_arrives(std::string name, std::vector<graph::Field> fields,
                           base::Instant created_at) {
  begin();
  engine::EventFact event = event_now(std::move(name), std::move(fields));
  event.created_at = created_at;
  happenings_.event_arrived(*this, event);
  deliver_all();
}

void Person::profile_changes(const std::vector<graph::Field>& fields) {
  begin();
  const auto changes = apply(fields);
  if (!changes) return;
  happenings_.profile_changed(*this, *changes);
  deliver_all();
}

// The changes that a journey looks out for, or nothing when the profile is as it was.
std::optional<std::vector<engine::EventFact>> Person::apply(
    const std::vector<graph::Field>& fields) {
  bool changed = false;
  std::vector<engine::EventFact> facts;
  for (const graph::Field& given : fields) {
    const graph::Value before = field(given.first);
    changed |= set(given);
    auto fact = engine::change_fact(graph::change_event(given.first), before, field(given.first));
    if (fact && world_.program.is_heard(fact->name)) {
      facts.push_back(event_now(std::move(fact->name), std::move(fact->fields)));
    }
  }
  if (!changed) return std::nullopt;
  return facts;
}

void Person::list_changes(const std::string& list, bool joined) {
  begin();
  const auto changes = set_on_list(list, joined);
  if (!changes) return;
  happenings_.profile_changed(*this, *changes);
  deliver_all();
}

std::optional<std::vector<engine::EventFact>> Person::set_on_list(const std::string& list,
                                                                  bool on) {
  if (on ? !lists_.insert(list).second : lists_.erase(list) == 0) return std::nullopt;
  watches_.membership_changed(world_.program.watch_plan());
  std::vector<engine::EventFact> changes;
  const std::string event = graph::list_event(list);
  if (on && world_.program.is_heard(event)) changes.push_back(event_now(event, {}));
  return changes;
}

bool Person::engages(graph::Engagement what, std::string_view campaign) {
  const auto message = last_message_.find(campaign);
  if (message == last_message_.end()) return false;
  engage({what, message->second, &world_.program.campaign(campaign), {}});
  deliver_all();
  return true;
}

void Person::engage(const engine::Engaged& engaged) {
  if (engine::says_no(engaged.what) && engaged.campaign != nullptr) {
    const auto changes = apply(engine::with_subscription(
        *this, world_.program.message_type(engaged.campaign->message_type), false));
    if (changes) happenings_.profile_changed(*this, *changes);
  }
  if (is_heard(engaged.what)) happen(engaged.what, engine::fields_of(engaged, history_));
}

bool Person::is_heard(graph::Engagement what) const {
  return world_.program.is_heard(graph::event_of(what).name);
}

void Person::happen(graph::Engagement what, std::vector<graph::Field> fields) {
  happenings_.event_arrived(*this, event_now(graph::event_of(what).name, std::move(fields)));
}

void Person::keep(const engine::EventFact& event) {
  history_.push_back(event);
  watches_.event_kept(world_.program.watch_plan(), event.name);
}

void Person::look_at_watches() {
  const engine::WatchPlan& plan = world_.program.watch_plan();
  std::vector<engine::EventFact> entries;
  for (const auto& came : watches_.take(plan, facts_of_all(), world_.now)) {
    engine::EventFact event = event_now(plan.rules()[came.rule].event(), {});
    event.created_at = came.at;
    entries.push_back(std::move(event));
  }
  happenings_.cause_entries(std::move(entries));
}

}  // namespace sojourn::testing
