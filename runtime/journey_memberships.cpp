// Steps that change what their user belongs to: true here at once, and planned as deliveries.
// And consent that is given or taken back from outside.
#include <utility>

#include "base/check.h"
#include "engine/send_policy.h"
#include "graph/reserved.h"
#include "runtime/find_user.h"
#include "runtime/item_names.h"
#include "runtime/journey_runner.h"
#include "runtime/program.h"

namespace sojourn::runtime {

std::optional<std::vector<engine::EventFact>> JourneyRunner::set_on_list(UserState& user,
                                                                         std::string_view list,
                                                                         bool on, const Seat* by) {
  if (!user.set_on_list(list, on)) return std::nullopt;
  log(user, LogRecord::Kind::kProfile, by, {}, std::string(on ? "joined " : "left ").append(list));
  std::vector<engine::EventFact> changes;
  std::string event = graph::list_event(list);
  if (on && matters(user, event)) changes.push_back(event_now(user, std::move(event), {}));
  return changes;
}

void JourneyRunner::cause_change(engine::EventFact change) {
  const std::string event = change.name;
  if (happenings_.cause_change(std::move(change))) return;
  record_.output.notes.push_back({"change_not_told", event});
}

void JourneyRunner::change_list(UserState& user, const Seat& seat,
                                const engine::ChangeList& change) {
  auto changes = set_on_list(user, change.list, change.joins, &seat);
  // Who is known to be on the list is not put on it again: Iterable starts journeys of its own
  // then. Who is not known to be on it may be there all the same, and is taken off.
  if (!changes && change.joins) return;
  if (changes) happenings_.cause_profile_change();
  for (engine::EventFact& fact : changes.value_or(std::vector<engine::EventFact>())) {
    cause_change(std::move(fact));
  }
  const auto kind =
      change.joins ? DeliveryRecord::Kind::kAddToList : DeliveryRecord::Kind::kRemoveFromList;
  DeliveryRecord record = delivery(seat, change.step, change.occurrence, kind);
  record.subject = change.list;
  planner_->plan(user, key_of(user, seat, change.step, change.occurrence, kind), std::move(record));
}

void JourneyRunner::change_subscription(UserState& user, const Seat& seat,
                                        const engine::ChangeSubscription& change) {
  const graph::MessageType* type = user.message_type(change.message_type);
  SOJOURN_CHECK(type != nullptr, "a message type that a journey changes is declared");
  if (change.subscribes && graph::is_asked_first(*type)) {
    if (engine::is_subscribed(user, *type)) return;
  } else {
    const auto fields = engine::with_subscription(user, *type, change.subscribes);
    if (fields.empty()) return;
    const std::vector<FieldBefore> before = remember_before(user, fields);
    for (const auto& [name, value] : fields) {
      user.set_field({name, value, ProfileField::Source::kSubscription, record_.now, {}});
    }
    happenings_.cause_profile_change();
    for (engine::EventFact& fact : changes_since(user, before)) cause_change(std::move(fact));
    log(user, LogRecord::Kind::kProfile, &seat, {},
        (change.subscribes ? "subscribed to " : "unsubscribed from ") + change.message_type);
  }
  const auto kind =
      change.subscribes ? DeliveryRecord::Kind::kSubscribe : DeliveryRecord::Kind::kUnsubscribe;
  DeliveryRecord record = delivery(seat, change.step, change.occurrence, kind);
  record.subject = change.message_type;
  planner_->plan(user, key_of(user, seat, change.step, change.occurrence, kind), std::move(record));
}

void JourneyRunner::set_consent(UserState& user, const std::vector<graph::Field>& fields,
                                std::string_view detail) {
  if (fields.empty()) return;
  const std::vector<FieldBefore> before = begin_profile_change(user, fields);
  for (const auto& [name, value] : fields) {
    user.set_field({name, value, ProfileField::Source::kIntake, record_.now, {}});
  }
  log(user, LogRecord::Kind::kProfile, nullptr, {}, detail);
  profile_changed(user, before);
}

void JourneyRunner::take_consent(UserState& user, const UserState& other, bool become_one) {
  const UserHead& head = other.head();
  const std::string whose =
      become_one ? name_of({head.email, head.user_id}) : "user " + printed_id(other.id());
  const std::string detail = "the consent of " + whose;
  const auto fields = engine::with_consent_of(user, other, become_one);
  // Who turns out to be this user is named, also where nothing of theirs is news.
  if (fields.empty() && become_one && other.is_tombstone()) {
    log(user, LogRecord::Kind::kProfile, nullptr, {}, detail);
  }
  set_consent(user, fields, detail);
}

void JourneyRunner::opt_out(UserState& user, const graph::Campaign& campaign) {
  const graph::MessageType* type = user.message_type(campaign.message_type);
  if (type == nullptr) return;
  set_consent(user, engine::with_subscription(user, *type, false),
              "unsubscribed from " + type->name);
}

}  // namespace sojourn::runtime
