#include "tests/durability/order_checker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace sojourn::durability {

std::vector<Broken> broken_by_order(const std::vector<Happening>& happenings) {
  std::vector<Broken> broken;
  std::set<std::string> unsynced;
  for (const Happening& happening : happenings) {
    if (const auto* written = std::get_if<Written>(&happening)) {
      unsynced.insert(written->file);
    } else if (const auto* synced = std::get_if<Synced>(&happening)) {
      unsynced.erase(synced->file);
    } else {
      const auto& seen = std::get<Published>(happening);
      if (seen.last_commit < seen.commit) {
        broken.push_back(
            {seen.promise, fmt::format("{} belongs to commit {}, the last complete one was {}",
                                       seen.name, seen.commit, seen.last_commit)});
      } else if (!unsynced.empty()) {
        broken.push_back({seen.promise, fmt::format("{} came before a sync of {}", seen.name,
                                                    fmt::join(unsynced, ", "))});
      }
    }
  }
  return broken;
}

}  // namespace sojourn::durability
