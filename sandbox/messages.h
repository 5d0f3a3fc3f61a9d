// The messages that the sandbox was sent, as its pages and tables show them. Values
// read back from the inbox; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

class Inbox;

struct Message {
  std::uint64_t sequence = 0;  // its place among everything that was kept
  base::Instant time;          // when it came
  base::Instant sends;         // when it is to be sent: then, or at its `sendAt`
  std::string medium;          // the language's word
  std::int64_t campaign_id = 0;
  std::string email;  // one of the two
  std::string user_id;
  std::string key;           // empty for a message that is not ours
  std::uint32_t copy = 1;    // the how-manieth with this key
  std::uint32_t copies = 1;  // how many there are by now
  std::string data_fields;   // JSON text of an object
};

struct MessageQuery {
  std::optional<std::string> key = std::nullopt;
  std::optional<std::string> email = std::nullopt;
  std::optional<std::string> user_id = std::nullopt;
  std::uint64_t after = 0;  // sequence, exclusive
  std::size_t limit = 100;  // at most kMaxMessages
};
inline constexpr std::size_t kMaxMessages = 1000;

// Oldest first. A message is found by the name it was addressed to.
base::Result<std::vector<Message>> find_messages(Inbox& inbox, const MessageQuery& query);

}  // namespace sojourn::sandbox
