#include "app/connection_budget.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/check.h"

namespace sojourn::app {
namespace {

// Of what is to spare, when there is too little: a quarter each for what goes out.
constexpr std::size_t kParts = 4;

bool lower(std::size_t& limit, std::size_t most) {
  if (limit <= most) return false;
  limit = most;
  return true;
}

}  // namespace

base::Status expect_files(std::size_t files) {
  if (files >= kLeastFiles) return {};
  return base::failure(
      base::Error::Kind::kInvalid,
      fmt::format("the system lets this process open {} files, and {} is the least", files,
                  kLeastFiles),
      "raise LimitNOFILE of the unit, or `ulimit -Hn`");
}

bool fit_connections(Config& config, std::size_t files) {
  SOJOURN_CHECK(files >= kLeastFiles, "whoever asks has looked");
  const bool forwards = config.forward.mode != runtime::ForwardMode::kOff;
  const std::size_t calls = config.webhooks.max_in_doubt *
                            (config.webhooks.allow.size() + config.webhooks.allow_private.size());
  const auto outgoing = [&] {
    return config.iterable_connections + (forwards ? config.forward.max_connections : 0) + calls;
  };
  const std::size_t spare = files - kOwnFiles;
  if (outgoing() + config.max_connections <= spare) return false;
  bool is_limited = lower(config.iterable_connections, spare / kParts);
  if (forwards && lower(config.forward.max_connections, spare / kParts)) is_limited = true;
  const std::size_t left = spare > outgoing() ? spare - outgoing() : 1;
  return lower(config.max_connections, left) || is_limited;
}

}  // namespace sojourn::app
