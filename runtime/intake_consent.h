// Iterable's subscription calls, which say all but many names in method, path and query:
// PATCH and DELETE /api/subscriptions/{group}/{id}/user/{email} and …/byUserId/{userId}, and
// PUT /api/subscriptions/{group}/{id}?action=subscribe|unsubscribe about many.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/intake_parse.h"
#include "runtime/intake_reader.h"

namespace sojourn::runtime {

// Nothing where it is none of these calls. Whether its group and id will do is not looked at.
std::optional<IntakeRequest::Endpoint> consent_endpoint(std::string_view method,
                                                        std::string_view path);

// Fills the reader's request, which has begun with the call's endpoint. `body`: of a PUT, whose
// names are `max_items` at most; null for the others.
std::optional<Problem> read_consent(IntakeReader& reader, const ConsentCall& call,
                                    const IntakeReader::Object* body, std::size_t max_items);

}  // namespace sojourn::runtime
