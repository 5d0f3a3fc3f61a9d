// What a store should do, said in maps: the model that the real ones are compared
// with, and what a store's content is compared as.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "runtime/store/store.h"

namespace sojourn::store {

// All that a store holds, user numbers apart. A value.
struct Content {
  // Next attempt, body, lane, deadline.
  using Planned = std::tuple<std::optional<base::Instant>, std::string, std::uint32_t,
                             std::optional<base::Instant>>;
  using Graph = std::tuple<std::string, std::uint32_t, std::string>;

  std::uint64_t sequence = 0;
  std::map<Identity, UserId> identities;
  std::map<RowKey, std::string> rows;
  std::set<TimerKey> timers;
  std::map<DeliveryKey, Planned> deliveries;
  std::set<SeenEvent> seen;
  std::map<std::string, std::int64_t> counters;
  std::map<base::Hash128, Graph> graphs;
  std::map<std::string, std::string> settings;
  std::set<FieldValue> field_values;
  std::map<FanOutKey, std::string> fan_outs;
  friend bool operator==(const Content&, const Content&) = default;

  void apply(const Commit& commit);
};

// What may be asked for when a store's content is read through its interface.
struct Universe {
  std::vector<Identity> identities;
  std::vector<UserId> users;
  std::vector<SeenEvent> seen;
  std::vector<std::string> settings;
  std::vector<std::pair<std::uint32_t, base::Hash128>> field_values;
};

// Reads everything of `universe` out of `store`. Any error fails the test.
Content content_of(Store& store, const Universe& universe);
// The same, with the first error.
base::Result<Content> try_content_of(Store& store, const Universe& universe);

// A store in memory. Stores made from the same disk see the same content, one
// after the other.
class ModelStore final : public Store {
 public:
  struct Disk {
    Content content;
    std::map<std::string, std::map<std::string, std::uint32_t>> steps;
    std::map<std::uint16_t, std::uint64_t> next_user;
  };
  explicit ModelStore(std::shared_ptr<Disk> disk) : disk_(std::move(disk)) {}

  base::Result<Loaded> load(const ReadSet& read) override;
  void commit(const Commit& commit, const Done& done) override;
  std::uint64_t sequence() const override { return disk_->content.sequence; }
  base::Result<UserId> new_user(std::uint16_t shard) override;
  base::Result<std::vector<TimerKey>> due_timers(base::Instant until, std::size_t limit) override;
  base::Result<std::optional<base::Instant>> next_timer() override;
  base::Result<std::size_t> count_timers(base::Instant until, std::size_t at_most) override;
  base::Result<std::vector<WaitingLane>> waiting_lanes() override;
  base::Result<std::vector<Delivery>> due_deliveries(std::uint32_t lane, base::Instant until,
                                                     std::size_t limit) override;
  base::Result<std::vector<Delivery>> late_deliveries(base::Instant now,
                                                      std::size_t limit) override;
  base::Result<std::optional<base::Instant>> next_deadline() override;
  base::Result<std::vector<Delivery>> claimed_deliveries(const std::optional<DeliveryKey>& after,
                                                         std::size_t limit) override;
  base::Result<std::vector<UserId>> users_with(std::uint32_t field, base::Hash128 value,
                                               std::size_t limit) override;
  base::Result<bool> drop_field_values(std::uint32_t field, std::size_t limit) override;
  base::Result<std::vector<FanOutRow>> fan_outs(const std::optional<FanOutKey>& after,
                                                std::size_t limit) override;
  base::Result<std::vector<Row>> heads(const std::optional<UserId>& after,
                                       std::size_t limit) override;
  base::Result<std::vector<Row>> rows(UserId user, RowKind kind, std::size_t limit) override;
  base::Result<std::vector<Delivery>> deliveries_of(UserId user) override;
  base::Result<std::vector<Delivery>> deliveries(const std::optional<DeliveryKey>& after,
                                                 std::size_t limit) override;
  base::Result<std::vector<std::pair<std::string, std::int64_t>>> counters() override;
  base::Result<bool> drop_seen_before(std::int32_t day, std::size_t limit) override;
  base::Status wash() override { return {}; }
  base::Result<std::vector<StoredGraph>> graphs() override;
  base::Status put_graph(const StoredGraph& graph) override;
  base::Result<std::vector<std::uint32_t>> step_numbers(
      const std::string& journey, const std::vector<std::string>& identities) override;
  base::Result<std::optional<std::string>> setting(const std::string& name) override;
  base::Status put_setting(const std::string& name, const std::string& value) override;

 private:
  std::shared_ptr<Disk> disk_;
};

}  // namespace sojourn::store
