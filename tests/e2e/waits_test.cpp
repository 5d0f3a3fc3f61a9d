// Waits of every kind, with a daemon that is killed while people wait.

#include <gmock/gmock.h>

#include "tests/e2e/people_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class Waits : public PeopleTest {};

TEST_F(Waits, FollowTheirFieldBothWays) {
  begin(R"(
    journey j { enter on signup wait until user.endsAt past exit missing exit send m1 }
  )");
  update("ada", {{"endsAt", "2026-03-10T09:00:00Z"}});
  update("bob", {{"endsAt", "2026-03-05T09:00:00Z"}});
  track("ada", "signup");
  track("bob", "signup");
  kill_and_restart();
  update("ada", {{"endsAt", "2026-03-04T09:00:00Z"}});
  update("bob", {{"endsAt", "2026-03-12T09:00:00Z"}});
  until("2026-03-04T08:59:59Z");
  EXPECT_EQ(received_by_all(), 0U);
  until("2026-03-04T09:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(101));
  kill_and_restart();
  until("2026-03-12T08:59:59Z");
  EXPECT_THAT(received("bob"), IsEmpty());
  until("2026-03-12T09:00:00Z");
  EXPECT_THAT(received("bob"), ElementsAre(101));
}

TEST_F(Waits, ALadderMovesWithItsDateAndRunsNoRungTwice) {
  begin(R"(
    journey j {
      enter on signup
      schedule around user.endsAt up to 50d missing exit as no_date {
        3d before { send m1 }
        1d before { send m2 }
        0d after  { send m3 }
      }
    }
  )");
  update("ada", {{"endsAt", "2026-03-10T09:00:00Z"}});
  track("ada", "signup");
  until("2026-03-07T09:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(101));
  kill_and_restart();
  update("ada", {{"endsAt", "2026-03-20T09:00:00Z"}});
  until("2026-03-19T08:59:59Z");
  EXPECT_THAT(received("ada"), ElementsAre(101))
      << "its rung has run, and 9 March is no longer one";
  until("2026-03-19T09:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(101, 102));
  // Nearer again: the last rung comes at the date that there is.
  kill_and_restart();
  update("ada", {{"endsAt", "2026-03-19T18:00:00Z"}});
  until("2026-03-19T18:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(101, 102, 103));
  until("2026-04-20T00:00:00Z");
  EXPECT_EQ(received("ada").size(), 3U);
  expect_no_repeats();
}

TEST_F(Waits, ADigestHasWhatCameAcrossAKill) {
  begin(R"(
    journey j {
      enter on viewed
      reenter always
      collect viewed as views for 1h keep 2
      send m4 with { items: list(views.item), count: count(views) }
    }
  )");
  for (const char* item : {"a", "b"}) track("ada", "viewed", {{"item", item}});
  until("2026-03-01T09:30:00Z");
  kill_and_restart();
  track("ada", "viewed", {{"item", "c"}});
  until("2026-03-01T10:00:00Z");
  track("ada", "viewed", {{"item", "d"}});
  ASSERT_EQ(received_by_all(), 1U);
  const Json data = sandbox.messages().at(0).at("dataFields");
  EXPECT_EQ(data.at("items"), (Json::array({"b", "c"})));
  EXPECT_EQ(data.at("count"), 3);
  EXPECT_EQ(status_of("j", "entered"), 2) << "what comes after it begins the next";
}

// The wait begins at 10:00: an event a tick before, at and a tick after.
TEST_F(Waits, AnEventBeforeAtAndAfterTheBeginning) {
  begin(R"(
    journey from_here {
      enter on signup
      wait 1h
      wait for login since here up to 1d { send m1 } timeout { send m2 }
    }
    journey from_entry {
      enter on signup
      wait 1h
      wait for login up to 1d { send m3 } timeout { send m2 }
    }
  )");
  for (const char* who : {"ada", "bob", "cyd", "dan"}) track(who, "signup");
  until("2026-03-01T09:59:59.999Z");
  track("ada", "login");
  kill_and_restart();
  until("2026-03-01T10:00:00Z");
  track("bob", "login");
  until("2026-03-01T10:00:00.001Z");
  track("cyd", "login");
  // Each at once, or at the end of the wait; Dan never came.
  EXPECT_THAT(received("ada"), ElementsAre(103));
  EXPECT_THAT(received("bob"), testing::UnorderedElementsAre(101, 103));
  EXPECT_THAT(received("cyd"), testing::UnorderedElementsAre(101, 103));
  kill_and_restart();
  until("2026-03-02T09:59:59.999Z");
  EXPECT_THAT(received("dan"), IsEmpty());
  until("2026-03-02T10:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(103, 102));
  EXPECT_THAT(received("dan"), ElementsAre(102, 102));
  EXPECT_EQ(received("bob").size(), 2U);
}

// A timer and an event of one instant: the timer comes first.
TEST_F(Waits, AnEventAtTheEndOfTheWaitIsTooLate) {
  begin(R"(
    journey j { enter on signup wait for login up to 1h { send m1 } timeout { send m2 } }
  )");
  track("ada", "signup");
  track("bob", "signup");
  until("2026-03-01T09:59:59.999Z");
  track("ada", "login");
  until("2026-03-01T10:00:00Z");
  track("bob", "login");
  EXPECT_THAT(received("ada"), ElementsAre(101));
  EXPECT_THAT(received("bob"), ElementsAre(102));
}

TEST_F(Waits, EventsGoByTheirOwnTimeAndTheirId) {
  begin(R"(
    journey j {
      enter on signup
      wait 1d
      if last(viewed since entry).item == "newest" { send m1 } else { send m2 }
      if count(viewed since entry) == 2 { send m3 }
    }
  )");
  track("ada", "signup");
  until("2026-03-01T15:00:00Z");
  track_of("ada", "viewed", {{"item", "newest"}}, "2026-03-01T14:00:00Z", "v-1");
  // Out of order, repeated, and late from before the entry.
  track_of("ada", "viewed", {{"item", "older"}}, "2026-03-01T11:00:00Z", "v-2");
  kill_and_restart();
  track_of("ada", "viewed", {{"item", "newest"}}, "2026-03-01T14:00:00Z", "v-1");
  track_of("ada", "viewed", {{"item", "before"}}, "2026-03-01T08:00:00Z", "v-3");
  until("2026-03-02T09:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(101, 103));
}

// It happened while they waited, and arrives when the wait is nearly over.
TEST_F(Waits, ALateEventEndsAWaitByItsOwnTime) {
  begin(R"(
    journey j {
      enter on signup
      wait 1h
      wait for login since here up to 1d { send m1 } timeout { send m2 }
    }
  )");
  track("ada", "signup");
  track("bob", "signup");
  until("2026-03-02T08:00:00Z");
  kill_and_restart();
  track_of("ada", "login", Json::object(), "2026-03-01T12:00:00Z");
  track_of("bob", "login", Json::object(), "2026-03-01T09:30:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(101));
  until("2026-03-02T10:00:00Z");
  EXPECT_THAT(received("bob"), ElementsAre(102)) << "it was before the wait began";
}

TEST_F(Waits, TheFirstOfSeveralEndsIt) {
  begin(R"(
    journey j {
      enter on signup
      wait up to 2d {
        on bought where event.amount > 10 { send m1 }
        when user.seats >= 5 { send m2 }
        timeout { send m3 }
      }
    }
  )");
  for (const char* who : {"ada", "bob", "cyd"}) track(who, "signup");
  kill_and_restart();
  track("ada", "bought", {{"amount", 5}});
  update("ada", {{"seats", 9}});
  track("ada", "bought", {{"amount", 50}});
  track("bob", "bought", {{"amount", 50}});
  update("bob", {{"seats", 9}});
  until("2026-03-04T00:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(102));
  EXPECT_THAT(received("bob"), ElementsAre(101));
  EXPECT_THAT(received("cyd"), ElementsAre(103));
}

TEST_F(Waits, TimeAloneMakesAConditionTrue) {
  begin(R"(
    journey asleep {
      enter on signup
      wait for no login within 2d up to 30d { send m1 } timeout {}
    }
    journey gone { enter on signup exit when user.endsAt < now as over wait 30d }
  )");
  track("ada", "login");
  update("ada", {{"endsAt", "2026-03-02T12:00:00Z"}});
  track("ada", "signup");
  until("2026-03-02T12:00:00Z");
  kill_and_restart();
  until("2026-03-02T12:00:00.001Z");
  EXPECT_EQ(status_of("gone", "exited"), (Json{{"over", 1}}));
  until("2026-03-03T09:00:00Z");
  EXPECT_THAT(received("ada"), IsEmpty()) << "the window includes its end";
  until("2026-03-03T09:00:00.001Z");
  EXPECT_THAT(received("ada"), ElementsAre(101));
}

// Each at home, over the change of the clocks of 29 March in Berlin, which has no 02:30 then.
TEST_F(Waits, LocalTimesHoldOverAChangeOfTheClocksAndAKill) {
  begin("journey j { enter on signup wait 1d at 02:30 send m1 }");
  update("ada", {{"timeZone", "Europe/Berlin"}});
  update("bob", {{"timeZone", "America/New_York"}});
  update("cyd", {{"timeZone", "no zone at all"}});
  until("2026-03-28T09:00:00Z");
  for (const char* who : {"ada", "bob", "cyd"}) track(who, "signup");
  kill_and_restart();
  until("2026-03-29T00:59:59.999Z");
  EXPECT_EQ(received_by_all(), 0U);
  until("2026-03-29T01:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(101)) << "the first instant behind the gap";
  until("2026-03-29T02:29:59.999Z");
  EXPECT_THAT(received("cyd"), IsEmpty());
  until("2026-03-29T02:30:00Z");
  EXPECT_THAT(received("cyd"), ElementsAre(101)) << "by the last link of the chain";
  kill_and_restart();
  update("bob", {{"timeZone", "America/Los_Angeles"}});
  until("2026-03-29T09:29:59.999Z");
  EXPECT_THAT(received("bob"), IsEmpty()) << "half past two in the place where they are";
  until("2026-03-29T09:30:00Z");
  EXPECT_THAT(received("bob"), ElementsAre(101));
}

}  // namespace
}  // namespace sojourn::e2e
