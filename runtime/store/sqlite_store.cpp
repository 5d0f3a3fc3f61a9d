#include "runtime/store/sqlite_store.h"

#include <fmt/core.h>
#include <functional>

#include "base/check.h"
#include "runtime/store/fan_out_tables.h"
#include "runtime/store/log_guard.h"
#include "runtime/store/ordered.h"
#include "runtime/store/outbox_table.h"
#include "runtime/store/people_tables.h"
#include "runtime/store/program_tables.h"
#include "runtime/store/schema.h"
#include "runtime/store/seen_table.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/store_copy.h"
#include "runtime/store/timer_table.h"
#include "runtime/store/user_numbers.h"
#include "runtime/store/vfs.h"

namespace sojourn::store {

namespace {

// A file, open and of the right schema.
struct OpenFile {
  std::unique_ptr<Vfs> vfs;
  std::unique_ptr<Connection> connection;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(OpenFile file, const SqliteOptions& options)
      : vfs_(std::move(file.vfs)),
        connection_(std::move(file.connection)),
        log_limit_bytes_(static_cast<std::int64_t>(options.log_limit_bytes)),
        begin_read_(*connection_, "BEGIN"),
        begin_write_(*connection_, "BEGIN IMMEDIATE"),
        end_(*connection_, "COMMIT"),
        put_sequence_(*connection_, "UPDATE commit_sequence SET sequence = ?"),
        people_(*connection_),
        timers_(*connection_),
        outbox_(*connection_, options.planned_in_memory),
        seen_(*connection_),
        program_(*connection_),
        fan_outs_(*connection_),
        numbers_(*connection_),
        sequence_(static_cast<std::uint64_t>(
            connection_->ask_integer("SELECT sequence FROM commit_sequence"))) {}

  base::Result<std::unique_ptr<StoreCopy>> copy(const std::string& to, IoObserver* observer) {
    return StoreCopy::begin(*connection_, to, observer);
  }
  // What went wrong while opening, if anything did.
  base::Status status() const { return connection_->status(); }

  base::Result<Loaded> load(const ReadSet& read) override;
  void commit(const Commit& commit, const Done& done) override;
  std::uint64_t sequence() const override { return sequence_; }
  base::Result<UserId> new_user(std::uint16_t shard) override;

