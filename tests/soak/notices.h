// The notices about one person, those of one thing that happened together: the sandbox tells of it
// until it is answered, and of some things twice on purpose. A value; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "tests/soak/person.h"

namespace sojourn::soak {

// What a natural key stands for: of these the daemon works in one, and calls the others repeated.
struct Happened {
  std::string event;
  std::uint64_t message = 0;  // the sequence of its record
  std::string key;
  base::Instant at;
  bool bot = false;
  std::uint32_t taken = 0;       // times that it was answered with a 2xx
  std::uint32_t unanswered = 0;  // attempts without an answer: the daemon may have taken it
  std::uint32_t given_up = 0;
  std::uint32_t dropped = 0;
  std::uint32_t lost = 0;
  base::Instant begun;                    // the first attempt
  std::optional<base::Instant> taken_at;  // the first answer with a 2xx

  bool may_be_known() const { return taken > 0 || unanswered > 0; }
};

std::vector<Happened> happened_of(const SandboxPerson& person);

// Whether it takes back consent to what the soak sends.
bool is_opt_out(const Happened& one);
// Whether it is a hard bounce or a complaint, after which an address is not written to; Iterable
// tells of a bounce once more when it unsubscribes the address.
bool suppresses(const Happened& one, const std::vector<Happened>& all);
// The word by which a log has it: `opened`. Empty for what is no engagement: an opening by a
// program, and that Iterable itself unsubscribes an address which has bounced.
std::string_view engagement_of(const Happened& one, const std::vector<Happened>& all);

}  // namespace sojourn::soak
