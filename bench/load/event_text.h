// The events of the benchmarks, as senders of Iterable's API write them: about 155 bytes. Event
// number n of a stream is the same in every run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace sojourn::bench {

// Which events are sent, and whose they are.
struct EventStream {
  enum class Kind {
    kSignup,  // starts the welcome journey; `plan` alternates
    kVisit,   // no journey reads it; one field, `page`
  };
  Kind kind = Kind::kSignup;
  std::string run_name = "r0";  // part of every user and event id
  std::uint64_t people = 0;     // so many take turns; 0: each event is of another one
  std::uint64_t first = 0;      // the number of the first event
};

void append_event(std::string& out, const EventStream& stream, std::uint64_t number,
                  base::Instant created_at);

// A whole request for events [first, first + count): `events/track` for one,
// `events/trackBulk` for more.
std::string event_request(const EventStream& stream, std::string_view api_key, std::uint64_t first,
                          int count, base::Instant created_at);

}  // namespace sojourn::bench
