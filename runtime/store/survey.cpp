#include "runtime/store/survey.h"

#include <filesystem>
#include <fmt/core.h>

#include "runtime/store/hash_bytes.h"
#include "runtime/store/log_guard.h"
#include "runtime/store/schema.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/store_copy.h"
#include "runtime/store/vfs.h"

namespace sojourn::store {

namespace {

class RefuseWrites final : public IoObserver {
 public:
  Verdict before(const IoCall& io) override {
    const bool writes = io.kind == IoCall::Kind::kWrite || io.kind == IoCall::Kind::kTruncate;
    const bool is_refused = (writes && io.file != IoCall::File::kOther) ||
                            (io.kind == IoCall::Kind::kDelete && has_bytes(io.path));
    return is_refused ? Verdict::kIoError : Verdict::kPass;
  }

 private:
  // The empty log that opening has made goes away again.
  static bool has_bytes(std::string_view path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return !error && size > 0;
  }
};

UserId user_at(const Query& query, int column) {
  return {static_cast<std::uint16_t>(query.integer(column)),
          static_cast<std::uint64_t>(query.integer(column + 1))};
}

std::optional<base::Instant> instant_at(const Query& query, int column) {
  if (query.is_null(column)) return std::nullopt;
  return base::Instant{query.integer(column)};
}

std::int64_t kind_number(RowKind kind) {
  return static_cast<std::int64_t>(kind);
}

Delivery delivery_at(const Query& query) {
  Delivery delivery;
  delivery.key = {user_at(query, 0), HashBytes::parse(query.bytes(2))};
  delivery.next_attempt = instant_at(query, 3);
  delivery.body = query.bytes(4);
  delivery.lane = static_cast<std::uint32_t>(query.integer(5));
  delivery.deadline = instant_at(query, 6);
  return delivery;
}

constexpr const char* kAllRows =
    "SELECT shard, user_number, kind, number, body FROM user_row"
    " ORDER BY shard, user_number, kind, number";
constexpr const char* kRowsOfShard =
    "SELECT shard, user_number, kind, number, body FROM user_row"
    " WHERE shard = ? AND user_number >= ? ORDER BY user_number, kind, number";
constexpr const char* kAllDeliveries =
    "SELECT shard, user_number, message, next_attempt, body, lane, deadline FROM delivery"
    " ORDER BY shard, user_number, message";

}  // namespace

struct Survey::Open {
  RefuseWrites observer;
  Vfs vfs{&observer};
  std::unique_ptr<Connection> connection;
  // Asked for every row of another table.
  std::optional<Statement> find_identity;
  std::optional<Statement> row;
  std::optional<Statement> timer;
  std::optional<Statement> value;
  std::optional<Statement> fan_out;
  std::optional<Statement> deliveries_of;

  void prepare() {
    Connection& to = *connection;
    find_identity.emplace(to,
                          "SELECT user_shard, user_number FROM identity"
                          " WHERE shard = ? AND kind = ? AND value = ?");
    row.emplace(to,
                "SELECT body FROM user_row"
                " WHERE shard = ? AND user_number = ? AND kind = ? AND number = ?");
    timer.emplace(to,
                  "SELECT 1 FROM timer"
                  " WHERE due = ? AND shard = ? AND user_number = ? AND enrollment = ?");
    value.emplace(to,
                  "SELECT 1 FROM field_value WHERE shard = ? AND field = ? AND value = ?"
                  " AND user_shard = ? AND user_number = ?");
    fan_out.emplace(to, "SELECT 1 FROM fan_out WHERE number = ? AND part = ?");
    deliveries_of.emplace(to,
                          "SELECT shard, user_number, message, next_attempt, body, lane, deadline"
                          " FROM delivery WHERE shard = ? AND user_number = ?");
  }
};

Survey::Survey(std::unique_ptr<Open> open) : open_(std::move(open)) {}
Survey::~Survey() = default;

base::Result<std::unique_ptr<Survey>> Survey::open(const std::string& path) {
  prepare_sqlite();
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return base::failure(base::Error::Kind::kNotFound, fmt::format("there is no store `{}`", path),
                         "look at [store] path in sojourn.toml; a daemon makes the file");
  }
  if (auto whole = check_not_orphaned(path); !whole) return tl::unexpected(whole.error());
  auto open = std::make_unique<Open>();
  auto connection = Connection::open(path, open->vfs.name());
  if (!connection) return tl::unexpected(connection.error());
  open->connection = std::move(*connection);
  open->connection->execute("PRAGMA locking_mode=EXCLUSIVE");
  if (auto known = expect_schema(*open->connection); !known) return tl::unexpected(known.error());
  open->connection->execute("PRAGMA query_only=ON");
  open->connection->execute("PRAGMA temp_store=MEMORY");
  // A negative size is in KiB.
  open->connection->execute(fmt::format("PRAGMA cache_size=-{}", kSurveyCacheBytes >> 10).c_str());
  open->prepare();
  std::unique_ptr<Survey> survey(new Survey(std::move(open)));
  if (auto ready = survey->status(); !ready) return tl::unexpected(ready.error());
  return survey;
}

