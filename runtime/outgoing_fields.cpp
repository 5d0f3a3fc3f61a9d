#include "runtime/outgoing_fields.h"

#include <algorithm>
#include <string_view>

#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

bool holds(const graph::Value& list, std::int64_t id) {
  if (list.kind() != graph::Value::Kind::kList) return false;
  const graph::List& ids = list.as_list();
  return std::any_of(ids.begin(), ids.end(),
                     [&](const graph::Value& value) { return value == graph::Value(id); });
}

bool consents(const UserState& user, const graph::MessageType& type) {
  const bool opt_out = type.policy == graph::ConsentPolicy::kOptOut;
  if (!type.id) return opt_out;
  if (holds(user.field("unsubscribedMessageTypeIds"), *type.id)) return false;
  return opt_out || holds(user.field("subscribedMessageTypeIds"), *type.id);
}

}  // namespace

connectors::Recipient recipient_of(const UserState& user) {
  return connectors::Recipient{user.head().email.value_or(""), user.head().user_id.value_or("")};
}

std::vector<graph::Field> carried_fields(const UserState& user, base::Instant now,
                                         base::Millis carry_for) {
  std::vector<graph::Field> carried;
  for (const ProfileField& field : user.head().fields) {
    if (field.source != ProfileField::Source::kJourney) continue;
    if (field.accepted_at && now - *field.accepted_at >= carry_for) continue;
    carried.emplace_back(field.name, field.value);
  }
  return carried;
}

engine::SendPolicy send_policy(const UserState& user, const graph::Campaign& campaign,
                               const graph::MessageType& type) {
  engine::SendPolicy policy;
  // Iterable finds the address by userId too, so only somebody without either
  // identity has none; that cannot be. A phone number must stand in the profile.
  policy.needs_phone =
      campaign.medium == graph::Medium::kSms || campaign.medium == graph::Medium::kWhatsApp;
  policy.consent_missing = !consents(user, type);
  return policy;
}

}  // namespace sojourn::runtime
