// A sender's own calls about erasing somebody, as they go on to Iterable
// (DeliveryRecord::kForward). A DELETE names its user in its path; here the path stays a pattern,
// so that it can be logged and listed, and the name is in the body. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/recipient.h"
#include "connectors/request.h"
#include "runtime/delivery_record.h"
#include "runtime/intake.h"

namespace sojourn::runtime {

bool is_delete(std::string_view path);
// That, or to forget somebody, or to take that back.
bool is_erasing(std::string_view path);
// `person` has one name.
IntakeForward delete_forward(const Person& person);

// To forget somebody, by the name that the project tells people apart by; nothing where they have
// no such name, so that Iterable cannot be asked.
std::optional<IntakeForward> forget_forward(const Person& person,
                                            connectors::ProjectIdentity identity);

// What a forward asks of Iterable.
connectors::HttpRequest forwarded_request(const std::string& path, const std::string& body);

// What is kept of a delivery that is under way when its user is erased: a forward that says
// nothing, so that what goes on about the user waits for its end.
DeliveryRecord hollow(const DeliveryRecord& under_way);
bool is_hollow(const DeliveryRecord& forward);

}  // namespace sojourn::runtime
