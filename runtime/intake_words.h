// What Iterable asks of identities, and how it names kinds of values.
#pragma once

#include <simdjson.h>
#include <string_view>

#include "graph/type.h"

namespace sojourn::runtime {

// Neither has a part `.` or `..` between slashes, which no path can name, however it is encoded.
bool well_formed_email(std::string_view email);
// 1 to 52 characters of printable ASCII, no space at the end.
bool well_formed_user_id(std::string_view id);

// The kind of a JSON value, and the one that a declared type asks for.
std::string_view incoming_type(const simdjson::dom::element& value);
std::string_view expected_type(const graph::Type& type);

}  // namespace sojourn::runtime
