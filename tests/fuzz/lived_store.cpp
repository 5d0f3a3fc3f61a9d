#include "tests/fuzz/lived_store.h"

#include <array>
#include <fmt/format.h>
#include <memory>
#include <sqlite3.h>

#include "base/check.h"
#include "runtime/store/sqlite_store.h"
#include "tests/fuzz/world_shard.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::fuzz {
namespace {

using connectors::OutcomeKind;
using runtime::ForwardMode;
using runtime::JourneyCommand;
using store::ScratchDirectory;

// The smallest, so that there are many pages of few rows.
constexpr std::uint32_t kPageBytes = 512;

// What everybody says about themselves, and does.
void sign_up(WorldShard& shard, int number) {
  const std::string name = fmt::format(R"("email":"p{0}@example.com","userId":"u-{0}")", number);
  shard.post(
      "/api/users/update",
      fmt::format(R"({{{},"dataFields":{{"plan":"trial","seats":{},"score":{},"tags":["a","b"],
                 "trialEndsAt":"2026-03-20 09:00:00 +00:00","wishlist":["shoe"],"birthday":"1990-02-03",
                 "phoneNumber":"+49151000000","timeZone":"Europe/Berlin","address":{{"city":"Bonn"}}}}}})",
                  name, number * 6, number * 20));
  shard.post(
      "/api/events/track",
      fmt::format(
          R"({{{},"eventName":"signup","id":"s-{}","dataFields":{{"plan":"pro","seats":{}}}}})",
          name, number, number));
  shard.post("/api/events/track", fmt::format(R"({{{},"eventName":"login"}})", name));
  shard.post("/api/users/updateSubscriptions",
             fmt::format(R"({{{},"subscribedMessageTypeIds":[1,3],"unsubscribedChannelIds":[32]}})",
                         name));
}

void go_shopping(WorldShard& shard, int number) {
  const std::string name = fmt::format(R"("email":"p{0}@example.com")", number);
  shard.post(
      "/api/events/track",
      fmt::format(
          R"({{{},"eventName":"Purchase","id":"b-{}","dataFields":{{"amount":3.5,"currency":"eur"}}}})",
          name, number),
      ForwardMode::kQueue);
  shard.post("/v1/journeys/winback/entries",
             fmt::format(R"({{{},"dataFields":{{"plan":"pro"}}}})", name));
  shard.post("/api/lists/subscribe",
             fmt::format(R"({{"listId":22,"subscribers":[{{{}}}]}})", name));
}

// Outcomes of every kind in turn, but for every fifth, which stays under way.
void answer_each(WorldShard& shard) {
  constexpr std::array kKinds{OutcomeKind::kAccepted, OutcomeKind::kRejected, OutcomeKind::kRetry,
                              OutcomeKind::kUnknown};
  std::size_t number = 0;
  for (const runtime::Outgoing& outgoing : shard.take_outgoing()) {
    const std::size_t place = number++ % (kKinds.size() + 1);
    if (place < kKinds.size()) shard.end(outgoing, kKinds.at(place));
  }
}

void say_of_journeys(WorldShard& shard) {
  using Clock = JourneyCommand::Clock;
  shard.give(JourneyCommand{JourneyCommand::What::kPause, "digest_of_purchases", true, "ada", 1});
  shard.give(JourneyCommand{JourneyCommand::What::kPause, "trial", true, "ada", 1, Clock::kFreeze});
}

void must(const base::Status& status) {
  SOJOURN_CHECK(status.has_value(), "a store that is whole can be lived in");
}

base::Instant live(store::Store& store) {
  auto opened = WorldShard::open(store, *base::parse_timestamp("2026-03-01T09:00Z"));
  SOJOURN_CHECK(opened.has_value(), "a new store opens");
  WorldShard& shard = **opened;
  for (int number = 1; number <= 5; ++number) sign_up(shard, number);
  must(shard.settle());
  for (int round = 0; round < 3; ++round) {
    answer_each(shard);
    must(shard.live_until(shard.now() + base::hours(8)));
  }
  for (int number = 1; number <= 4; ++number) go_shopping(shard, number);
  must(shard.settle());
  say_of_journeys(shard);
  shard.notice(
      R"({"email":"new@example.com","eventName":"emailUnSubscribe","dataFields":{"createdAt":"2026-03-02 09:00:00 +00:00","messageId":"m","channelIds":[31]}})");
  shard.post("/api/users/forget", R"({"email":"p5@example.com"})", ForwardMode::kQueue);
  shard.post("/api/users/update", R"({"email":"p5@example.com","dataFields":{"seats":1}})",
             ForwardMode::kQueue);
  must(shard.live_until(shard.now() + base::hours(30)));
  answer_each(shard);
  must(shard.settle());
  shard.post(
      "/api/events/track",
      R"({"email":"p1@example.com","eventName":"restocked","dataFields":{"product":"shoe"}})");
  shard.post("/v1/engagements",
             R"({"email":"p2@example.com","engagement":"opened","campaignId":11})");
  must(shard.settle());
  return shard.now();
}

