// A daemon under a service manager: life signs (life_signs.h) by a timer of the loop, so that a
// loop that hangs gives none. Without a service manager it does nothing. On the loop's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "app/life_signs.h"
#include "app/log.h"
#include "base/result.h"
#include "runtime/uv/service_manager.h"
#include "runtime/uv/system_clock.h"
#include "runtime/uv/timer.h"

namespace sojourn::app {

// Of the environment; nothing when nobody supervises. An error (kInvalid) when it asks for what
// cannot be given.
base::Result<std::optional<uv::ServiceManager>> service_manager();

class Supervision {
 public:
  // `loop` and `log` outlive it.
  Supervision(uv::Loop& loop, const Log& log, std::optional<uv::ServiceManager> manager);

  void starting(std::string_view part);
  void goes_on();
  // `rounds`: see LifeSigns::Links. Called until `stopping` or `dying`.
  void ready(std::function<std::uint64_t()> rounds);
  void stopping();
  void dying(std::string_view why);

 private:
  void look();
  void wait();

  uv::Loop& loop_;
  uv::SystemClock clock_;  // that of the loop stands while a start blocks it
  const Log& log_;
  const std::optional<uv::ServiceManager> manager_;
  std::function<std::uint64_t()> rounds_;
  std::optional<LifeSigns> signs_;  // with a manager
  uv::Timer timer_;
};

}  // namespace sojourn::app
