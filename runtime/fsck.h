// Whether what lies in a store is what the runtime would have written: every row can be read, what
// belongs together is there and agrees, whoever is inside a journey waits for something, and the
// counters are the sums that they say. Reads each row once, and for most of them a few others;
// never writes. What a sound store may hold is in docs/store.md ("Checking a store").
//
// Memory does not grow with the number of people, but for the timers and deliveries that paused
// journeys hold back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sojourn::store {
class Survey;
}

namespace sojourn::runtime {

struct FsckFinding {
  std::string kind;   // a stable word: fsck_kinds() has all
  std::string where;  // the row, the user or the counter
  std::string what;
};

struct FsckReport {
  static constexpr std::size_t kMaxFindings = 200;

  std::vector<FsckFinding> findings;  // the first kMaxFindings
  std::uint64_t found = 0;            // all
  // What was looked at.
  std::uint64_t sequence = 0;  // of the last commit
  std::uint64_t users = 0;
  std::uint64_t rows = 0;
  std::uint64_t identities = 0;
  std::uint64_t timers = 0;
  std::uint64_t deliveries = 0;

  bool is_clean() const { return found == 0; }
};

// A file that cannot be read to its end is a finding, too.
FsckReport check_store(store::Survey& survey);

// Each kind of finding, and what it means.
struct FsckKind {
  const char* kind;
  const char* meaning;
};
const std::vector<FsckKind>& fsck_kinds();

}  // namespace sojourn::runtime
