#include "app/supervision.h"

#include <fmt/format.h>
#include <utility>

#include "runtime/uv/loop.h"

namespace sojourn::app {
namespace {

// Without a piece of work done: a large file takes minutes to open after a crash.
constexpr base::Millis kLongestPart = base::minutes(10);

}  // namespace

base::Result<std::optional<uv::ServiceManager>> service_manager() {
  auto manager = uv::ServiceManager::from(uv::ServiceManager::words_of_environment());
  if (!manager) return manager;
  const std::optional<uv::ServiceManager>& found = *manager;
  if (!found) return manager;
  const std::optional<base::Millis> watchdog = found->watchdog();
  if (watchdog && *watchdog < LifeSigns::kLeastWatchdog) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("WATCHDOG_USEC asks for a life sign every {} ms, and {} ms is the least",
                    watchdog->count, LifeSigns::kLeastWatchdog.count),
        fmt::format("write `WatchdogSec={}` or more into the unit",
                    LifeSigns::kLeastWatchdog.count / 1000));
  }
  return manager;
}

Supervision::Supervision(uv::Loop& loop, const Log& log, std::optional<uv::ServiceManager> manager)
    : loop_(loop), log_(log), manager_(std::move(manager)), timer_(loop, [this] { look(); }) {
  if (!manager_) return;
  LifeSigns::Links links;
  links.say = [this](std::string_view lines) { return manager_->say(lines); };
  links.rounds = [this] { return rounds_(); };
  links.stands = [this](bool stands) {
    if (stands) return log_.line(Log::Level::kError, "shard_stands");
    log_.info("shard_goes_on");
  };
  signs_.emplace(manager_->watchdog(), std::move(links));
}

void Supervision::starting(std::string_view part) {
  if (signs_) signs_->starting(part, kLongestPart, clock_.monotonic_millis());
}

void Supervision::goes_on() {
  if (signs_) signs_->goes_on(clock_.monotonic_millis());
}

void Supervision::ready(std::function<std::uint64_t()> rounds) {
  if (!signs_) return;
  rounds_ = std::move(rounds);
  signs_->ready(loop_.now_monotonic());
  wait();
}

void Supervision::stopping() {
  if (!signs_) return;
  signs_->stopping();
  wait();
}

void Supervision::dying(std::string_view why) {
  if (signs_) signs_->dying(why);
}

void Supervision::look() {
  if (signs_) signs_->look(loop_.now_monotonic());
  wait();
}

void Supervision::wait() {
  if (!signs_) return;
  if (const auto after = signs_->look_again()) return timer_.start(*after);
  timer_.stop();
}

}  // namespace sojourn::app
