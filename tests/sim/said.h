// What a sender says of a person, and how it is put on the wire. A value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/intake.h"

namespace sojourn::sim {

struct Said {
  enum class What : std::uint8_t {
    kSignup,
    kLogin,
    kCancelled,
    kPlaced,
    kPaid,
    kAsked,
    kScore,    // a number that only rises
    kUpgrade,  // plan "pro"
    kDowngrade,
    kOptOut,  // of the marketing type
    kOptIn,
    kDelete,
    kForget,
    kMerge,  // `other` turns out to be the person
    kTeam,   // of which they are from now on
    kAlarm,  // for everybody of a team
    kAllClear,
  };
  What what = What::kSignup;
  std::size_t person = 0;
  std::size_t other = 0;
  std::string ref;  // of events: what the message about it carries; also its id
  std::int64_t number = 0;
  std::string team;
  int tries = 0;
  // The commit that has it, as far as is known.
  std::optional<std::uint64_t> durable;
  // The hash by which the store recognises it; of what has no id, nothing.
  std::optional<std::uint64_t> seen_hash = {};
};
std::string_view to_string(Said::What what);

std::string email_of(std::size_t person);

// What goes over the wire. `path` of a DELETE, otherwise an endpoint with a body.
struct Post {
  std::optional<runtime::IntakeRequest::Endpoint> endpoint;
  std::string path;
  std::string body;
};
Post post_of(const Said& said);

}  // namespace sojourn::sim