  base::Result<std::vector<TimerKey>> due_timers(base::Instant until, std::size_t limit) override {
    return answer([&] { return timers_.due(until, limit); });
  }
  base::Result<std::optional<base::Instant>> next_timer() override {
    return answer([&] { return timers_.next(); });
  }
  base::Result<std::size_t> count_timers(base::Instant until, std::size_t at_most) override {
    return answer([&] { return timers_.count(until, at_most); });
  }
  base::Result<std::vector<WaitingLane>> waiting_lanes() override {
    return answer([&] { return outbox_.waiting_lanes(); });
  }
  base::Result<std::vector<Delivery>> due_deliveries(std::uint32_t lane, base::Instant until,
                                                     std::size_t limit) override {
    return answer([&] { return outbox_.due(lane, until, limit); });
  }
  base::Result<std::vector<Delivery>> late_deliveries(base::Instant now,
                                                      std::size_t limit) override {
    return answer([&] { return outbox_.late(now, limit); });
  }
  base::Result<std::optional<base::Instant>> next_deadline() override {
    return answer([&] { return outbox_.next_deadline(); });
  }
  base::Result<std::vector<Delivery>> claimed_deliveries(const std::optional<DeliveryKey>& after,
                                                         std::size_t limit) override {
    return answer([&] { return outbox_.claimed(after, limit); });
  }
  base::Result<std::vector<UserId>> users_with(std::uint32_t field, base::Hash128 value,
                                               std::size_t limit) override {
    return answer([&] { return fan_outs_.users_with(field, value, limit); });
  }
  base::Result<bool> drop_field_values(std::uint32_t field, std::size_t limit) override {
    return change([&] { return fan_outs_.drop_field(field, limit); });
  }
  base::Result<std::vector<FanOutRow>> fan_outs(const std::optional<FanOutKey>& after,
                                                std::size_t limit) override {
    return answer([&] { return fan_outs_.waiting(after, limit); });
  }
  base::Result<std::vector<Row>> heads(const std::optional<UserId>& after,
                                       std::size_t limit) override {
    return answer([&] { return people_.heads(after, limit); });
  }
  base::Result<std::vector<Row>> rows(UserId user, RowKind kind, std::size_t limit) override {
    return answer([&] { return people_.newest(user, kind, limit); });
  }
  base::Result<std::vector<Delivery>> deliveries_of(UserId user) override {
    return answer([&] { return outbox_.of_user(user); });
  }
  base::Result<std::vector<Delivery>> deliveries(const std::optional<DeliveryKey>& after,
                                                 std::size_t limit) override {
    return answer([&] { return outbox_.all(after, limit); });
  }
  base::Result<std::vector<std::pair<std::string, std::int64_t>>> counters() override {
    return answer([&] { return program_.counters(); });
  }
  base::Result<bool> drop_seen_before(std::int32_t day, std::size_t limit) override {
    return change([&] { return seen_.drop_before(day, limit); });
  }
  base::Status wash() override {
    return done(answer([&] {
      // In this order: a page in memory may still have what has just been left out of the file.
      connection_->checkpoint(true);
      connection_->drop_cache();
      return true;
    }));
  }
  base::Result<std::vector<StoredGraph>> graphs() override {
    return answer([&] { return program_.graphs(); });
  }
  base::Status put_graph(const StoredGraph& graph) override {
    return done(change([&] { return program_.put_graph(graph), true; }));
  }
  base::Result<std::vector<std::uint32_t>> step_numbers(
      const std::string& journey, const std::vector<std::string>& identities) override {
    return change([&] { return program_.step_numbers(journey, identities); });
  }
  base::Result<std::optional<std::string>> setting(const std::string& name) override {
    return answer([&] { return program_.setting(name); });
  }
  base::Status put_setting(const std::string& name, const std::string& value) override {
    return done(change([&] { return program_.put_setting(name, value), true; }));
  }

 private:
  // The value of `read`, unless there was an error before or in it.
  template <typename Read>
  auto answer(const Read& read) -> base::Result<decltype(read())> {
    if (!connection_->ok()) return tl::unexpected(connection_->error());
    auto value = read();
    if (!connection_->ok()) return tl::unexpected(connection_->error());
    return value;
  }
  // The same within a transaction, on disk on return.
  template <typename Write>
  auto change(const Write& write) -> base::Result<decltype(write())> {
    auto value = answer([&] {
      run(begin_write_);
      auto result = write();
      run(end_);
      return result;
    });
    if (value) keep_log_short();
    return value;
  }
  static base::Status done(const base::Result<bool>& changed) {
    if (!changed) return tl::unexpected(changed.error());
    return {};
  }

  void write(const Commit& commit);
  void keep_log_short();

