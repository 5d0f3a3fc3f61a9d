// How fast timers that are overdue are taken: after an outage there may be a million, and what
// they let leave, and who sends meanwhile, must bear it. So many a second, and no turn more than
// its share. In due order, with nothing let past: who has waited longest comes first, and what
// falls due now waits behind.
//
// A timer is overdue when it is late by more than `after`; those that are not pass freely.
// Pure; owned by the shard, on its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/instant.h"

namespace sojourn::runtime {

class OverdueGate {
 public:
  OverdueGate(std::uint32_t per_second, base::Millis after);

  bool is_overdue(base::Instant due, base::Instant now) const { return due < now - after_; }
  // How many may be taken now.
  std::size_t room(base::Instant now);
  void took(std::size_t count);
  // How many have been taken since this was asked last.
  std::size_t taken_since_asked() { return std::exchange(taken_, 0); }
  // When some may be taken again; not before it is looked at.
  base::Instant next_opening() const;

 private:
  bool is_open() const { return millitokens_ >= slice_ * 1000; }

  std::int64_t per_second_;
  base::Millis after_;
  // They are let through in slices, so that a turn is worth its commit.
  std::int64_t slice_;
  std::int64_t millitokens_;
  std::optional<base::Instant> looked_at_;
  std::size_t taken_ = 0;
};

// What is known of the timers that wait behind the gate.
struct OverdueView {
  std::size_t waiting = 0;
  base::Millis late_by;      // the timer that has waited longest, overdue or not
  bool may_be_more = false;  // they were not counted to the end
};

}  // namespace sojourn::runtime
