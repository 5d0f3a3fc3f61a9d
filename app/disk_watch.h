// Looks at the store's disk once a second and says in the log when its room runs out and comes back
// (disk_room.h). On the loop's thread, but for what the store calls.
#pragma once

#include <cstdint>
#include <string>

#include "app/disk_room.h"
#include "app/log.h"
#include "runtime/uv/http_message.h"
#include "runtime/uv/timer.h"

namespace sojourn::app {

class DiskWatch {
 public:
  // Nothing is taken in before `start`. `loop` and `log` outlive this.
  DiskWatch(uv::Loop& loop, const Log& log, const std::string& folder, std::int64_t ballast_bytes);

  void start() { look(); }
  bool takes_in() const { return room_.takes_in(); }
  // The answer to a request that comes while nothing is taken in; counted.
  uv::HttpResponse turn_away();
  // As those of DiskRoom: from any thread, for the store.
  std::uint64_t room_given() const { return room_.room_given(); }
  bool make_room(std::uint64_t seen) { return room_.make_room(seen); }

  DiskRoom::Report report() const { return room_.report(); }
  std::uint64_t turned_away() const { return turned_away_; }

 private:
  void look();
  void say() const;

  const Log& log_;
  DiskRoom room_;
  uv::Timer timer_;
  bool has_looked_ = false;
  std::uint64_t turned_away_ = 0;
};

}  // namespace sojourn::app
