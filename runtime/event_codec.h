// Kept events of a user. Row kind kEvent, numbered by EventFact::number.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/facts.h"

namespace sojourn::runtime {

// Format: u8 version (1), string name, signed varint arrived_at, signed varint
// created_at - arrived_at, varint count, (string, value) pairs. The number is the
// row's key.
std::string encode(const engine::EventFact& event);
base::Result<engine::EventFact> decode_event(std::string_view bytes, std::uint64_t number);

}  // namespace sojourn::runtime
