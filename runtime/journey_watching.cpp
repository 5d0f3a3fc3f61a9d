// What starts journeys beside events of senders: changes of the profile, and what users
// are watched for.
#include <utility>

#include "engine/changes.h"
#include "runtime/journey_runner.h"
#include "runtime/program.h"

namespace sojourn::runtime {

engine::EventFact JourneyRunner::event_now(UserState& user, std::string name,
                                           std::vector<graph::Field> fields) const {
  engine::EventFact event;
  event.number = user.next_event_number();
  event.name = std::move(name);
  event.created_at = record_.now;
  event.arrived_at = record_.now;
  event.fields = std::move(fields);
  return event;
}

void JourneyRunner::look_at_watches(UserState& user) {
  if (!user.watches().wants_look(record_.now)) return;
  const engine::WatchPlan& plan = context_.program.watch_plan();
  std::vector<engine::EventFact> entries;
  for (const auto& came : user.watches().take(plan, user.facts(context_.zones), record_.now)) {
    engine::EventFact event = event_now(user, plan.rules()[came.rule].event(), {});
    event.created_at = came.at;
    entries.push_back(std::move(event));
  }
  if (entries.empty()) return;
  const std::string first = entries.front().name;
  if (happenings_.cause_entries(std::move(entries))) return;
  record_.output.notes.push_back({"entries_not_carried_out", first});
}

// What reads the zone is followed as when the person had moved to another one.
void JourneyRunner::zone_rules_changed(UserState& user) {
  begin_input(user);
  user.watches().zone_rules_changed(context_.program.watch_plan());
  profile_changed(user, {});
}

std::vector<FieldBefore> JourneyRunner::begin_profile_change(UserState& user,
                                                             std::span<const graph::Field> fields) {
  begin_input(user);
  return remember_before(user, fields);
}

std::vector<FieldBefore> JourneyRunner::remember_before(
    const UserState& user, std::span<const graph::Field> fields) const {
  std::vector<FieldBefore> before;
  for (const auto& [name, value] : fields) {
    const std::string* event = context_.program.change_of(name);
    if (event != nullptr) before.push_back({name, *event, user.field(name)});
  }
  return before;
}

std::vector<engine::EventFact> JourneyRunner::changes_since(
    UserState& user, const std::vector<FieldBefore>& before) const {
  std::vector<engine::EventFact> changes;
  for (const FieldBefore& field : before) {
    auto change = engine::change_fact(field.event, field.value, user.field(field.field));
    if (!change || !matters(user, field.event)) continue;
    changes.push_back(event_now(user, std::move(change->name), std::move(change->fields)));
  }
  return changes;
}

}  // namespace sojourn::runtime
