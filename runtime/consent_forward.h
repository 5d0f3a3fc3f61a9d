// A sender's own call about one subscription of one user, as it goes on to Iterable
// (DeliveryRecord::kForward). Its path names the user; what is kept as the subject does not, so
// that it can be logged and listed: "DELETE /api/subscriptions/messageType/41". Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/request.h"
#include "runtime/intake.h"

namespace sojourn::runtime {

// `group` as Iterable spells it. `person` has one name.
IntakeForward consent_forward(std::string_view group, std::int64_t id, bool subscribes,
                              const Person& person);
bool is_consent(std::string_view subject);
// What such a forward asks of Iterable.
connectors::HttpRequest consent_request(const std::string& subject, const std::string& body);

}  // namespace sojourn::runtime
