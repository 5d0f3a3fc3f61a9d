#include "tests/unit/runtime/store/model_store.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace sojourn::store {
namespace {

Delivery delivery_of(const DeliveryKey& key, const Content::Planned& item) {
  const auto& [next_attempt, body, lane, deadline] = item;
  return {key, next_attempt, body, lane, deadline};
}

}  // namespace

void Content::apply(const Commit& commit) {
  for (const auto& key : commit.remove_identities) identities.erase(key);
  for (const auto& [key, user] : commit.put_identities) identities[key] = user;
  for (const auto& key : commit.remove_rows) rows.erase(key);
  for (const auto& row : commit.put_rows) rows[row.key] = row.body;
  for (const auto& key : commit.remove_timers) timers.erase(key);
  timers.insert(commit.put_timers.begin(), commit.put_timers.end());
  for (const auto& key : commit.remove_deliveries) deliveries.erase(key);
  for (const auto& item : commit.put_deliveries) {
    deliveries[item.key] = {item.next_attempt, item.body, item.lane, item.deadline};
  }
  seen.insert(commit.put_seen.begin(), commit.put_seen.end());
  for (const auto& counter : commit.counters) counters[counter.name] += counter.delta;
  for (const auto& entry : commit.remove_field_values) field_values.erase(entry);
  field_values.insert(commit.put_field_values.begin(), commit.put_field_values.end());
  for (const auto& key : commit.remove_fan_outs) fan_outs.erase(key);
  for (const auto& row : commit.put_fan_outs) fan_outs[row.key] = row.body;
  ++sequence;
}

namespace {

constexpr std::size_t kAll = 1'000'000;

template <typename T>
T must(base::Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().message;
    return {};
  }
  return std::move(*result);
}

std::vector<Delivery> first(std::vector<Delivery> sorted, std::size_t limit) {
  sorted.resize(std::min(limit, sorted.size()));
  return sorted;
}

}  // namespace

base::Result<Content> try_content_of(Store& store, const Universe& universe) {
  std::optional<base::Error> failed;
  const auto take = [&failed]<typename T>(base::Result<T> result) {
    if (result) return std::move(*result);
    if (!failed) failed = result.error();
    return T{};
  };
  Content out;
  out.sequence = store.sequence();
  const Loaded loaded = take(store.load({universe.identities, universe.seen, universe.users}));
  for (std::size_t i = 0; i < loaded.identities.size(); ++i) {
    if (loaded.identities[i]) out.identities[universe.identities[i]] = *loaded.identities[i];
  }
  for (std::size_t i = 0; i < loaded.seen.size(); ++i) {
    if (loaded.seen[i]) out.seen.insert(universe.seen[i]);
  }
  for (const auto& rows : loaded.users) {
    for (const Row& row : rows) out.rows[row.key] = row.body;
  }
  for (const UserId user : universe.users) {
    for (const Row& row : take(store.rows(user, RowKind::kLog, kAll))) out.rows[row.key] = row.body;
    for (const Delivery& item : take(store.deliveries_of(user))) {
      out.deliveries[item.key] = {item.next_attempt, item.body, item.lane, item.deadline};
    }
  }
  for (const TimerKey& key : take(store.due_timers(base::kNever, kAll))) out.timers.insert(key);
  for (const auto& [name, value] : take(store.counters())) out.counters[name] = value;
  for (const auto& graph : take(store.graphs())) {
    out.graphs[graph.version] = {graph.journey, graph.encoding, graph.bytes};
  }
  for (const std::string& name : universe.settings) {
    if (auto value = take(store.setting(name))) out.settings[name] = *value;
  }
  for (const auto& [field, value] : universe.field_values) {
    for (const UserId user : take(store.users_with(field, value, kAll))) {
      out.field_values.insert({field, value, user});
    }
  }
  for (const FanOutRow& row : take(store.fan_outs({}, kAll))) out.fan_outs[row.key] = row.body;
  if (failed) return tl::unexpected(*failed);
  return out;
}

Content content_of(Store& store, const Universe& universe) {
  return must(try_content_of(store, universe));
}

