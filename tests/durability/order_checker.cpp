#include "tests/durability/order_checker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace sojourn::durability {
namespace {

class OrderChecker {
 public:
  void see(const Written& written) { unsynced_.insert(written.file); }
  void see(const Synced& synced) {
    const bool was_written = unsynced_.erase(synced.file) != 0;
    log_synced_ |= was_written && synced.file.ends_with("-wal");
  }
  void see(const Published& seen) {
    const std::string why = why_broken(seen);
    if (!why.empty()) broken_.push_back({seen.promise, seen.name + " " + why});
    // The next commit needs a sync of its own.
    if (seen.last_commit > synced_commit_) {
      if (log_synced_) synced_commit_ = seen.last_commit;
      log_synced_ = false;
    }
  }
  std::vector<Broken> take() { return std::move(broken_); }

 private:
  std::string why_broken(const Published& seen) const {
    if (seen.last_commit < seen.commit) {
      return fmt::format("belongs to commit {}, the last complete one was {}", seen.commit,
                         seen.last_commit);
    }
    if (!unsynced_.empty()) {
      return fmt::format("came before a sync of {}", fmt::join(unsynced_, ", "));
    }
    if (seen.commit > synced_commit_ && !log_synced_) {
      return fmt::format("belongs to commit {}, for which no log was synced", seen.commit);
    }
    return {};
  }

  std::set<std::string> unsynced_;   // files written since their last sync
  bool log_synced_ = false;          // a write of the log, since the last commit seen
  std::uint64_t synced_commit_ = 0;  // the last one for which it was
  std::vector<Broken> broken_;
};

}  // namespace

std::vector<Broken> broken_by_order(const std::vector<Happening>& happenings) {
  OrderChecker checker;
  for (const Happening& happening : happenings) {
    std::visit([&](const auto& it) { checker.see(it); }, happening);
  }
  return checker.take();
}

}  // namespace sojourn::durability
