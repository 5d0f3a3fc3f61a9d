// The calls by which senders have people erased: DELETE /api/users/{email} and
// /api/users/byUserId/{userId}, POST /api/users/forget and unforget.
#pragma once

#include <string_view>

#include "runtime/intake_mapping.h"
#include "runtime/intake_reader.h"

namespace sojourn::runtime {

// forget and unforget.
Parsed<IntakeItem> read_erasure(const IntakeReader& reader, const IntakeReader::Object& fields);

// A DELETE, which says all in its path, still percent-encoded.
tl::expected<IntakeRequest, IntakeAnswer> delete_request(std::string_view path,
                                                         ForwardMode forward);

bool is_erasure(const IntakeRequest& request);

}  // namespace sojourn::runtime
