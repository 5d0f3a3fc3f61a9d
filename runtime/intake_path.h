// The paths of senders' calls that name somebody or something in the path: DELETE /api/users/…, and
// PATCH, DELETE and PUT /api/subscriptions/…. With `forward` such a call goes on to Iterable under
// our key; so one that another reader of paths could take for another call is refused, and what
// goes on is written anew from its parts. Pure.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace sojourn::runtime {

// The path as it goes on: every fixed word as it came, the name at its end percent-encoded by us.
// `path` is still percent-encoded, and one that `erases` or `consent_endpoint` knows. The error
// says what is wrong with it, as static text.
tl::expected<std::string, std::string_view> plain_path(std::string_view method,
                                                       std::string_view path);

}  // namespace sojourn::runtime
