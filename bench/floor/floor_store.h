// What the floor keeps on disk: one SQLite file (WAL, synchronous=FULL,
// locking_mode=EXCLUSIVE), one connection, one thread.
//
//   entered(id, email, plan)                     message 1 is to be sent now
//   waiting(due, id, next_message, email, plan)  that message is to be sent at due
//   event(id, email, name, fields)               was kept; no index
//   counter(reserved)                            ids below this may be in use
//
// A person is in exactly one of the two tables until message 2 was accepted,
// then in neither. Writes gather in one transaction until `commit()` returns;
// nothing is durable before. Any SQLite error ends the process with a message:
// the floor has no way to go on and no promise to keep.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "bench/floor/event_intake.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sojourn::bench {

// A person at rest or on the way to the sink. `due` is zero in `entered`.
struct Person {
  base::Instant due;
  std::int64_t id = 0;
  int next_message = 1;
  std::string email;
  std::string plan;
};

class FloorStore {
 public:
  explicit FloorStore(const std::string& path);
  ~FloorStore();
  FloorStore(const FloorStore&) = delete;
  FloorStore& operator=(const FloorStore&) = delete;

  std::int64_t new_id();
  void insert(const Person& person);
  void remove(const Person& person);
  void keep(const KeptEvent& event);
  // Makes everything since the last call durable; does nothing if that is nothing.
  void commit();

  // Appends at most `limit` people of `entered` with a larger id, in its order.
  void read_entered(std::int64_t after_id, std::size_t limit, std::vector<Person>& out);
  // Appends at most `limit` people of `waiting` after (due, id), in its order,
  // due at `now` or before. Answers the due time of the next one, or kNever.
  base::Instant read_due(base::Instant after_due, std::int64_t after_id, base::Instant now,
                         std::size_t limit, std::vector<Person>& out);

 private:
  struct Close {
    void operator()(sqlite3* db) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  void must(int code) const;
  void execute(const char* sql);
  Statement prepare(const char* sql);
  void step(const Statement& statement);
  void begin();
  void reserve_ids();

  std::unique_ptr<sqlite3, Close> db_;
  Statement insert_entered_, remove_entered_, insert_waiting_, remove_waiting_, insert_event_;
  Statement select_entered_, select_due_, begin_, commit_;
  std::int64_t next_id_ = 0;
  std::int64_t reserved_ids_ = 0;
  bool in_transaction_ = false;
};

}  // namespace sojourn::bench
