// Whether there is room on the store's disk to take in more. While less than the mark is free,
// senders are turned away, so that what was taken before can be finished with what the ballast
// gives; once there is room for the ballast and for the mark again, the ballast is made first, and
// then the door is opened.
//
// `look` and `report` belong to one thread. `room_given` and `make_room` may be called from any: by
// the store, before a write of it and when that finds the disk full, between two looks or beside
// one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/ballast.h"
#include "base/result.h"

namespace sojourn::app {

class DiskRoom {
 public:
  using FreeBytes = std::function<base::Result<std::int64_t>()>;

  // The ballast's size is the mark, too. 0: neither is kept, and everything is always taken in.
  // Call `look` before anything is taken in.
  DiskRoom(const std::string& folder, std::int64_t ballast_bytes, FreeBytes free);

  // Asks how much is free. True when the door was opened or shut by it.
  bool look();
  // How often the ballast has been given up.
  std::uint64_t room_given() const { return ballast_.released(); }
  // Of a write that was refused for want of room, before which `room_given` was `seen`: true when
  // it may be tried again.
  bool make_room(std::uint64_t seen) { return ballast_.release(seen); }

  struct Report {
    bool takes_in = true;
    std::int64_t free_bytes = 0;     // as of the last look
    std::int64_t ballast_bytes = 0;  // that are held
    std::int64_t wanted_bytes = 0;   // that must be free before the door is opened, if it is shut
    std::string problem;             // why the last look told nothing; empty: it did
  };
  Report report() const;
  bool takes_in() const { return takes_in_; }

 private:
  std::int64_t wanted_bytes() const;
  void give_up_ballast() { ballast_.release(ballast_.released()); }

  const std::int64_t mark_bytes_;
  const FreeBytes free_;
  Ballast ballast_;
  bool takes_in_;
  std::int64_t free_bytes_ = 0;
  std::string problem_;
};

}  // namespace sojourn::app
