#include "app/life_signs.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/check.h"

namespace sojourn::app {
namespace {

// How soon a state that was not taken is said again.
constexpr base::Millis kSayAgain = base::seconds(1);

// A line end would begin another assignment.
std::string one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

}  // namespace

LifeSigns::LifeSigns(std::optional<base::Millis> watchdog, Links links)
    : watchdog_(watchdog), links_(std::move(links)) {
  SOJOURN_CHECK(!watchdog_ || *watchdog_ >= kLeastWatchdog, "the shard comes round that often");
}

void LifeSigns::say(std::string lines) {
  unsaid_ = links_.say(lines) ? "" : std::move(lines);
}

void LifeSigns::starting(std::string_view part, base::Millis at_most,
                         std::int64_t monotonic_millis) {
  part_ = fmt::format("STATUS=starting: {}\nEXTEND_TIMEOUT_USEC={}", one_line(part),
                      at_most.count * 1000);
  part_at_most_ = at_most;
  part_said_ = monotonic_millis;
  say(part_);
}

void LifeSigns::goes_on(std::int64_t monotonic_millis) {
  const bool is_soon = monotonic_millis - part_said_ < part_at_most_.count / kSaysOfAPart;
  if (is_ready_ || part_.empty() || is_soon) return;
  part_said_ = monotonic_millis;
  say(part_);
}

void LifeSigns::ready(std::int64_t monotonic_millis) {
  is_ready_ = true;
  rounds_ = links_.rounds();
  last_sign_ = monotonic_millis;
  say("READY=1\nSTATUS=running");
}

void LifeSigns::stopping() {
  is_ready_ = false;
  say("STOPPING=1\nSTATUS=stopping: finishing what is in hand");
}

void LifeSigns::dying(std::string_view why) {
  is_ready_ = false;
  say("STATUS=died: " + one_line(why));
}

void LifeSigns::look(std::int64_t monotonic_millis) {
  if (!unsaid_.empty()) say(std::exchange(unsaid_, ""));
  if (!is_ready_ || !watchdog_) return;
  const std::uint64_t rounds = links_.rounds();
  if (rounds == rounds_) {
    return judge(monotonic_millis - last_sign_ >= watchdog_->count / 4 * 3);
  }
  rounds_ = rounds;
  last_sign_ = monotonic_millis;
  links_.say("WATCHDOG=1");
  judge(false);
}

void LifeSigns::judge(bool stands) {
  if (std::exchange(stands_, stands) == stands) return;
  links_.stands(stands);
  links_.say(stands ? "STATUS=the shard stands: its turn does not end" : "STATUS=running");
}

std::optional<base::Millis> LifeSigns::look_again() const {
  if (is_ready_ && watchdog_) return base::Millis{watchdog_->count / kLooks};
  if (!unsaid_.empty()) return kSayAgain;
  return std::nullopt;
}

}  // namespace sojourn::app
