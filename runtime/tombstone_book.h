// What has become of tombstones: of consent that was said of somebody before they appeared. Counted
// where users are written, whatever has made or ended them; once a day the counts are a line of
// the daemon's log, so that whoever sends consent can hold them against what they have sent. All of
// it are durable counters (tombstones_…), written by the commit that changes them. Owned by the
// shard, on its thread.
#pragma once

#include <cstdint>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

struct TurnRecord;

class TombstoneBook {
 public:
  base::Status load(store::Store& store);

  // A user was, and is, known by nothing but consent.
  void changed(bool before, bool now, TurnRecord& record);
  // The report, if none was made on this day (of UTC). The day of the first tombstone only begins
  // to count; before there is one, there is nothing to report.
  void report(TurnRecord& record);

  std::int64_t kept() const { return kept_.now; }
  std::int64_t applied() const { return applied_.now; }
  // Those of whom nothing else has been heard yet.
  std::int64_t waiting() const { return kept_.now - applied_.now; }

 private:
  struct Count {
    std::int64_t now = 0;
    std::int64_t reported = 0;  // when the last report was made
  };

  Count kept_;
  Count applied_;
  std::int64_t day_ = 0;  // of the last report; 0: never
};

}  // namespace sojourn::runtime
