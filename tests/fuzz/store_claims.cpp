#include <algorithm>
#include <string>

#include "base/check.h"
#include "runtime/store/sqlite_store.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/lived_store.h"
#include "tests/fuzz/world_shard.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::fuzz {
namespace {

using runtime::JourneyCommand;

// 'F': bytes of the file are others, four of the input each: a place in three bytes, the byte.
// 'B': a cell holds other bytes: its number in two bytes, and all that follows.
constexpr char kFile = 'F';
constexpr char kBody = 'B';
constexpr std::size_t kMaxEdits = 64;
// Less than the file, so that pages are read again.
constexpr std::uint64_t kCacheBytes = std::uint64_t{64} << 10U;

std::size_t number_of(std::string_view bytes) {
  std::size_t number = 0;
  for (const char c : bytes) number = number * 256 + static_cast<unsigned char>(c);
  return number;
}

// Nothing where the input says no change.
bool write_damaged(const std::string& path, std::string_view input) {
  if (input.empty()) return false;
  const char kind = input.front();
  input.remove_prefix(1);
  std::string bytes = lived_store().bytes;
  if (kind == kFile) {
    for (std::size_t i = 0; i < kMaxEdits && input.size() >= 4; ++i) {
      bytes[number_of(input.substr(0, 3)) % bytes.size()] = input[3];
      input.remove_prefix(4);
    }
    store::write_file(path, bytes);
    return true;
  }
  if (kind != kBody || input.size() < 2) return false;
  const auto& cells = lived_cells();
  store::write_file(path, bytes);
  const store::Cell& cell = cells[number_of(input.substr(0, 2)) % cells.size()];
  return store::replace_cell(path, cell, input.substr(2)).has_value();
}

void check_error(const base::Error& error) {
  SOJOURN_CHECK(!error.message.empty(), "what is wrong with a store is said");
}

// What senders, Iterable and an operator may say to a shard.
void say_everything(WorldShard& shard) {
  for (const char* name : {"p1", "p2", "p3", "p4", "p5", "new"}) {
    const std::string email = std::string("\"email\":\"") + name + "@example.com\"";
    shard.post("/api/users/update",
               "{" + email + R"(,"dataFields":{"plan":"pro","seats":20,"score":90}})");
    shard.post("/api/events/track", "{" + email + R"(,"eventName":"login"})");
    shard.post(
        "/api/events/track",
        "{" + email + R"(,"eventName":"Purchase","dataFields":{"amount":1,"currency":"eur"}})");
    shard.give(runtime::UserQuery{std::string(name) + "@example.com", 1});
    shard.give(runtime::WhyQuery{std::string(name) + "@example.com", "welcome", 1});
  }
  shard.notice(
      R"({"email":"p2@example.com","eventName":"emailBounce","dataFields":{"campaignId":11,"recipientState":"HardBounce","createdAt":1772600000}})");
  shard.post("/api/users/merge",
             R"({"sourceEmail":"p3@example.com","destinationEmail":"p1@example.com"})");
  shard.post("/api/users/forget", R"({"email":"p2@example.com"})");
  shard.give(runtime::AuditQuery{});
  shard.give(runtime::DeliveryQuery{});
  runtime::DeliveryOrder retry;
  retry.go = true;
  retry.by = "ada";
  shard.give(retry);
  shard.give(JourneyCommand{JourneyCommand::What::kResume, "digest_of_purchases", true, "ada", 1});
  shard.give(JourneyCommand{JourneyCommand::What::kResume, "trial", true, "ada", 1});
  shard.give(JourneyCommand{JourneyCommand::What::kStop, "watched", true, "ada", 1});
}

base::Status live_on(store::Store& store) {
  auto opened = WorldShard::open(store, lived_store().at + base::hours(1));
  if (!opened) return tl::unexpected(opened.error());
  WorldShard& shard = **opened;
  if (auto status = shard.settle(); !status) return status;
  say_everything(shard);
  if (auto status = shard.settle(); !status) return status;
  for (const runtime::Outgoing& outgoing : shard.take_outgoing()) {
    shard.end(outgoing, connectors::OutcomeKind::kAccepted);
  }
  return shard.live_until(shard.now() + base::days24(10));
}

}  // namespace

void hold_store_claims(std::string_view input) {
  const store::ScratchDirectory directory(store::ScratchDirectory::Place::kMemory);
  store::SqliteOptions options;
  options.path = directory.file("damaged.db");
  options.cache_bytes = kCacheBytes;
  if (!write_damaged(options.path, input)) return;
  const auto store = store::open_sqlite_store(options);
  if (!store) return check_error(store.error());
  if (const auto lived = live_on(**store); !lived) check_error(lived.error());
}

}  // namespace sojourn::fuzz
