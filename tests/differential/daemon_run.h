// The life of a user in a shard with the real store, on a driven clock; the process dies
// and starts again on the same files now and then, also between the answer to an event for many
// and its coming to them. What the provider is asked to send it takes at once. Where nothing
// that one user does matters to another, a second one lives the same life beside the first.
#pragma once

#include <cstdint>
#include <vector>

#include "calendar/zone.h"
#include "dsl/program.h"
#include "tests/differential/daemon_story.h"
#include "tests/differential/random_history.h"
#include "tests/oracle/life.h"

namespace sojourn::differential {

struct DaemonLife {
  // Entries, calls, sends, skips, exits and goals. Of no journey, as the provider sees none: in its
  // place is who it is told of.
  std::vector<oracle::Told> story;
  std::vector<DaemonUser> users;
  std::size_t restarts = 0;
  std::size_t repeated_ids = 0;
  std::size_t killed_before_handing_out = 0;
  std::size_t answers_after_restarts = 0;
};
// `kills` decides after which inputs, and which are sent twice under one id.
DaemonLife live_in_daemon(const dsl::Program& program, calendar::ZoneSource& zones,
                          const History& history, base::Random& kills);

// A daemon knows nobody before their first input: what the profile is at the beginning is
// told by an update.
History begun_by_an_update(History history);
// An event that lies ahead of its clock is one of now to the daemon, and the fields of a change
// come in the order of their names, since they come in a JSON object.
History as_the_daemon_hears(History history);

}  // namespace sojourn::differential
