// The bodies of system webhooks, in the shape that Iterable gives them. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "sandbox/happenings.h"

namespace sojourn::sandbox {

struct SentMessage;

// The data of a send comes back with it up to this size, and is left out beyond.
inline constexpr std::size_t kMaxTransactionalData = 12'000;

// {"email", "userId", "eventName", "dataFields"}: `dataFields` has the campaign, the template, the
// message's id, what the medium adds, and `transactionalData` and `metadata` of the request that
// sent it. `email_channels` are all of the project: a hard bounce takes somebody off them.
std::string webhook_payload(const SentMessage& message, Happening::Kind kind, base::Instant at,
                            const std::vector<std::int64_t>& email_channels);

}  // namespace sojourn::sandbox
