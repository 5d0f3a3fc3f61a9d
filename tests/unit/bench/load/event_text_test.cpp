#include "bench/load/event_text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "bench/wire/http_message.h"

namespace sojourn::bench {
namespace {

constexpr base::Instant kNow{1'770'000'000'000};

TEST(EventText, IsAnEventAsASenderWritesIt) {
  std::string text;
  append_event(text, {}, 7, kNow);
  EXPECT_EQ(text, R"({"userId":"r0-u00000007","email":"r0-u00000007@example.com",)"
                  R"("eventName":"signup","id":"r0-e7","createdAt":1770000000,)"
                  R"("dataFields":{"plan":"free"}})");
  EXPECT_NEAR(static_cast<double>(text.size()), 155, 15);
}

TEST(EventText, PlansAlternate) {
  std::string even;
  append_event(even, {}, 8, kNow);
  EXPECT_EQ(nlohmann::json::parse(even)["dataFields"]["plan"], "pro");
}

TEST(EventText, PeopleWhoTakeTurnsSayAnotherThingEachTime) {
  const EventStream stream{EventStream::Kind::kVisit, "r0", 5, 0};
  std::string text;
  append_event(text, stream, 12, kNow);
  EXPECT_EQ(text, R"({"userId":"r0-u00000002","email":"r0-u00000002@example.com",)"
                  R"("eventName":"visit","id":"r0-v12","createdAt":1770000000,)"
                  R"("dataFields":{"page":"/pricing"}})");
}

TEST(EventText, ManyEventsMakeOneBulkRequest) {
  const std::string bytes = event_request({}, "key", 40, 3, kNow);
  HttpMessage request;
  ASSERT_EQ(parse_http(bytes, request), Parsed::kComplete);
  EXPECT_EQ(request.second_word, "/api/events/trackBulk");
  const auto events = nlohmann::json::parse(request.body)["events"];
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["id"], "r0-e40");
  EXPECT_EQ(events[2]["id"], "r0-e42");
}

}  // namespace
}  // namespace sojourn::bench
