// HMAC-SHA-256 (RFC 2104): who lacks the key cannot tell what was hashed, nor try names out. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sojourn::runtime {

// 64 lower-case hex digits. `key` is any bytes; stored, so the result may never change.
std::string keyed_hash(std::string_view key, std::string_view text);

}  // namespace sojourn::runtime
