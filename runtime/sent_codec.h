// What a user has been sent, as far as the rules of sending count it. Row kind kSent:
// one row of a user, number 0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/sending_rules.h"

namespace sojourn::runtime {

// Format: u8 version (1), varint count, then for each: fixed64 high and low of the
// message key, signed varint `at`, string campaign, u8 medium | 128 marketing, string
// message type.
std::string encode(const std::vector<engine::SentMessage>& sent);
base::Result<std::vector<engine::SentMessage>> decode_sent(std::string_view bytes);

}  // namespace sojourn::runtime
