// How the power goes under a running daemon, for the cases that cut it.
#pragma once

#include <array>
#include <cstddef>
#include <functional>

#include "tests/e2e/system.h"
#include "tests/faults/means.h"
#include "tests/faults/small_disk.h"

namespace sojourn::faults {

// The daemon is frozen first, and never runs again: a sync that is under way when a file system is
// shut down may be told that it worked (cut_race.py shows it of a plain file), and no process that
// has lost its power could tell anybody. `other`: a disk of the same machine. Whoever speaks to the
// daemon meanwhile, in another thread, gets no answer any more. False when it had ended by itself.
bool cut_under(e2e::Daemon& daemon, const SmallDisk& disk, const SmallDisk* other = nullptr);

// Says what it has to say, and calls this whenever something of it was acknowledged.
using Sender = std::function<void(const std::function<void()>& acknowledged)>;

// The same as soon as so much is acknowledged, or all is said, while the sender goes on in another
// thread.
bool cut_after(std::size_t count, const Sender& sender, e2e::Daemon& daemon, const SmallDisk& disk,
               const SmallDisk* other = nullptr);

// Becomes a daemon whose syncs are told to have worked and are not made.
const e2e::Words& lying_syncs();

struct CutPlace {
  const char* name;
  SmallDisk::Kind kind;
  Means needs;
};
inline constexpr std::array kCutPlaces{CutPlace{"ext4", SmallDisk::Kind::kExt4, Means::kLoopMount},
                                       CutPlace{"xfs", SmallDisk::Kind::kXfs, Means::kXfs}};

}  // namespace sojourn::faults
