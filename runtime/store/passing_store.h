// A store that passes everything on to another: for those that hide, watch or falsify some of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/store/store.h"

namespace sojourn::store {

class PassingStore : public Store {
 public:
  // `under` outlives this.
  explicit PassingStore(Store& under) : under_(under) {}
  Store& under() const { return under_; }

  base::Result<Loaded> load(const ReadSet& read) override { return under_.load(read); }
  void commit(const Commit& commit, const Done& done) override { under_.commit(commit, done); }
  std::uint64_t sequence() const override { return under_.sequence(); }
  base::Result<UserId> new_user(std::uint16_t shard) override { return under_.new_user(shard); }
  base::Result<std::vector<TimerKey>> due_timers(base::Instant until, std::size_t limit) override {
    return under_.due_timers(until, limit);
  }
  base::Result<std::optional<base::Instant>> next_timer() override { return under_.next_timer(); }
  base::Result<std::size_t> count_timers(base::Instant until, std::size_t at_most) override {
    return under_.count_timers(until, at_most);
  }
  base::Result<std::vector<WaitingLane>> waiting_lanes() override { return under_.waiting_lanes(); }
  base::Result<std::vector<Delivery>> due_deliveries(std::uint32_t lane, base::Instant until,
                                                     std::size_t limit) override {
    return under_.due_deliveries(lane, until, limit);
  }
  base::Result<std::vector<Delivery>> late_deliveries(base::Instant now,
                                                      std::size_t limit) override {
    return under_.late_deliveries(now, limit);
  }
  base::Result<std::optional<base::Instant>> next_deadline() override {
    return under_.next_deadline();
  }
  base::Result<std::vector<Delivery>> claimed_deliveries(const std::optional<DeliveryKey>& after,
                                                         std::size_t limit) override {
    return under_.claimed_deliveries(after, limit);
  }
  base::Result<std::vector<UserId>> users_with(std::uint32_t field, base::Hash128 value,
                                               std::size_t limit) override {
    return under_.users_with(field, value, limit);
  }
  base::Result<bool> drop_field_values(std::uint32_t field, std::size_t limit) override {
    return under_.drop_field_values(field, limit);
  }
  base::Result<std::vector<FanOutRow>> fan_outs(const std::optional<FanOutKey>& after,
                                                std::size_t limit) override {
    return under_.fan_outs(after, limit);
  }
  base::Result<std::vector<Row>> heads(const std::optional<UserId>& after,
                                       std::size_t limit) override {
    return under_.heads(after, limit);
  }
  base::Result<std::vector<Row>> rows(UserId user, RowKind kind, std::size_t limit) override {
    return under_.rows(user, kind, limit);
  }
  base::Result<std::vector<Delivery>> deliveries_of(UserId user) override {
    return under_.deliveries_of(user);
  }
  base::Result<std::vector<Delivery>> deliveries(const std::optional<DeliveryKey>& after,
                                                 std::size_t limit) override {
    return under_.deliveries(after, limit);
  }
  base::Result<std::vector<std::pair<std::string, std::int64_t>>> counters() override {
    return under_.counters();
  }
  base::Result<bool> drop_seen_before(std::int32_t day, std::size_t limit) override {
    return under_.drop_seen_before(day, limit);
  }
  base::Status wash() override { return under_.wash(); }
  base::Result<std::vector<StoredGraph>> graphs() override { return under_.graphs(); }
  base::Status put_graph(const StoredGraph& graph) override { return under_.put_graph(graph); }
  base::Result<std::vector<std::uint32_t>> step_numbers(
      const std::string& journey, const std::vector<std::string>& identities) override {
    return under_.step_numbers(journey, identities);
  }
  base::Result<std::optional<std::string>> setting(const std::string& name) override {
    return under_.setting(name);
  }
  base::Status put_setting(const std::string& name, const std::string& value) override {
    return under_.put_setting(name, value);
  }

 private:
  Store& under_;
};

}  // namespace sojourn::store