base::Result<Loaded> ModelStore::load(const ReadSet& read) {
  const Content& content = disk_->content;
  Loaded out;
  for (const Identity& identity : read.identities) {
    const auto found = content.identities.find(identity);
    out.identities.push_back(found == content.identities.end() ? std::nullopt
                                                               : std::optional(found->second));
  }
  for (const SeenEvent& event : read.seen) {
    out.seen.push_back(std::any_of(
        content.seen.begin(), content.seen.end(),
        [&](const SeenEvent& s) { return s.shard == event.shard && s.hash == event.hash; }));
  }
  for (const UserId user : read.users) {
    std::vector<Row>& rows = out.users.emplace_back();
    for (const auto& [key, body] : content.rows) {
      if (key.user == user && key.kind < RowKind::kLog) rows.push_back({key, body});
    }
  }
  return out;
}

void ModelStore::commit(const Commit& commit, const Done& done) {
  disk_->content.apply(commit);
  done(disk_->content.sequence);
}

base::Result<UserId> ModelStore::new_user(std::uint16_t shard) {
  return UserId{shard, ++disk_->next_user[shard]};
}

base::Result<std::vector<TimerKey>> ModelStore::due_timers(base::Instant until, std::size_t limit) {
  std::vector<TimerKey> out;
  for (const TimerKey& key : disk_->content.timers) {
    if (key.due <= until) out.push_back(key);
  }
  std::sort(out.begin(), out.end(), [](const TimerKey& a, const TimerKey& b) {
    return std::tie(a.due, a.user, a.enrollment) < std::tie(b.due, b.user, b.enrollment);
  });
  out.resize(std::min(limit, out.size()));
  return out;
}

base::Result<std::optional<base::Instant>> ModelStore::next_timer() {
  const auto all = due_timers(base::kNever, 1).value();
  if (all.empty()) return std::nullopt;
  return all.front().due;
}

base::Result<std::size_t> ModelStore::count_timers(base::Instant until, std::size_t at_most) {
  return due_timers(until, at_most).value().size();
}

base::Result<std::vector<WaitingLane>> ModelStore::waiting_lanes() {
  std::map<std::uint32_t, base::Instant> soonest;
  for (const auto& [key, item] : disk_->content.deliveries) {
    const Delivery delivery = delivery_of(key, item);
    if (!delivery.next_attempt) continue;
    const auto [place, is_new] = soonest.try_emplace(delivery.lane, *delivery.next_attempt);
    place->second = std::min(place->second, *delivery.next_attempt);
  }
  std::vector<WaitingLane> out;
  for (const auto& [lane, first] : soonest) out.push_back({lane, first});
  return out;
}

base::Result<std::vector<Delivery>> ModelStore::due_deliveries(std::uint32_t lane,
                                                               base::Instant until,
                                                               std::size_t limit) {
  std::vector<Delivery> out;
  for (const auto& [key, item] : disk_->content.deliveries) {
    const Delivery delivery = delivery_of(key, item);
    const bool is_due = delivery.next_attempt && *delivery.next_attempt <= until;
    if (is_due && delivery.lane == lane) out.push_back(delivery);
  }
  std::sort(out.begin(), out.end(), [](const Delivery& a, const Delivery& b) {
    return std::tie(*a.next_attempt, a.key) < std::tie(*b.next_attempt, b.key);
  });
  return first(std::move(out), limit);
}

base::Result<std::vector<Delivery>> ModelStore::late_deliveries(base::Instant now,
                                                                std::size_t limit) {
  std::vector<Delivery> out;
  for (const auto& [key, item] : disk_->content.deliveries) {
    const Delivery delivery = delivery_of(key, item);
    if (delivery.deadline && *delivery.deadline < now) out.push_back(delivery);
  }
  std::sort(out.begin(), out.end(), [](const Delivery& a, const Delivery& b) {
    return std::tie(*a.deadline, a.key) < std::tie(*b.deadline, b.key);
  });
  return first(std::move(out), limit);
}

base::Result<std::optional<base::Instant>> ModelStore::next_deadline() {
  const auto all = late_deliveries(base::kNever, 1).value();
  if (all.empty()) return std::nullopt;
  return all.front().deadline;
}

base::Result<std::vector<Delivery>> ModelStore::claimed_deliveries(
    const std::optional<DeliveryKey>& after, std::size_t limit) {
  std::vector<Delivery> out;
  for (const auto& [key, item] : disk_->content.deliveries) {
    if (!std::get<0>(item) && (!after || key > *after)) out.push_back(delivery_of(key, item));
  }
  return first(std::move(out), limit);
}

