#include "runtime/outgoing_fields.h"

#include "runtime/user_state.h"

namespace sojourn::runtime {

connectors::Recipient recipient_of(const UserState& user, connectors::ProjectIdentity identity) {
  return connectors::Recipient{user.head().email.value_or(""), user.head().user_id.value_or(""),
                               identity};
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

}  // namespace sojourn::runtime
