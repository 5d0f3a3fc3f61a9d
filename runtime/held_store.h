// A store that was restored from a backup, until an operator says how far its past is to be
// trusted: what the node was doing when it was lost is not in the backup, so what is due may have
// been done already. While it is held nothing in it is due: no timer runs, no delivery is claimed.
// Events are taken in, kept and worked on as ever, so senders may repeat what was lost meanwhile.
//
// It stands before the store it is given, which must outlive it, and passes everything else on. On
// the shard's thread but for `stage`, which any thread may ask.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// What is known of the backup: the setting kHeld of a store that is held.
struct HeldRecord {
  base::Instant backup_at;     // the last instant that the backup knows
  std::uint64_t sequence = 0;  // its last commit
  friend bool operator==(const HeldRecord&, const HeldRecord&) = default;
};
inline constexpr const char* kHeldSetting = "held";

// Format: u8 version (1), signed varint backup_at, varint sequence. Empty: it is held no more.
std::string encode(const HeldRecord& record);
base::Result<HeldRecord> decode_held_record(std::string_view bytes);
// Nothing: it is not held. kFatal when the setting cannot be read.
base::Result<std::optional<HeldRecord>> read_held(store::Store& store);

class HeldStore final : public store::Store {
 public:
  enum class Stage : std::uint8_t {
    kHeld,       // nothing is due
    kTimersRun,  // timers are; what they let leave waits
    kReleased,   // everything is as it is
  };

  HeldStore(store::Store& held, const HeldRecord& record) : store_(held), record_(record) {}

  Stage stage() const { return stage_; }
  const HeldRecord& record() const { return record_; }
  // From held on.
  void let_timers_run() { stage_ = Stage::kTimersRun; }
  // Durable on return: the next process does not hold it.
  base::Status release();
  // Of those that are due and kept back.
  base::Result<std::size_t> timers_due(base::Instant until) { return store_.count_timers(until); }

  base::Result<store::Loaded> load(const store::ReadSet& read) override {
    return store_.load(read);
  }
  void commit(const store::Commit& commit, const Done& done) override {
    store_.commit(commit, done);
  }
  std::uint64_t sequence() const override { return store_.sequence(); }
  base::Result<store::UserId> new_user(std::uint16_t shard) override {
    return store_.new_user(shard);
  }
  base::Result<std::vector<store::TimerKey>> due_timers(base::Instant until,
                                                        std::size_t limit) override;
  base::Result<std::optional<base::Instant>> next_timer() override;
  base::Result<std::size_t> count_timers(base::Instant until) override;
  base::Result<std::vector<store::WaitingLane>> waiting_lanes() override;
  base::Result<std::vector<store::Delivery>> due_deliveries(std::uint32_t lane, base::Instant until,
                                                            std::size_t limit) override;
  base::Result<std::vector<store::Delivery>> late_deliveries(base::Instant now,
                                                             std::size_t limit) override;
  base::Result<std::optional<base::Instant>> next_deadline() override;
  base::Result<std::vector<store::Delivery>> claimed_deliveries(
      const std::optional<store::DeliveryKey>& after, std::size_t limit) override {
    return store_.claimed_deliveries(after, limit);
  }
  base::Result<std::vector<store::UserId>> users_with(std::uint32_t field, base::Hash128 value,
                                                      std::size_t limit) override {
    return store_.users_with(field, value, limit);
  }
  base::Result<bool> drop_field_values(std::uint32_t field, std::size_t limit) override {
    return store_.drop_field_values(field, limit);
  }
  base::Result<std::vector<store::FanOutRow>> fan_outs(const std::optional<store::FanOutKey>& after,
                                                       std::size_t limit) override {
    return store_.fan_outs(after, limit);
  }
  base::Result<std::vector<store::Row>> heads(const std::optional<store::UserId>& after,
                                              std::size_t limit) override {
    return store_.heads(after, limit);
  }
  base::Result<std::vector<store::Row>> rows(store::UserId user, store::RowKind kind,
                                             std::size_t limit) override {
    return store_.rows(user, kind, limit);
  }
  base::Result<std::vector<store::Delivery>> deliveries_of(store::UserId user) override {
    return store_.deliveries_of(user);
  }
  base::Result<std::vector<store::Delivery>> deliveries(
      const std::optional<store::DeliveryKey>& after, std::size_t limit) override {
    return store_.deliveries(after, limit);
  }
  base::Result<std::vector<std::pair<std::string, std::int64_t>>> counters() override {
    return store_.counters();
  }
  base::Result<bool> drop_seen_before(std::int32_t day, std::size_t limit) override {
    return store_.drop_seen_before(day, limit);
  }
  base::Status wash() override { return store_.wash(); }
  base::Result<std::vector<store::StoredGraph>> graphs() override { return store_.graphs(); }
  base::Status put_graph(const store::StoredGraph& graph) override {
    return store_.put_graph(graph);
  }
  base::Result<std::vector<std::uint32_t>> step_numbers(
      const std::string& journey, const std::vector<std::string>& identities) override {
    return store_.step_numbers(journey, identities);
  }
  base::Result<std::optional<std::string>> setting(const std::string& name) override {
    return store_.setting(name);
  }
  base::Status put_setting(const std::string& name, const std::string& value) override {
    return store_.put_setting(name, value);
  }

 private:
  bool hides_timers() const { return stage_ == Stage::kHeld; }
  bool hides_deliveries() const { return stage_ != Stage::kReleased; }

  store::Store& store_;
  const HeldRecord record_;
  std::atomic<Stage> stage_{Stage::kHeld};
};

}  // namespace sojourn::runtime
