#include "runtime/store/outbox_table.h"

#include <limits>

#include "runtime/store/hash_bytes.h"
#include "runtime/store/ordered.h"

namespace sojourn::store {

namespace {

// Not before any attempt. What the index calls none is later still.
constexpr base::Instant kEnd{std::numeric_limits<std::int64_t>::max() - 1};

// Of a row that begins with user_number, message, next_attempt, body, lane, deadline.
Delivery delivery(std::uint16_t shard, const Query& query) {
  Delivery out;
  out.key.user = {shard, static_cast<std::uint64_t>(query.integer(0))};
  out.key.message = HashBytes::parse(query.bytes(1));
  if (!query.is_null(2)) out.next_attempt = base::Instant{query.integer(2)};
  out.body = query.bytes(3);
  out.lane = static_cast<std::uint32_t>(query.integer(4));
  if (!query.is_null(5)) out.deadline = base::Instant{query.integer(5)};
  return out;
}

// Where `shard` is the column after those.
std::uint16_t shard_of(const Query& query) {
  return static_cast<std::uint16_t>(query.integer(6));
}

std::optional<std::int64_t> millis(const std::optional<base::Instant>& instant) {
  if (!instant) return std::nullopt;
  return instant->millis;
}

}  // namespace

OutboxTable::OutboxTable(Connection& connection, std::size_t planned_in_memory)
    : planned_(
          connection,
          "SELECT user_number, message, next_attempt, body, lane, deadline, shard FROM delivery"
          " INDEXED BY delivery_planned WHERE lane = ? AND next_attempt <= ?"
          " ORDER BY next_attempt, shard, user_number, message LIMIT ?"),
      next_lane_(connection,
                 "SELECT lane FROM delivery INDEXED BY delivery_planned"
                 " WHERE lane > ? AND next_attempt IS NOT NULL ORDER BY lane LIMIT 1"),
      late_(connection,
            "SELECT user_number, message, next_attempt, body, lane, deadline, shard FROM delivery"
            " INDEXED BY delivery_deadline WHERE deadline < ?"
            " ORDER BY deadline, shard, user_number, message LIMIT ?"),
      first_deadline_(connection,
                      "SELECT deadline FROM delivery INDEXED BY delivery_deadline"
                      " WHERE deadline IS NOT NULL ORDER BY deadline LIMIT 1"),
      claimed_after_(
          connection,
          "SELECT user_number, message, next_attempt, body, lane, deadline, shard FROM delivery"
          " WHERE (shard, user_number, message) > (?, ?, ?) AND next_attempt IS NULL"
          " ORDER BY shard, user_number, message LIMIT ?"),
      all_after_(
          connection,
          "SELECT user_number, message, next_attempt, body, lane, deadline, shard FROM delivery"
          " WHERE (shard, user_number, message) > (?, ?, ?)"
          " ORDER BY shard, user_number, message LIMIT ?"),
      of_user_(connection,
               "SELECT user_number, message, next_attempt, body, lane, deadline FROM delivery"
               " WHERE shard = ? AND user_number = ? ORDER BY message"),
      put_(connection,
           "INSERT INTO delivery (shard, user_number, message, next_attempt, body, lane, deadline)"
           " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
           " next_attempt = excluded.next_attempt, body = excluded.body,"
           " lane = excluded.lane, deadline = excluded.deadline"),
      remove_(connection,
              "DELETE FROM delivery WHERE shard = ? AND user_number = ? AND message = ?"),
      planned_in_memory_(planned_in_memory) {}

// A step of the index for each lane, however many wait.
void OutboxTable::find_lanes() {
  if (found_lanes_) return;
  found_lanes_ = true;
  std::int64_t last = -1;
  while (true) {
    Query query(next_lane_, last);
    if (!query.next()) return;
    last = query.integer(0);
    fronts_.try_emplace(static_cast<std::uint32_t>(last), planned_in_memory_,
                        PlannedFront::Knows::kNothing);
  }
}

void OutboxTable::refill(std::uint32_t lane, PlannedFront& front) {
  front.refill(read(lane, kEnd, front.limit()));
}

std::vector<WaitingLane> OutboxTable::waiting_lanes() {
  find_lanes();
  std::vector<WaitingLane> out;
  for (auto it = fronts_.begin(); it != fronts_.end();) {
    auto& [lane, front] = *it;
    if (!front.covers(kEnd, 1)) refill(lane, front);
    if (front.is_empty()) {
      it = fronts_.erase(it);
      continue;
    }
    if (const auto first = front.first()) out.push_back({lane, *first});
    ++it;
  }
  return out;
}

std::vector<Delivery> OutboxTable::due(std::uint32_t lane, base::Instant until, std::size_t limit) {
  find_lanes();
  const auto found = fronts_.find(lane);
  if (found == fronts_.end()) return {};
  PlannedFront& front = found->second;
  if (limit > front.limit()) return read(lane, until, limit);
  if (!front.covers(until, limit)) refill(lane, front);
  return front.due(until, limit);
}

std::vector<Delivery> OutboxTable::read(std::uint32_t lane, base::Instant until,
                                        std::size_t limit) {
  std::vector<Delivery> out;
  Query query(planned_, lane, until.millis, limit);
  while (query.next()) out.push_back(delivery(shard_of(query), query));
  return out;
}

std::vector<Delivery> OutboxTable::late(base::Instant now, std::size_t limit) {
  std::vector<Delivery> out;
  if (!may_have_deadlines_) return out;
  Query query(late_, now.millis, limit);
  while (query.next()) out.push_back(delivery(shard_of(query), query));
  return out;
}

std::optional<base::Instant> OutboxTable::next_deadline() {
  if (!may_have_deadlines_) return std::nullopt;
  Query query(first_deadline_);
  may_have_deadlines_ = query.next();
  if (!may_have_deadlines_) return std::nullopt;
  return base::Instant{query.integer(0)};
}

std::vector<Delivery> OutboxTable::claimed(const std::optional<DeliveryKey>& after,
                                           std::size_t limit) {
  return list(claimed_after_, after, limit);
}

std::vector<Delivery> OutboxTable::all(const std::optional<DeliveryKey>& after, std::size_t limit) {
  return list(all_after_, after, limit);
}

std::vector<Delivery> OutboxTable::list(Statement& statement,
                                        const std::optional<DeliveryKey>& after,
                                        std::size_t limit) {
  // User number 0 and the empty message come before every stored key.
  const UserId user = after ? after->user : UserId{};
  const HashBytes message(after ? after->message : base::Hash128{});
  std::vector<Delivery> out;
  Query query(statement, user.shard, user.number, Blob{after ? message.view() : std::string_view()},
              limit);
  while (query.next()) out.push_back(delivery(shard_of(query), query));
  return out;
}

std::vector<Delivery> OutboxTable::of_user(UserId user) {
  std::vector<Delivery> out;
  Query query(of_user_, user.shard, user.number);
  while (query.next()) out.push_back(delivery(user.shard, query));
  return out;
}

void OutboxTable::forget(const DeliveryKey& key) {
  for (auto& [lane, front] : fronts_) front.remove(key);
}

// It may have been in another lane before.
void OutboxTable::mirror(const Delivery& delivery) {
  if (!delivery.next_attempt) return forget(delivery.key);
  for (auto& [lane, front] : fronts_) {
    if (lane != delivery.lane) front.remove(delivery.key);
  }
  const auto [place, is_new] =
      fronts_.try_emplace(delivery.lane, planned_in_memory_, PlannedFront::Knows::kThereAreNone);
  place->second.put(delivery);
}

void OutboxTable::write(const Commit& commit) {
  find_lanes();
  for (const DeliveryKey* key : ordered(commit.remove_deliveries, std::identity())) {
    const HashBytes message(key->message);
    run(remove_, key->user.shard, key->user.number, Blob{message.view()});
    forget(*key);
  }
  for (const Delivery* item : ordered(commit.put_deliveries, &Delivery::key)) {
    const DeliveryKey& key = item->key;
    const HashBytes message(key.message);
    run(put_, key.user.shard, key.user.number, Blob{message.view()}, millis(item->next_attempt),
        Blob{item->body}, item->lane, millis(item->deadline));
    mirror(*item);
    if (item->deadline) may_have_deadlines_ = true;
  }
}

}  // namespace sojourn::store
