// Events: whose an id is, and which times are ones.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

class Events : public ServiceTest {
 protected:
  json events_of(const std::string& user) {
    return json::parse(ask("GET", "/api/events/" + user).substr(4))["events"];
  }
  std::string track(std::string_view rest) {
    return post("/api/events/track", R"({"eventName":"login",)" + std::string(rest) + "}")
        .substr(0, 3);
  }
};

TEST_F(Events, AnIdIsThatOfOneEventInTheWholeProject) {
  post("/api/events/track", R"({"email":"ada@b.com","eventName":"trial","id":"e-1"})");
  post("/api/events/track", R"({"email":"ada@b.com","eventName":"login","id":"e-2"})");
  post("/api/events/track", R"({"email":"Bob@b.com","eventName":"paid","id":"e-1"})");
  ASSERT_EQ(events_of("ada@b.com").size(), 1u);
  EXPECT_EQ(events_of("ada@b.com")[0]["id"], "e-2");
  ASSERT_EQ(events_of("bob@b.com").size(), 1u);
  EXPECT_EQ(events_of("bob@b.com")[0]["eventName"], "paid");
  EXPECT_EQ(events_of("bob@b.com")[0]["email"], "bob@b.com");
  post("/api/events/trackBulk",
       R"({"events":[{"email":"ada@b.com","eventName":"again","id":"e-1"}]})");
  EXPECT_EQ(events_of("bob@b.com").size(), 0u);
  EXPECT_EQ(events_of("ada@b.com")[0]["eventName"], "again");
}

TEST_F(Events, WhatIsNotSeenYetReplacesNothing) {
  configure({.read_lag = base::seconds(10)});
  track(R"("email":"ada@b.com","id":"e-1","dataFields":{"n":1})");
  now = now + base::seconds(11);
  track(R"("email":"ada@b.com","id":"e-1","dataFields":{"n":2})");
  ASSERT_EQ(events_of("ada@b.com").size(), 1u);
  EXPECT_EQ(events_of("ada@b.com")[0]["n"], 1);
  now = now + base::seconds(11);
  ASSERT_EQ(events_of("ada@b.com").size(), 1u);
  EXPECT_EQ(events_of("ada@b.com")[0]["n"], 2);
}

TEST_F(Events, ATimeIsOneOfACalendar) {
  EXPECT_EQ(track(R"("email":"ada@b.com","createdAt":253402300799)"), "200");
  EXPECT_EQ(events_of("ada@b.com")[0]["createdAt"], "9999-12-31 23:59:59 +00:00");
  EXPECT_EQ(track(R"("email":"ada@b.com","createdAt":9000000000000000)"), "400");
  EXPECT_EQ(track(R"("email":"ada@b.com","createdAt":-9223372036854775808)"), "400");
  EXPECT_EQ(track(R"("email":"ada@b.com","createdAt":18446744073709551615)"), "400");
  EXPECT_EQ(events_of("ada@b.com").size(), 1u);
}

}  // namespace
}  // namespace sojourn::sandbox
