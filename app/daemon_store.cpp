#include "app/daemon_store.h"

#include <cstdint>
#include <filesystem>
#include <utility>

#include "app/store_path.h"
#include "base/instant.h"
#include "runtime/store/sqlite_store.h"

namespace sojourn::app {

DaemonStore::DaemonStore(uv::Loop& loop, const Log& log, const Config& config,
                         std::function<void()> goes_on)
    : log_(log),
      config_(config),
      goes_on_(std::move(goes_on)),
      disk_(loop, log, config.store_path, config.ballast_mebibytes << 20) {}

base::Status DaemonStore::open() {
  std::error_code error;
  std::filesystem::create_directories(config_.store_path, error);
  if (error) {
    return base::failure(base::Error::Kind::kInvalid,
                         "cannot make the folder " + config_.store_path + ": " + error.message());
  }
  warn_of_others();
  if (auto opened = open_database(); !opened) return opened;
  if (auto opened = open_ledger(); !opened) return opened;
  return look_whether_held();
}

std::function<void()> DaemonStore::teller() {
  return [this] {
    if (goes_on_) goes_on_();
  };
}

base::Status DaemonStore::open_database() {
  store::SqliteOptions options;
  options.path = config_.store_path + "/" + kStoreFile;
  options.cache_bytes = static_cast<std::uint64_t>(config_.cache_mebibytes) << 20;
  options.log_limit_bytes = static_cast<std::uint64_t>(config_.write_ahead_log_kibibytes) << 10;
  options.room.given = [this] { return disk_.room_given(); };
  options.room.give = [this](std::uint64_t seen) { return disk_.make_room(seen); };
  options.goes_on = teller();
  auto store = store::open_sqlite_store(options);
  if (!store) return tl::unexpected(store.error());
  store_ = std::move(*store);
  return {};
}

base::Status DaemonStore::open_ledger() {
  if (config_.erasure_ledger.empty()) return {};
  auto ledger = runtime::ErasureLedger::open(config_.erasure_ledger, teller());
  if (!ledger) return tl::unexpected(ledger.error());
  ledger_ = std::move(*ledger);
  return {};
}

base::Status DaemonStore::look_whether_held() {
  auto held = runtime::read_held(*store_);
  if (!held) return tl::unexpected(held.error());
  if (!*held) return {};
  held_.emplace(*store_, **held);
  log_.line(Log::Level::kWarning, "held",
            {{"backup_at", base::to_iso8601((*held)->backup_at)},
             {"until", "`sojourn release`: nothing leaves before"}});
  return {};
}

// A folder that is made now is its owner's alone; one of before may not be.
void DaemonStore::warn_of_others() const {
  using std::filesystem::perms;
  std::error_code error;
  const perms found = std::filesystem::status(config_.store_path, error).permissions();
  if (error || (found & (perms::group_all | perms::others_all)) == perms::none) return;
  log_.line(Log::Level::kWarning, "store_open_to_others",
            {{"folder", config_.store_path}, {"hint", "people are in it: chmod -R go-rwx"}});
}

}  // namespace sojourn::app