  // In order of construction: what is below uses what is above.
  std::unique_ptr<Vfs> vfs_;
  std::unique_ptr<Connection> connection_;
  const std::int64_t log_limit_bytes_;
  Statement begin_read_;
  Statement begin_write_;
  Statement end_;
  Statement put_sequence_;
  PeopleTables people_;
  TimerTable timers_;
  OutboxTable outbox_;
  SeenTable seen_;
  ProgramTables program_;
  FanOutTables fan_outs_;
  UserNumbers numbers_;
  std::uint64_t sequence_;
  bool committing_ = false;
};

base::Result<Loaded> SqliteStore::load(const ReadSet& read) {
  return answer([&] {
    Loaded out;
    run(begin_read_);
    for (const Identity& identity : read.identities) {
      out.identities.push_back(people_.find(identity));
    }
    out.seen.resize(read.seen.size());
    // Each is looked for on every day: in key order those of one shard find the same pages.
    for (const SeenEvent* event : ordered(read.seen, std::identity())) {
      out.seen[static_cast<std::size_t>(event - read.seen.data())] = seen_.find(*event);
    }
    for (const UserId user : read.users) out.users.push_back(people_.of_user(user));
    run(end_);
    return out;
  });
}

void SqliteStore::write(const Commit& commit) {
  people_.write(commit);
  timers_.write(commit);
  outbox_.write(commit);
  seen_.write(commit);
  fan_outs_.write(commit);
  program_.add_to_counters(commit.counters);
  numbers_.write_low();
}

void SqliteStore::commit(const Commit& commit, const Done& done) {
  SOJOURN_CHECK(!committing_, "no commit begins before the one before it is done");
  committing_ = true;
  const auto sequence = answer([&] {
    run(begin_write_);
    write(commit);
    run(put_sequence_, sequence_ + 1);
    run(end_);
    return sequence_ + 1;
  });
  if (sequence) sequence_ = *sequence;
  committing_ = false;
  done(sequence);
  keep_log_short();
}

base::Result<UserId> SqliteStore::new_user(std::uint16_t shard) {
  SOJOURN_CHECK(shard < kShardCount, "there are 1,024 virtual shards");
  if (!numbers_.has_reserved(shard)) {
    // A block for every shard: the others will be asked for soon.
    const auto reserved = change([&] { return numbers_.reserve_all(), true; });
    if (!reserved) return tl::unexpected(reserved.error());
  }
  return answer([&] { return numbers_.take(shard); });
}

// The connection is the file's only user, so the whole log can always be copied,
// and the next commit begins again at its front. The file itself is cut only
// after a commit of unusual size: overwriting is far cheaper than growing again.
void SqliteStore::keep_log_short() {
  const std::int64_t length_bytes = connection_->log_bytes();
  if (length_bytes < log_limit_bytes_) return;
  connection_->checkpoint(length_bytes > 2 * log_limit_bytes_);
}

void configure(Connection& connection, const SqliteOptions& options) {
  connection.execute("PRAGMA synchronous=FULL");
  connection.execute("PRAGMA temp_store=MEMORY");
  connection.execute("PRAGMA foreign_keys=OFF");
  connection.execute("PRAGMA trusted_schema=OFF");
  connection.execute("PRAGMA wal_autocheckpoint=0");
  // A negative size is in KiB.
  connection.execute(
      fmt::format("PRAGMA cache_size=-{}", std::max<std::uint64_t>(options.cache_bytes >> 10, 1))
          .c_str());
}

}  // namespace

base::Result<std::unique_ptr<StoreCopy>> begin_copy(Store& store, const std::string& to,
                                                    IoObserver* observer) {
  auto* file = dynamic_cast<SqliteStore*>(&store);
  SOJOURN_CHECK(file != nullptr, "only what lies in a file can be copied");
  return file->copy(to, observer);
}

base::Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
  prepare_sqlite();
  if (auto whole = check_not_orphaned(options.path); !whole) return tl::unexpected(whole.error());
  OpenFile file;
  file.vfs = std::make_unique<Vfs>(options.observer, options.room);
  auto connection = Connection::open(options.path, file.vfs->name());
  if (!connection) return tl::unexpected(connection.error());
  file.connection = std::move(*connection);
  if (options.goes_on) file.connection->tell_progress(options.goes_on);
  // Before the first read: the lock is then taken once and kept, and the log's
  // index is in memory instead of a shared file.
  file.connection->execute("PRAGMA locking_mode=EXCLUSIVE");
  // Before the schema is brought up to date: what that moves is not to be left behind either.
  file.connection->execute(options.secure_delete ? "PRAGMA secure_delete=ON"
                                                 : "PRAGMA secure_delete=OFF");
  if (auto ready = prepare_schema(*file.connection, options.page_bytes); !ready) {
    return tl::unexpected(ready.error());
  }
  configure(*file.connection, options);
  file.connection->watch_log();
  auto store = std::make_unique<SqliteStore>(std::move(file), options);
  if (auto opened = store->status(); !opened) return tl::unexpected(opened.error());
  return store;
}

}  // namespace sojourn::store
