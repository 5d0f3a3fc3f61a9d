// Whether a message that was taken is sent. Private to the service; one thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/record_log.h"

namespace sojourn::sandbox {

struct Desk;

// Within this time a marketing campaign is not sent twice to one user, where the sender asks
// for that (`allowRepeatMarketingSends` false). 18 hours are those of an older help article.
inline constexpr base::Millis kRepeatWindow = base::hours(18);

// What the sender asked for: "2026-03-01 09:00:00", or with an offset after it.
std::optional<base::Instant> send_at(const nlohmann::json& body);

// The message in `logged` is sent or not at `now`; whatever becomes of it is noted, and told to
// whoever takes up `desk.sent`.
base::Status send_now(Desk& desk, const store::LoggedRecord& logged, base::Instant now);

// All scheduled messages whose time has come.
base::Status send_due(Desk& desk, base::Instant now);

}  // namespace sojourn::sandbox
