// What becomes of a further entry by somebody who has been in the journey before,
// or is (language 7: `reenter`, `while enrolled`).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"
#include "engine/facts.h"
#include "graph/graph.h"

namespace sojourn::engine {

// The enrollments of one unit so far, whatever their number.
struct EarlierEnrollments {
  bool inside = false;          // one is going on
  std::uint32_t ended = 0;      // how many have ended, restarted ones left out
  std::uint32_t restarts = 0;   // in a row, up to the one that is or was the last
  base::Instant last_ended_at;  // of the last that ended; meaningless when none has
};

// Takes up one more that ended.
void count_ended(EarlierEnrollments& earlier, std::string_view reason, base::Instant at);

// The reason of an enrollment that `while enrolled restart` ended.
inline constexpr std::string_view kRestarted = "restarted";
// That of one that ran to the end of its journey.
inline constexpr std::string_view kCompleted = "completed";

struct EntryVerdict {
  enum class Kind : std::uint8_t {
    kEnter,
    kUpdate,   // the enrollment that is going on takes the event for its entry
    kRestart,  // it ends as `restarted`, and another begins
    kRefuse,
  };
  Kind kind = Kind::kEnter;
  // The rule that refuses, as counters and logs name it: reenter_never,
  // reenter_after, reenter_times, enrolled, restart_times.
  std::string_view rule;
};

// `event` starts the journey, as entry_unit found. Pure, any thread.
EntryVerdict judge_entry(const graph::Graph& graph, const EarlierEnrollments& earlier,
                         const Facts& facts, const EventFact& event, base::Instant now);

}  // namespace sojourn::engine