base::Result<std::vector<UserId>> ModelStore::users_with(std::uint32_t field, base::Hash128 value,
                                                         std::size_t limit) {
  std::vector<UserId> out;
  for (const FieldValue& entry : disk_->content.field_values) {
    if (entry.field == field && entry.value == value && out.size() < limit) {
      out.push_back(entry.user);
    }
  }
  return out;
}

base::Result<bool> ModelStore::drop_field_values(std::uint32_t field, std::size_t limit) {
  auto& values = disk_->content.field_values;
  for (auto entry = values.begin(); entry != values.end();) {
    if (entry->field != field) {
      ++entry;
    } else if (limit-- == 0) {
      return false;
    } else {
      entry = values.erase(entry);
    }
  }
  return true;
}

base::Result<std::vector<FanOutRow>> ModelStore::fan_outs(const std::optional<FanOutKey>& after,
                                                          std::size_t limit) {
  std::vector<FanOutRow> out;
  for (const auto& [key, body] : disk_->content.fan_outs) {
    if ((!after || key > *after) && out.size() < limit) out.push_back({key, body});
  }
  return out;
}

base::Result<std::vector<Row>> ModelStore::heads(const std::optional<UserId>& after,
                                                 std::size_t limit) {
  std::vector<Row> out;
  for (const auto& [key, body] : disk_->content.rows) {
    const bool is_head = key.kind == RowKind::kHead && key.number == 0;
    if (is_head && (!after || key.user > *after) && out.size() < limit) out.push_back({key, body});
  }
  return out;
}

base::Result<std::vector<Row>> ModelStore::rows(UserId user, RowKind kind, std::size_t limit) {
  std::vector<Row> out;
  for (const auto& [key, body] : disk_->content.rows) {
    if (key.user == user && key.kind == kind) out.insert(out.begin(), {key, body});
  }
  out.resize(std::min(limit, out.size()));
  return out;
}

base::Result<std::vector<Delivery>> ModelStore::deliveries_of(UserId user) {
  std::vector<Delivery> out;
  for (const auto& [key, item] : disk_->content.deliveries) {
    if (key.user == user) out.push_back(delivery_of(key, item));
  }
  return out;
}

base::Result<std::vector<Delivery>> ModelStore::deliveries(const std::optional<DeliveryKey>& after,
                                                           std::size_t limit) {
  std::vector<Delivery> out;
  for (const auto& [key, item] : disk_->content.deliveries) {
    if (!after || key > *after) out.push_back(delivery_of(key, item));
  }
  return first(std::move(out), limit);
}

base::Result<std::vector<std::pair<std::string, std::int64_t>>> ModelStore::counters() {
  return std::vector<std::pair<std::string, std::int64_t>>(disk_->content.counters.begin(),
                                                           disk_->content.counters.end());
}

base::Result<bool> ModelStore::drop_seen_before(std::int32_t day, std::size_t limit) {
  auto& seen = disk_->content.seen;
  const auto old = [day](const SeenEvent& event) { return event.day < day; };
  for (std::size_t dropped = 0; dropped < limit; ++dropped) {
    const auto found = std::find_if(seen.begin(), seen.end(), old);
    if (found == seen.end()) break;
    seen.erase(found);
  }
  return std::none_of(seen.begin(), seen.end(), old);
}

base::Result<std::vector<StoredGraph>> ModelStore::graphs() {
  std::vector<StoredGraph> out;
  for (const auto& [version, graph] : disk_->content.graphs) {
    out.push_back({version, std::get<0>(graph), std::get<1>(graph), std::get<2>(graph)});
  }
  return out;
}

base::Status ModelStore::put_graph(const StoredGraph& graph) {
  disk_->content.graphs[graph.version] = {graph.journey, graph.encoding, graph.bytes};
  return {};
}

base::Result<std::vector<std::uint32_t>> ModelStore::step_numbers(
    const std::string& journey, const std::vector<std::string>& identities) {
  auto& known = disk_->steps[journey];
  std::vector<std::uint32_t> out;
  for (const std::string& identity : identities) {
    out.push_back(known.emplace(identity, static_cast<std::uint32_t>(known.size())).first->second);
  }
  return out;
}

base::Result<std::optional<std::string>> ModelStore::setting(const std::string& name) {
  const auto& settings = disk_->content.settings;
  const auto found = settings.find(name);
  return found == settings.end() ? std::nullopt : std::optional(found->second);
}

base::Status ModelStore::put_setting(const std::string& name, const std::string& value) {
  disk_->content.settings[name] = value;
  return {};
}

}  // namespace sojourn::store
