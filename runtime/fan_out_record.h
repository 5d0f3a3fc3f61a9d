// Events on their way to many users, as rows: part 0 is the event, each later part some of
// the users who are still to get it. A part is handed out whole, in the commit that removes
// it; the event goes with its last part.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/facts.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

struct FannedEvent {
  // The sender's; without one, made at arrival.
  std::string id;
  // Users are in so many parts; 0: it is still to be found out whom it is for.
  std::uint32_t parts = 0;
  engine::EventFact event;  // without a number
};

// Users of one part, at most.
inline constexpr std::size_t kFanOutPart = 250;

// What the event is called in each user's log: a name of this event for this user.
std::string fanned_id(const FannedEvent& event, store::UserId user);

// Format: u8 version (1), string id, varint parts, string event (event_codec.h).
std::string encode(const FannedEvent& event);
base::Result<FannedEvent> decode_fanned_event(std::string_view bytes);

// Format: u8 version (1), varint count, then the users in order, each as varint: packed id
// minus that of the one before (the first minus 0).
std::string encode_users(const std::vector<store::UserId>& users);
base::Result<std::vector<store::UserId>> decode_users(std::string_view bytes);

}  // namespace sojourn::runtime
