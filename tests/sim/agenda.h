// What is to happen, in the order of simulated time, and of asking where that is the same. The one
// source of time in a run: milliseconds since it began. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/instant.h"

namespace sojourn::sim {

class Agenda {
 public:
  using Task = std::function<void()>;

  base::Millis now() const { return now_; }
  void after(base::Millis wait, Task task);
  // Only if `life` still lasts then.
  void after(base::Millis wait, const std::shared_ptr<int>& life, Task task);
  std::optional<base::Millis> next() const;
  // Goes to the next task and does it; false: there is none before `until`, where it now stands.
  bool step(base::Millis until);

 private:
  base::Millis now_;
  std::uint64_t asked_ = 0;
  std::map<std::pair<base::Millis, std::uint64_t>, Task> tasks_;
};

// The machine's clocks: a wall clock that people set, and a monotonic one that nobody can.
class MachineClock final : public base::Clock {
 public:
  explicit MachineClock(const Agenda& agenda) : agenda_(agenda) {}

  // 2026-03-01T09:00:00Z, when every run begins.
  static constexpr base::Instant kStart{1'772'355'600'000};
  base::Instant true_time() const { return kStart + agenda_.now(); }
  // How far the wall clock is ahead of the true time.
  base::Millis ahead() const { return ahead_; }
  void set_ahead(base::Millis ahead) { ahead_ = ahead; }

  base::Instant wall() override { return true_time() + ahead_; }
  std::int64_t monotonic_millis() override { return agenda_.now().count; }

 private:
  const Agenda& agenda_;
  base::Millis ahead_;
};

}  // namespace sojourn::sim
