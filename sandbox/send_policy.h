// Whether a message that was taken is sent. Private to the service; one thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

struct Desk;

// Within this time a marketing campaign is not sent twice to one user, where the sender asks
// for that (`allowRepeatMarketingSends` false). 18 hours are those of an older help article.
inline constexpr base::Millis kRepeatWindow = base::hours(18);

// What the sender asked for: "2026-03-01 09:00:00", or with an offset after it.
std::optional<base::Instant> send_at(const nlohmann::json& body);

// A message that was kept: the sequence, topic and subject of its record, and the request.
struct Sending {
  std::uint64_t message = 0;
  std::string_view topic;
  std::string_view subject;
  const nlohmann::json& body;
};
// It is sent or not at `now`; whatever becomes of it is noted, and told to whoever takes up
// `desk.sent`.
base::Status send_now(Desk& desk, const Sending& sending, base::Instant now);

// All scheduled messages whose time has come.
base::Status send_due(Desk& desk, base::Instant now);

}  // namespace sojourn::sandbox
