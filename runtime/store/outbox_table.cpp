#include "runtime/store/outbox_table.h"

#include <limits>

#include "runtime/store/hash_bytes.h"
#include "runtime/store/ordered.h"

namespace sojourn::store {

namespace {

// Not before any attempt. What the index calls none is later still.
constexpr base::Instant kEnd{std::numeric_limits<std::int64_t>::max() - 1};

// Of a row that begins with user_number, message, next_attempt, body.
Delivery delivery(std::uint16_t shard, const Query& query) {
  Delivery out;
  out.key.user = {shard, static_cast<std::uint64_t>(query.integer(0))};
  out.key.message = HashBytes::parse(query.bytes(1));
  if (!query.is_null(2)) out.next_attempt = base::Instant{query.integer(2)};
  out.body = query.bytes(3);
  return out;
}

// Where `shard` is the column after those.
std::uint16_t shard_of(const Query& query) {
  return static_cast<std::uint16_t>(query.integer(4));
}

std::optional<std::int64_t> millis(const std::optional<base::Instant>& instant) {
  if (!instant) return std::nullopt;
  return instant->millis;
}

}  // namespace

OutboxTable::OutboxTable(Connection& connection, std::size_t planned_in_memory)
    : planned_(connection,
               "SELECT user_number, message, next_attempt, body, shard FROM delivery"
               " INDEXED BY delivery_planned WHERE next_attempt <= ?"
               " ORDER BY next_attempt, shard, user_number, message LIMIT ?"),
      claimed_after_(connection,
                     "SELECT user_number, message, next_attempt, body, shard FROM delivery"
                     " WHERE (shard, user_number, message) > (?, ?, ?) AND next_attempt IS NULL"
                     " ORDER BY shard, user_number, message LIMIT ?"),
      all_after_(connection,
                 "SELECT user_number, message, next_attempt, body, shard FROM delivery"
                 " WHERE (shard, user_number, message) > (?, ?, ?)"
                 " ORDER BY shard, user_number, message LIMIT ?"),
      of_user_(connection,
               "SELECT user_number, message, next_attempt, body FROM delivery"
               " WHERE shard = ? AND user_number = ? ORDER BY message"),
      put_(connection,
           "INSERT INTO delivery (shard, user_number, message, next_attempt, body)"
           " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
           " next_attempt = excluded.next_attempt, body = excluded.body"),
      remove_(connection,
              "DELETE FROM delivery WHERE shard = ? AND user_number = ? AND message = ?"),
      front_(planned_in_memory) {}

std::vector<Delivery> OutboxTable::due(base::Instant until, std::size_t limit) {
  if (limit > front_.limit()) return read(until, limit);
  if (!front_.covers(until, limit)) front_.refill(read(kEnd, front_.limit()));
  return front_.due(until, limit);
}

std::optional<base::Instant> OutboxTable::next() {
  if (!front_.covers(kEnd, 1)) front_.refill(read(kEnd, front_.limit()));
  return front_.first();
}

std::vector<Delivery> OutboxTable::read(base::Instant until, std::size_t limit) {
  std::vector<Delivery> out;
  Query query(planned_, until.millis, limit);
  while (query.next()) out.push_back(delivery(shard_of(query), query));
  return out;
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

void OutboxTable::write(const Commit& commit) {
  for (const DeliveryKey* key : ordered(commit.remove_deliveries, std::identity())) {
    const HashBytes message(key->message);
    run(remove_, key->user.shard, key->user.number, Blob{message.view()});
    front_.remove(*key);
  }
  for (const Delivery* item : ordered(commit.put_deliveries, &Delivery::key)) {
    const DeliveryKey& key = item->key;
    const HashBytes message(key.message);
    run(put_, key.user.shard, key.user.number, Blob{message.view()}, millis(item->next_attempt),
        Blob{item->body});
    front_.put(*item);
  }
}

}  // namespace sojourn::store