base::Status Survey::status() const {
  return open_->connection->status();
}

std::vector<std::string> Survey::damages(std::size_t limit) {
  const std::string sql = fmt::format("PRAGMA integrity_check({})", limit);
  Statement statement(*open_->connection, sql.c_str());
  Query query(statement);
  std::vector<std::string> found;
  while (query.next()) {
    if (query.bytes(0) != "ok") found.emplace_back(query.bytes(0));
  }
  return found;
}

std::uint64_t Survey::sequence() {
  return static_cast<std::uint64_t>(
      open_->connection->ask_integer("SELECT sequence FROM commit_sequence"));
}

namespace {

void visit_rows(Query& query,
                const std::function<void(const RowKey&, std::string_view body)>& visit) {
  while (query.next()) {
    const RowKey key{user_at(query, 0), static_cast<RowKind>(query.integer(2)),
                     static_cast<std::uint64_t>(query.integer(3))};
    visit(key, query.bytes(4));
  }
}

}  // namespace

void Survey::each_row(const std::function<void(const RowKey&, std::string_view)>& visit) {
  Statement statement(*open_->connection, kAllRows);
  Query query(statement);
  visit_rows(query, visit);
}

void Survey::each_row_of_shard(UserId from,
                               const std::function<void(const RowKey&, std::string_view)>& visit) {
  Statement statement(*open_->connection, kRowsOfShard);
  Query query(statement, from.shard, from.number);
  visit_rows(query, visit);
}

void Survey::each_identity(const std::function<void(const SurveyedIdentity&)>& visit) {
  Statement statement(*open_->connection,
                      "SELECT shard, kind, value, user_shard, user_number FROM identity"
                      " ORDER BY shard, kind, value");
  Query query(statement);
  while (query.next()) {
    visit({{static_cast<Identity::Kind>(query.integer(1)), std::string(query.bytes(2))},
           static_cast<std::uint16_t>(query.integer(0)),
           user_at(query, 3)});
  }
}

void Survey::each_timer(const std::function<void(const TimerKey&)>& visit) {
  Statement statement(*open_->connection,
                      "SELECT due, shard, user_number, enrollment FROM timer"
                      " ORDER BY due, shard, user_number, enrollment");
  Query query(statement);
  while (query.next()) {
    visit({user_at(query, 1), base::Instant{query.integer(0)},
           static_cast<std::uint32_t>(query.integer(3))});
  }
}

void Survey::each_delivery(const std::function<void(const Delivery&)>& visit) {
  Statement statement(*open_->connection, kAllDeliveries);
  Query query(statement);
  while (query.next()) visit(delivery_at(query));
}

void Survey::each_field_value(const std::function<void(const SurveyedValue&)>& visit) {
  Statement statement(*open_->connection,
                      "SELECT shard, field, value, user_shard, user_number FROM field_value"
                      " ORDER BY shard, field, value, user_shard, user_number");
  Query query(statement);
  while (query.next()) {
    visit({{static_cast<std::uint32_t>(query.integer(1)), HashBytes::parse(query.bytes(2)),
            user_at(query, 3)},
           static_cast<std::uint16_t>(query.integer(0))});
  }
}

void Survey::each_fan_out(const std::function<void(const FanOutRow&)>& visit) {
  Statement statement(*open_->connection,
                      "SELECT number, part, body FROM fan_out ORDER BY number, part");
  Query query(statement);
  while (query.next()) {
    visit({{static_cast<std::uint64_t>(query.integer(0)),
            static_cast<std::uint32_t>(query.integer(1))},
           std::string(query.bytes(2))});
  }
}

