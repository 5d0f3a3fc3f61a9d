#include "app/descriptor_limit.h"

#include <algorithm>
#include <sys/resource.h>

namespace sojourn::app {
namespace {

// The store, the loops, the control socket and who asks there, the log, and some to spare.
constexpr std::uint64_t kOwn = 64;

std::uint64_t needed(const Config& config) {
  const bool forwards = config.forward.mode != runtime::ForwardMode::kOff;
  return kOwn + config.max_connections + config.iterable_connections +
         (forwards ? config.forward.max_connections : 0) +
         config.webhooks.max_in_doubt *
             (config.webhooks.allow.size() + config.webhooks.allow_private.size());
}

}  // namespace

DescriptorLimit raise_descriptor_limit(const Config& config) {
  const DescriptorLimit wanted{.needed = needed(config), .allowed = 0};
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < wanted.needed && limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = std::min<rlim_t>(wanted.needed, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return {.needed = wanted.needed, .allowed = limit.rlim_cur};
}

}  // namespace sojourn::app
