#include "app/store_orders.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/shard.h"
#include "runtime/store/store_copy.h"

namespace sojourn::app {
namespace {

using Stage = runtime::HeldStore::Stage;

// Carries the copy from step to step.
class Backup {
 public:
  Backup(store::Store& file, std::string to) : file_(file), to_(std::move(to)) {}

  base::Result<bool> step() {
    if (copy_ == nullptr) {
      auto begun = store::begin_copy(file_, to_);
      if (!begun) return tl::unexpected(begun.error());
      copy_ = std::move(*begun);
    }
    return copy_->step(kBackupStepPages);
  }

 private:
  store::Store& file_;
  const std::string to_;
  std::unique_ptr<store::StoreCopy> copy_;
};

base::Status change_stage(StoreOrder::What what, const StoreParts& parts) {
  if (parts.held == nullptr || parts.held->stage() == Stage::kReleased) {
    return base::failure(base::Error::Kind::kConflict, "the store is not held",
                         "there is nothing to release");
  }
  if (what == StoreOrder::What::kLetTimersRun) {
    parts.held->let_timers_run();
    parts.shard.hold(runtime::Shard::Hold::kWhatLeaves);
    return {};
  }
  if (auto released = parts.held->release(); !released) return released;
  parts.shard.hold(runtime::Shard::Hold::kNothing);
  return {};
}

}  // namespace

std::string words_of(const StoreOrder& order) {
  switch (order.what) {
    case StoreOrder::What::kBackup:
      return "backup";
    case StoreOrder::What::kLetTimersRun:
      return "release --timers";
    case StoreOrder::What::kRelease:
      return "release";
  }
  return {};
}

runtime::QueryAnswer answer_of(std::uint64_t token, const base::Status& status) {
  if (status) return {token, 200, R"({"done":true})"};
  const base::Error& error = status.error();
  const nlohmann::json said{
      {"error", error.hint.empty() ? error.message : error.message + "; " + error.hint}};
  return {token, error.kind == base::Error::Kind::kConflict ? 409 : 500, said.dump()};
}

runtime::ShardThread::Job job_of(StoreOrder order, StoreParts parts,
                                 std::function<void(base::Status)> done) {
  runtime::ShardThread::Job job;
  job.give_up = [done](const base::Error& why) { done(tl::unexpected(why)); };
  if (order.what != StoreOrder::What::kBackup) {
    job.step = [what = order.what, parts, done = std::move(done)] {
      done(change_stage(what, parts));
      return true;
    };
    return job;
  }
  auto backup = std::make_shared<Backup>(parts.file, std::move(order.to));
  job.step = [backup, done = std::move(done)] {
    const auto whole = backup->step();
    if (whole && !*whole) return false;
    done(whole ? base::Status() : tl::unexpected(whole.error()));
    return true;
  };
  return job;
}

}  // namespace sojourn::app
