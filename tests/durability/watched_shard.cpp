#include "tests/durability/watched_shard.h"

#include <variant>

#include "base/check.h"
#include "calendar/tzdata/system_zones.h"
#include "runtime/program.h"
#include "runtime/store/sqlite_store.h"
#include "tests/durability/welcome_journey.h"

namespace sojourn::durability {
namespace {

// A log so short that a run copies it into the database many times.
store::SqliteOptions options(const std::string& path, store::IoObserver& observer) {
  store::SqliteOptions options;
  options.path = path;
  options.log_limit_bytes = 200'000;
  options.observer = &observer;
  return options;
}

// A window so narrow that messages wait for it.
runtime::ShardSettings settings() {
  runtime::ShardSettings settings;
  settings.max_in_doubt = 16;
  return settings;
}

}  // namespace

WatchedShard::WatchedShard(const std::string& path, std::uint64_t seed) : WatchedShard(seed) {
  SOJOURN_CHECK(open(path).has_value(), "a disk that works lets a store be opened");
}

WatchedShard::WatchedShard(std::uint64_t seed)
    : zones_(tzdata::SystemZones::open().value()), random_(seed) {}

base::Status WatchedShard::open(const std::string& path) {
  auto store = store::open_sqlite_store(options(path, witness_));
  if (!store) return tl::unexpected(store.error());
  store_ = std::move(*store);
  witness_.watch(*store_);
  auto program =
      runtime::apply_program("durability", welcome_catalog(), {welcome_journey()}, *store_);
  if (!program) return tl::unexpected(program.error());
  shard_ = std::make_unique<runtime::Shard>(settings(), std::move(*program), *store_, *zones_,
                                            random_, witness_);
  return {};
}

WatchedShard::~WatchedShard() = default;

base::Instant WatchedShard::turn(std::deque<runtime::ShardInput> inputs, base::Instant now) {
  return try_turn(std::move(inputs), now).value();
}

base::Result<base::Instant> WatchedShard::try_turn(std::deque<runtime::ShardInput> inputs,
                                                   base::Instant now) {
  for (const runtime::ShardInput& input : inputs) {
    if (const auto* request = std::get_if<runtime::IntakeRequest>(&input)) witness_.asked(*request);
    if (const auto* ended = std::get_if<runtime::AttemptEnded>(&input)) witness_.ended(*ended);
  }
  while (true) {
    const auto report = shard_->turn(inputs, now);
    if (!report) return tl::unexpected(report.error());
    if (inputs.empty()) return report->next_wake;
  }
}

}  // namespace sojourn::durability
