// The life of a user in a shard with the real store, on a driven clock; the process dies
// and starts again on the same files now and then. What the provider is asked to send it
// takes at once.
#pragma once

#include <cstdint>
#include <vector>

#include "calendar/zone.h"
#include "dsl/program.h"
#include "tests/differential/random_history.h"
#include "tests/oracle/life.h"

namespace sojourn::differential {

struct DaemonLife {
  // Entries, sends, skips, exits and goals; of no journey, as the provider sees none.
  std::vector<oracle::Told> story;
  std::int64_t user = 0;  // as splits know them
  std::size_t restarts = 0;
  std::size_t repeated_ids = 0;
};
// `kills` decides after which inputs, and which are sent twice under one id.
DaemonLife live_in_daemon(const dsl::Program& program, calendar::ZoneSource& zones,
                          const History& history, base::Random& kills);

// A daemon knows nobody before their first input: what the profile is at the beginning is
// told by an update.
History begun_by_an_update(History history);

// What the daemon can be held to of what the oracle tells, in an order that does not go by
// journeys.
std::vector<oracle::Told> as_the_daemon_tells(std::vector<oracle::Told> story);

}  // namespace sojourn::differential
