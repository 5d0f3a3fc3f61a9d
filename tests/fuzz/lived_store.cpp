#include "tests/fuzz/lived_store.h"

#include <array>
#include <fmt/format.h>

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

}  // namespace

const LivedStore& lived_store() {
  static const LivedStore lived = made();
  return lived;
}

const std::vector<store::Cell>& lived_cells() {
  static const std::vector<store::Cell> cells = [] {
    const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
    const std::string path = directory.file("lived.db");
    store::write_file(path, lived_store().bytes);
    return store::stored_cells(path);
  }();
  return cells;
}

}  // namespace sojourn::fuzz
