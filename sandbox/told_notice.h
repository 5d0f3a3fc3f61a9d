// How a notice ended: what the sandbox keeps of each one that it told somebody by a webhook, or
// could not tell. Values and their record; pure.
//
// The record: topic is the event's name, and behind a blank how it ended unless it was taken;
// subject is the person; time is when it ended; the body a JSON object of the rest, times in
// milliseconds since 1970.
#pragma once

#include <cstdint>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/record_log.h"

namespace sojourn::sandbox {

struct ToldNotice {
  enum class End : std::uint8_t {
    kTaken,    // answered with a 2xx
    kGivenUp,  // tried as often as it is tried
    kDropped,  // for lack of room, without an attempt
    kLost,     // as the model of people wants it, without an attempt
  };
  std::string event;  // "emailOpen"
  End end = End::kTaken;
  std::string subject;        // as identity.h files people
  std::string message_key;    // empty: a message that is not ours
  std::uint64_t message = 0;  // the sequence of its record
  base::Instant happened;     // what is told of
  base::Instant begun;        // the first attempt
  base::Instant ended;        // the last answer came
  int attempts = 0;           // since it was told the last time, if `again`
  int unanswered = 0;         // those of them that got no answer: the receiver may have taken it
  bool bot = false;           // an opening by a program
  bool again = false;         // it had been taken before, and is told twice on purpose

  friend bool operator==(const ToldNotice&, const ToldNotice&) = default;
};

store::Record record_of(const ToldNotice& notice);
// An error where the record is none of these.
base::Result<ToldNotice> told_notice(const store::Record& record);

}  // namespace sojourn::sandbox