void Survey::each_counter(const std::function<void(std::string_view, std::int64_t)>& visit) {
  Statement statement(*open_->connection, "SELECT name, value FROM counter ORDER BY name");
  Query query(statement);
  while (query.next()) visit(query.bytes(0), query.integer(1));
}

std::vector<StoredGraph> Survey::graphs() {
  Statement statement(*open_->connection,
                      "SELECT version, journey, encoding, bytes FROM graph ORDER BY version");
  Query query(statement);
  std::vector<StoredGraph> found;
  while (query.next()) {
    found.push_back({HashBytes::parse(query.bytes(0)), std::string(query.bytes(1)),
                     static_cast<std::uint32_t>(query.integer(2)), std::string(query.bytes(3))});
  }
  return found;
}

std::vector<SurveyedStep> Survey::steps() {
  Statement statement(*open_->connection,
                      "SELECT journey, identity, number FROM step_number"
                      " ORDER BY journey, identity");
  Query query(statement);
  std::vector<SurveyedStep> found;
  while (query.next()) {
    found.push_back({std::string(query.bytes(0)), std::string(query.bytes(1)),
                     static_cast<std::uint32_t>(query.integer(2))});
  }
  return found;
}

std::vector<std::pair<std::uint16_t, std::uint64_t>> Survey::next_users() {
  Statement statement(*open_->connection, "SELECT shard, next_user FROM shard_head");
  Query query(statement);
  std::vector<std::pair<std::uint16_t, std::uint64_t>> found;
  while (query.next()) {
    const UserId next = user_at(query, 0);
    found.emplace_back(next.shard, next.number);
  }
  return found;
}

std::vector<std::int32_t> Survey::unlisted_days() {
  Statement statement(*open_->connection,
                      "SELECT DISTINCT day FROM seen EXCEPT SELECT day FROM seen_day");
  Query query(statement);
  std::vector<std::int32_t> found;
  while (query.next()) found.push_back(static_cast<std::int32_t>(query.integer(0)));
  return found;
}

std::optional<std::string> Survey::setting(const std::string& name) {
  Statement statement(*open_->connection, "SELECT value FROM setting WHERE name = ?");
  Query query(statement, Text{name});
  if (!query.next()) return std::nullopt;
  return std::string(query.bytes(0));
}

std::optional<UserId> Survey::find(const Identity& name) {
  Query query(*open_->find_identity, name.shard(), static_cast<std::int64_t>(name.kind),
              Text{name.value});
  if (!query.next()) return std::nullopt;
  return user_at(query, 0);
}

std::optional<std::string> Survey::row(const RowKey& key) {
  Query query(*open_->row, key.user.shard, key.user.number, kind_number(key.kind), key.number);
  if (!query.next()) return std::nullopt;
  return std::string(query.bytes(0));
}

bool Survey::has_row(const RowKey& key) {
  return Query(*open_->row, key.user.shard, key.user.number, kind_number(key.kind), key.number)
      .next();
}

bool Survey::has_timer(const TimerKey& key) {
  return Query(*open_->timer, key.due.millis, key.user.shard, key.user.number, key.enrollment)
      .next();
}

bool Survey::has_value(const FieldValue& entry) {
  const HashBytes value(entry.value);
  return Query(*open_->value, entry.shard(), entry.field, Blob{value.view()}, entry.user.shard,
               entry.user.number)
      .next();
}

bool Survey::has_fan_out(const FanOutKey& key) {
  return Query(*open_->fan_out, key.number, key.part).next();
}

void Survey::each_delivery_of(UserId user, const std::function<void(const Delivery&)>& visit) {
  Query query(*open_->deliveries_of, user.shard, user.number);
  while (query.next()) visit(delivery_at(query));
}

base::Status Survey::copy_to(const std::string& path) {
  auto copy = StoreCopy::begin(*open_->connection, path);
  if (!copy) return tl::unexpected(copy.error());
  constexpr int kAllPages = -1;
  if (const auto whole = (*copy)->step(kAllPages); !whole) return tl::unexpected(whole.error());
  return {};
}

}  // namespace sojourn::store
