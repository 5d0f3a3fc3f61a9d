// Iterable's ways to answer, byte for byte where they have been seen. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sandbox/exchange.h"

namespace sojourn::sandbox {

// {"msg":…,"code":…,"params":…}; `params` is JSON text.
Reply envelope(int status, std::string_view code, std::string_view message,
               std::string_view params = "null");

Reply success(std::string_view message, std::string_view params = "null");
Reply bad_api_key(std::string_view path);
Reply not_found();  // a path or method that does not exist: an HTML page
// `place` is a path in the body ("events[1].createdAt") or empty when it is not JSON at all.
Reply bad_json(std::string_view path, std::string_view place, std::string_view words);
Reply invalid_email(std::string_view email);
Reply invalid_user_id(std::string_view user_id);
Reply no_user();
Reply database_error();
// The sandbox itself is at fault; `words` say how, for whoever mends it.
Reply broken(std::string_view words);

// What a misbehaving server answers: Iterable's body for `status`.
Reply misbehaved(int status, std::string_view path, std::string_view retry_after,
                 std::int64_t project);

}  // namespace sojourn::sandbox
