// What the service manager is told of the daemon: how its start goes, that it is ready, that it
// is alive, that it stops. It is alive when its loop turns, which brings `look` about, and when
// the shard's thread has come round since the last sign: nobody else may say so for them.
// Pure but for what it is given; on the loop's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace sojourn::app {

class LifeSigns {
 public:
  // A shard that has nothing to do comes round every second, so nobody can be told more often.
  static constexpr base::Millis kLeastWatchdog = base::seconds(4);
  // Looks in each span of the watchdog.
  static constexpr int kLooks = 4;
  static constexpr int kSaysOfAPart = 10;

  struct Links {
    // To the service manager; false when it did not take it.
    std::function<bool(std::string_view)> say;
    // How often the shard's thread has come round (runtime::ShardThread::State).
    std::function<std::uint64_t()> rounds;
    // The shard has not come round for three quarters of that span, or does so again.
    std::function<void(bool stands)> stands;
  };
  // `watchdog`: the longest silence, kLeastWatchdog or more; nothing: no life signs are wanted.
  LifeSigns(std::optional<base::Millis> watchdog, Links links);

  // Before it is ready: what is being done, and how long that may take. Each part of the start
  // says so anew, so a part that hangs ends the start.
  void starting(std::string_view part, base::Millis at_most, std::int64_t monotonic_millis);
  // Some of that part's work has been done since: it may take as long once more. To be called by
  // the work itself; said at most kSaysOfAPart times in that span, however often it is called.
  void goes_on(std::int64_t monotonic_millis);
  void ready(std::int64_t monotonic_millis);
  void stopping();
  // It dies of that.
  void dying(std::string_view why);

  // Looks whether the daemon is alive, and says so. Says again what was not taken.
  void look(std::int64_t monotonic_millis);
  // When it wants to look again; nothing: there is nothing to look for.
  std::optional<base::Millis> look_again() const;

 private:
  void say(std::string lines);
  void judge(bool stands);

  const std::optional<base::Millis> watchdog_;
  const Links links_;
  std::string unsaid_;  // of the start, of being ready or the stop, and not taken yet
  std::string part_;    // as it was said
  base::Millis part_at_most_;
  std::int64_t part_said_ = 0;  // monotonic
  bool is_ready_ = false;
  bool stands_ = false;
  std::uint64_t rounds_ = 0;    // at the last sign
  std::int64_t last_sign_ = 0;  // monotonic
};

}  // namespace sojourn::app