LivedStore made() {
  const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
  store::SqliteOptions options;
  options.path = directory.file("lived.db");
  options.page_bytes = kPageBytes;
  LivedStore lived;
  {
    const auto store = store::open_sqlite_store(options);
    SOJOURN_CHECK(store.has_value(), "a store can be made");
    lived.at = live(**store);
  }
  lived.bytes = store::file_bytes(options.path);
  return lived;
}

// Where our bytes stand: table, column, and the columns of its key.
struct Place {
  const char* table;
  const char* column;
  std::vector<const char*> key;
};
const std::vector<Place>& places() {
  static const std::vector<Place> all = {
      {"user_row", "body", {"shard", "user_number", "kind", "number"}},
      {"delivery", "body", {"shard", "user_number", "message"}},
      {"fan_out", "body", {"number", "part"}},
      {"graph", "bytes", {"version"}},
      {"setting", "value", {"name"}},
  };
  return all;
}

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Database open(const std::string& path) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open(path.c_str(), &database);
  Database owned(database);
  return code == SQLITE_OK ? std::move(owned) : Database();
}

// Null when the text cannot be understood, as in a database that is damaged.
Statement prepare(sqlite3& database, const std::string& text) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(&database, text.c_str(), -1, &statement, nullptr);
  return Statement(statement);
}

std::string text_of(sqlite3_stmt& statement, int column) {
  const void* bytes = sqlite3_column_blob(&statement, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(&statement, column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

void gather(sqlite3& database, const Place& place, std::vector<Cell>& into) {
  std::string query = fmt::format("SELECT {}", place.column);
  for (const char* key : place.key) query += fmt::format(", quote({})", key);
  query += fmt::format(" FROM {} ORDER BY {}", place.table, fmt::join(place.key, ", "));
  const Statement rows = prepare(database, query);
  SOJOURN_CHECK(rows != nullptr, "the tables are those of schema.cpp");
  while (sqlite3_step(rows.get()) == SQLITE_ROW) {
    Cell cell{place.table, place.column, {}, text_of(*rows, 0)};
    for (std::size_t i = 0; i < place.key.size(); ++i) {
      const std::string value = text_of(*rows, static_cast<int>(i) + 1);
      cell.where += fmt::format("{}{} = {}", i == 0 ? "" : " AND ", place.key[i], value);
    }
    into.push_back(std::move(cell));
  }
}

}  // namespace

const LivedStore& lived_store() {
  static const LivedStore lived = made();
  return lived;
}

const std::vector<Cell>& lived_cells() {
  static const std::vector<Cell> cells = [] {
    const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
    const std::string path = directory.file("lived.db");
    store::write_file(path, lived_store().bytes);
    const Database database = open(path);
    std::vector<Cell> all;
    for (const Place& place : places()) gather(*database, place, all);
    return all;
  }();
  return cells;
}

base::Status replace_cell(const std::string& path, const Cell& cell, std::string_view body) {
  const auto failed = [&] {
    return base::failure(base::Error::Kind::kInvalid, fmt::format("{} is no database", path));
  };
  const Database database = open(path);
  if (!database) return failed();
  const Statement update = prepare(
      *database, fmt::format("UPDATE {} SET {} = ? WHERE {}", cell.table, cell.column, cell.where));
  if (!update) return failed();
  sqlite3_bind_blob(update.get(), 1, body.data(), static_cast<int>(body.size()), SQLITE_TRANSIENT);
  if (sqlite3_step(update.get()) != SQLITE_DONE) return failed();
  return {};
}

}  // namespace sojourn::fuzz
