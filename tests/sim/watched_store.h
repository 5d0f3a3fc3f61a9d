// Stands between the shard and its store: keeps what the commits so far amount to, looks at each
// commit before it is made, and knows what a crash may have left. Outlives the stores that it is
// put before, one process after the other. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/agenda.h"
#include "tests/sim/invariants.h"
#include "tests/sim/passing_store.h"
#include "tests/unit/runtime/store/model_store.h"

namespace sojourn::sim {

class CommitWatch {
 public:
  // Told of each commit once it is on disk for certain, after a crash too.
  using Made = std::function<void(const store::Commit&, std::uint64_t number)>;

  CommitWatch(const MachineClock& clock, Found found, Made made)
      : clock_(clock), found_(std::move(found)), on_disk_(std::move(made)) {}

  // How far the daemon may rightly be ahead of the true time, because it had reason to believe a
  // wall clock that was.
  void may_be_ahead(base::Millis ahead) { ahead_ = std::max(ahead_, ahead); }

  // The shard is about to make its commit of this number.
  void begin(const store::Commit& commit, std::uint64_t number);
  // It is told that it has.
  void done(bool is_durable);
  // Ids of days before this one are forgotten on purpose.
  void drops_before(std::int32_t day) { kept_from_day_ = std::max(kept_from_day_, day); }
  // The index of a field is no more.
  void drops_field(std::uint32_t field) { dropped_fields_.insert(field); }
  // Before the first turn of a process: is what it finds what the last one left?
  void reopened(store::Store& store);

  // Users whom the commits since the last time concern.
  std::set<store::UserId> take_touched() { return std::exchange(touched_, {}); }
  std::set<store::UserId> users() const;
  std::uint64_t commits() const { return made_.size(); }
  std::uint64_t waits_over() const { return waits_over_; }

 private:
  void look_at_ids(const store::Commit& commit);
  void look_at_log(const store::Row& row);
  void look_at_messages(const store::Commit& commit);
  void pending_was_made();
  store::Universe universe() const;
  store::Content comparable(store::Content content) const;
  std::size_t commits_missing(const store::Content& found) const;

  const MachineClock& clock_;
  const Found found_;
  const Made on_disk_;
  base::Millis ahead_;
  store::Content content_;
  std::optional<store::Commit> pending_;
  std::uint64_t pending_number_ = 0;
  std::vector<store::Commit> made_;  // all of them, to tell what is missing
  std::int32_t kept_from_day_ = 0;
  std::set<std::uint32_t> dropped_fields_;
  std::set<store::UserId> touched_;
  std::map<std::string, std::string> arms_;  // by user, journey and split
  std::uint64_t waits_over_ = 0;
};

class WatchedStore final : public PassingStore {
 public:
  WatchedStore(std::unique_ptr<store::Store> under, CommitWatch& watch)
      : PassingStore(std::move(under)), watch_(watch) {}
  void commit(const store::Commit& commit, const Done& done) override;
  base::Result<bool> drop_seen_before(std::int32_t day, std::size_t limit) override {
    watch_.drops_before(day);
    return PassingStore::drop_seen_before(day, limit);
  }
  base::Result<bool> drop_field_values(std::uint32_t field, std::size_t limit) override {
    watch_.drops_field(field);
    return PassingStore::drop_field_values(field, limit);
  }

 private:
  CommitWatch& watch_;
};

}  // namespace sojourn::sim
