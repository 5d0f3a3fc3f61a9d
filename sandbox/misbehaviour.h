// How the sandbox is told to misbehave: rules that hit some of the requests they
// match. Which ones depends on the seed and on how many came before, so a run with
// the same requests misbehaves the same. Pure but for its counters; one thread.
//
//   rule    = METHOD PATH chance action
//   METHOD  = a method, or `*` for any
//   PATH    = a path; `*` stands for any run of characters
//   chance  = PERCENT `%` | `every` N
//   action  = `delay` DURATION             answers, but later
//           | 429 [`retry-after` SECONDS]  refuses, and keeps nothing
//           | STATUS                       the same, any status from 400 to 599
//           | `accept_then_reset`          keeps it, then cuts the connection
//
// For example: `POST /api/*/target 5% 500`, `* /api/* every 10 delay 200ms`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

struct MisbehaviourRule {
  enum class Action : std::uint8_t { kDelay, kRefuse, kAcceptThenReset };

  std::string text;  // as it was written
  std::string method;
  std::string path;
  // One of the two: hits of a million, or the N of every N-th.
  std::uint32_t millionths = 0;
  std::uint32_t every = 0;
  Action action = Action::kRefuse;
  base::Millis delay;       // kDelay
  int status = 0;           // kRefuse
  std::string retry_after;  // kRefuse; empty: no header
};
base::Result<MisbehaviourRule> parse_misbehaviour(std::string_view text);

// What happens to one request. Delays add up; of the other actions the first rule
// that hits decides.
struct Deed {
  base::Millis delay;
  int status = 0;  // 0: handled as usual
  std::string retry_after;
  bool reset = false;
};

class Misbehaviour {
 public:
  static constexpr std::size_t kMaxRules = 100;
  static constexpr base::Millis kMaxDelay = base::minutes(10);

  Misbehaviour(std::uint64_t seed, std::vector<MisbehaviourRule> rules);

  // Counts the request in every rule that matches it.
  Deed next(std::string_view method, std::string_view path);

  struct Report {
    std::string text;
    std::uint64_t matched = 0;
    std::uint64_t hit = 0;
  };
  std::vector<Report> reports() const;
  std::uint64_t seed() const { return seed_; }

 private:
  struct Running {
    MisbehaviourRule rule;
    std::uint64_t matched = 0;
    std::uint64_t hit = 0;
  };
  bool hits(std::size_t place);

  std::uint64_t seed_;
  std::vector<Running> rules_;
};

}  // namespace sojourn::sandbox
