#include "bench/floor/floor_store.h"

#include <cstdlib>
#include <fmt/core.h>
#include <sqlite3.h>

namespace sojourn::bench {
namespace {

// Ids are promised to the counter this many at a time, so that a new id costs
// no write of its own.
constexpr std::int64_t kIdsPerReservation = 1'000'000;

void bind_text(sqlite3_stmt* statement, int place, std::string_view text) {
  sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

std::string text(sqlite3_stmt* statement, int column) {
  return {reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
          static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

}  // namespace

void FloorStore::Close::operator()(sqlite3* db) const {
  sqlite3_close(db);
}
void FloorStore::Close::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

FloorStore::FloorStore(const std::string& path) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  must(code);
  execute(
      "pragma locking_mode=exclusive; pragma journal_mode=wal; pragma synchronous=full;"
      "pragma cache_size=-65536; pragma wal_autocheckpoint=4000;"
      "create table if not exists counter(reserved integer);"
      "create table if not exists entered(id integer primary key, email text, plan text);"
      "create table if not exists waiting(due integer, id integer, next_message integer,"
      "  email text, plan text, primary key(due, id)) without rowid;"
      "create table if not exists event(id text, email text, name text, fields text);"
      "insert into counter select 0 where not exists (select 1 from counter)");
  insert_entered_ = prepare("insert into entered values(?,?,?)");
  remove_entered_ = prepare("delete from entered where id=?");
  insert_waiting_ = prepare("insert into waiting values(?,?,?,?,?)");
  remove_waiting_ = prepare("delete from waiting where due=? and id=?");
  insert_event_ = prepare("insert into event values(?,?,?,?)");
  select_entered_ = prepare("select id,email,plan from entered where id>? order by id limit ?");
  select_due_ = prepare(
      "select due,id,next_message,email,plan from waiting where (due,id)>(?,?) order by due,id");
  begin_ = prepare("begin");
  commit_ = prepare("commit");
  const Statement reserved = prepare("select reserved from counter");
  sqlite3_step(reserved.get());
  reserved_ids_ = next_id_ = sqlite3_column_int64(reserved.get(), 0);
}

FloorStore::~FloorStore() = default;

std::int64_t FloorStore::new_id() {
  if (next_id_ == reserved_ids_) reserve_ids();
  return next_id_++;
}

void FloorStore::reserve_ids() {
  begin();
  reserved_ids_ += kIdsPerReservation;
  execute(fmt::format("update counter set reserved={}", reserved_ids_).c_str());
}

void FloorStore::insert(const Person& person) {
  begin();
  const bool waits = person.due != base::Instant{};
  const Statement& statement = waits ? insert_waiting_ : insert_entered_;
  int place = 1;
  if (waits) sqlite3_bind_int64(statement.get(), place++, person.due.millis);
  sqlite3_bind_int64(statement.get(), place++, person.id);
  if (waits) sqlite3_bind_int(statement.get(), place++, person.next_message);
  bind_text(statement.get(), place++, person.email);
  bind_text(statement.get(), place, person.plan);
  step(statement);
}

void FloorStore::remove(const Person& person) {
  begin();
  const bool waits = person.due != base::Instant{};
  const Statement& statement = waits ? remove_waiting_ : remove_entered_;
  if (waits) sqlite3_bind_int64(statement.get(), 1, person.due.millis);
  sqlite3_bind_int64(statement.get(), waits ? 2 : 1, person.id);
  step(statement);
}

void FloorStore::keep(const KeptEvent& event) {
  begin();
  int place = 1;
  for (const auto word : {event.id, event.email, event.name, event.fields}) {
    bind_text(insert_event_.get(), place++, word);
  }
  step(insert_event_);
}

void FloorStore::begin() {
  if (in_transaction_) return;
  step(begin_);
  in_transaction_ = true;
}

void FloorStore::commit() {
  if (!in_transaction_) return;
  step(commit_);
  in_transaction_ = false;
}

void FloorStore::read_entered(std::int64_t after_id, std::size_t limit, std::vector<Person>& out) {
  sqlite3_stmt* const row = select_entered_.get();
  sqlite3_bind_int64(row, 1, after_id);
  sqlite3_bind_int64(row, 2, static_cast<std::int64_t>(limit));
  while (sqlite3_step(row) == SQLITE_ROW) {
    out.push_back({{}, sqlite3_column_int64(row, 0), 1, text(row, 1), text(row, 2)});
  }
  must(sqlite3_reset(row));
}

base::Instant FloorStore::read_due(base::Instant after_due, std::int64_t after_id,
                                   base::Instant now, std::size_t limit, std::vector<Person>& out) {
  sqlite3_stmt* const row = select_due_.get();
  sqlite3_bind_int64(row, 1, after_due.millis);
  sqlite3_bind_int64(row, 2, after_id);
  base::Instant next = base::kNever;
  for (std::size_t count = 0; sqlite3_step(row) == SQLITE_ROW; ++count) {
    const base::Instant due{sqlite3_column_int64(row, 0)};
    if (due > now || count == limit) {
      next = due;
      break;
    }
    out.push_back({due, sqlite3_column_int64(row, 1), sqlite3_column_int(row, 2), text(row, 3),
                   text(row, 4)});
  }
  must(sqlite3_reset(row));
  return next;
}

void FloorStore::must(int code) const {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  fmt::print(stderr, "floor: the store failed: {}\n", sqlite3_errmsg(db_.get()));
  std::exit(1);
}

void FloorStore::execute(const char* sql) {
  must(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr));
}

FloorStore::Statement FloorStore::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  must(sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return Statement(statement);
}

void FloorStore::step(const Statement& statement) {
  must(sqlite3_step(statement.get()));
  must(sqlite3_reset(statement.get()));
}

}  // namespace sojourn::bench
