// The event that starts the welcome journey, as a sender of Iterable's API writes
// it: about 155 bytes. User number n is the same user in every run of one name;
// `plan` alternates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace sojourn::bench {

void append_event(std::string& out, std::string_view run_name, std::uint64_t number,
                  base::Instant created_at);

// A whole request for events [first, first + count): `events/track` for one,
// `events/trackBulk` for more.
std::string event_request(std::string_view run_name, std::string_view api_key, std::uint64_t first,
                          int count, base::Instant created_at);

}  // namespace sojourn::bench
