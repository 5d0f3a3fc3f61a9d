// A message whose fate is known, for those who tell the world of it: it was sent, or it was
// skipped for a reason. A value.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "base/instant.h"
#include "sandbox/project.h"

namespace sojourn::sandbox {

struct SentMessage {
  std::uint64_t sequence = 0;  // its message id is made of it
  base::Instant time;          // when it was sent
  std::string medium;          // the language's word
  CampaignFacts campaign;
  std::string email;  // one of the two, or both
  std::string user_id;
  nlohmann::json data_fields;  // of the request; an object
  nlohmann::json metadata;     // of the request, or null
  std::string skip_reason;     // empty: it was sent
};

// 32 hex digits.
std::string message_id(std::uint64_t sequence);

}  // namespace sojourn::sandbox
