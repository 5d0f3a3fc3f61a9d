// Who gets in, who does not, and why; and that nobody is written to who has left. Each with a
// daemon that is killed on the way.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/people_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class EntryExit : public PeopleTest {};

TEST_F(EntryExit, WhoIsRefusedIsRecordedWithTheRule) {
  begin(R"(
    journey only_once { enter on signup wait 1h }
    journey after_pause { enter on login reenter after 2d wait 1h }
    journey two_times { enter on viewed reenter after 1h up to 1 times wait 1h }
    journey slowly { enter on bought reenter always pace 1 per 1d up to 1h else drop wait 1h }
    journey anew { enter on signup while enrolled restart up to 1 times reenter always wait 3h }
  )");
  for (int i = 0; i < 3; ++i) track("ada", "signup");
  track("ada", "login");
  track("ada", "viewed", {{"item", "x"}});
  track("ada", "bought", {{"amount", 1}});
  track("bob", "bought", {{"amount", 1}});
  until("2026-03-01T11:00:00Z");
  track("ada", "viewed", {{"item", "x"}});
  until("2026-03-01T13:00:00Z");
  kill_and_restart();
  track("ada", "signup");
  track("ada", "login");
  track("ada", "viewed", {{"item", "x"}});

  const auto story = log("ada");
  EXPECT_THAT(story, Contains("refused only_once signup enrolled"));
  EXPECT_THAT(story, Contains("refused only_once signup reenter_never"));
  EXPECT_THAT(story, Contains("refused after_pause login reenter_after"));
  EXPECT_THAT(story, Contains("refused two_times viewed reenter_times"));
  EXPECT_THAT(story, Contains("refused anew signup restart_times"));
  EXPECT_THAT(log("bob"), Contains("refused slowly bought pace"));
  EXPECT_EQ(status_of("only_once", "refused"), (Json{{"enrolled", 2}, {"reenter_never", 1}}));
  EXPECT_EQ(status_of("slowly", "refused"), (Json{{"pace", 1}}));
  EXPECT_EQ(status_of("after_pause", "entered"), 1);
  EXPECT_EQ(status_of("two_times", "entered"), 2);

  until("2026-03-03T10:00:00Z");
  track("ada", "login");
  EXPECT_EQ(status_of("after_pause", "entered"), 2) << "two days after the end they may come back";
}

TEST_F(EntryExit, EachValueOfOnePerIsAnEnrollment) {
  begin(R"(
    journey looks {
      enter   on viewed
      one per entry.item
      exit    on bought where event.amount == 7 as bought
      wait 1d
      if entry.item == "red" { send m1 } else { send m2 }
    }
  )");
  for (const char* item : {"red", "blue", "red"}) track("ada", "viewed", {{"item", item}});
  kill_and_restart();
  track("ada", "viewed", {{"item", "blue"}});
  EXPECT_EQ(status_of("looks", "entered"), 2);
  EXPECT_EQ(status_of("looks", "refused"), (Json{{"enrolled", 2}}));
  until("2026-03-03T00:00:00Z");
  EXPECT_THAT(received("ada"), testing::UnorderedElementsAre(101, 102));
}

TEST_F(EntryExit, AFurtherEntryRestartsOrUpdatesTheOneInside) {
  begin(R"(
    journey anew {
      enter on login
      while enrolled restart up to 1 times
      wait 1d
      send m1
    }
    journey followed {
      enter on viewed
      while enrolled update
      wait 1d
      if entry.item == "last" { send m2 } else { send m3 }
    }
  )");
  track("ada", "login");
  track("ada", "viewed", {{"item", "first"}});
  until("2026-03-01T21:00:00Z");
  kill_and_restart();
  track("ada", "login");
  track("ada", "viewed", {{"item", "last"}});
  until("2026-03-02T09:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(102)) << "the update keeps the place, the restart not";
  until("2026-03-02T21:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(102, 101));
}

TEST_F(EntryExit, DatesChangesAndAnniversariesStart) {
  begin(R"(
    journey birthdays { enter every year on user.bornOn at 10:00 reenter always send m1 }
    journey deadline_near { enter on user.endsAt - 2d reenter always send m2 }
    journey upgraded { enter on user.plan changed where event.to == "pro" reenter always send m3 }
  )");
  update("ada", {{"bornOn", "1990-03-05"}, {"endsAt", "2026-03-08T09:00:00Z"}});
  until("2026-03-05T09:59:59Z");
  kill_and_restart();
  EXPECT_THAT(received("ada"), IsEmpty());
  // The date moves before its moment comes.
  update("ada", {{"endsAt", "2026-03-12T09:00:00Z"}, {"plan", "pro"}});
  until("2026-03-05T10:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(103, 101));
  update("ada", {{"plan", "pro"}});
  until("2026-03-10T08:59:59Z");
  EXPECT_THAT(received("ada"), ElementsAre(103, 101)) << "the same again is no change";
  kill_and_restart();
  until("2026-03-10T09:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(103, 101, 102));
  // A year that was slept through comes once.
  kill_and_restart("2028-07-01T00:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(103, 101, 102, 101));
  until("2029-03-05T10:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(103, 101, 102, 101, 101));
  expect_no_repeats();
}

TEST_F(EntryExit, APaceLetsThemInInOrderAcrossAKill) {
  begin("journey j { enter on signup pace 2 per 1h send m1 }");
  for (const char* who : {"a", "b", "c", "d", "e"}) track(who, "signup");
  EXPECT_EQ(received_by_all(), 2U);
  kill_and_restart();
  until("2026-03-01T09:59:59Z");
  EXPECT_EQ(received_by_all(), 2U);
  until("2026-03-01T10:00:00Z");
  EXPECT_EQ(received_by_all(), 4U);
  EXPECT_THAT(received("d"), ElementsAre(101));
  EXPECT_THAT(received("e"), IsEmpty());
  kill_and_restart();
  until("2026-03-01T11:00:00Z");
  EXPECT_THAT(received("e"), ElementsAre(101));
  expect_no_repeats();
}

// Put off until 18:00; meanwhile one buys, and two opt out.
TEST_F(EntryExit, NothingIsSentAfterAnExitOrAnOptOut) {
  begin(R"(
    journey ads {
      enter on signup
      exit  on bought as bought
      send ad1
      wait 1h
      send ad2
    }
    journey late_ads { enter on signup exit on bought as bought wait 1h send ad1 }
  )",
        "quiet marketing 08:00..18:00 defer up to 2d else drop");
  for (const char* who : {"ada", "bob", "cyd", "dan"}) track(who, "signup");
  kill_and_restart();
  track("ada", "bought", {{"amount", 1}});
  EXPECT_THAT(log("ada"), Contains("exited ads ad1 bought")) << "at once, whatever it waits for";
  EXPECT_THAT(log("ada"), Contains("exited late_ads wait 1 bought"));
  EXPECT_EQ(daemon
                ->post("/api/users/updateSubscriptions",
                       {{"email", "bob@example.com"}, {"unsubscribedMessageTypeIds", {2}}})
                .status,
            200);
  EXPECT_EQ(daemon
                ->post("/v1/engagements", {{"email", "cyd@example.com"},
                                           {"engagement", "unsubscribed"},
                                           {"campaignId", 112}})
                .status,
            200);
  kill_and_restart();
  until("2026-03-04T00:00:00Z");
  for (const char* who : {"ada", "bob", "cyd"}) EXPECT_THAT(received(who), IsEmpty()) << who;
  EXPECT_EQ(received("dan").size(), 3U);
  EXPECT_THAT(log("bob"), Contains("skipped ads ad1 no_consent"));
  EXPECT_THAT(log("cyd"), Contains("skipped late_ads ad1 no_consent"));
}

// The provider is slow: the message is claimed when Ada leaves.
TEST_F(EntryExit, WhatIsClaimedWhenTheyLeaveIsNotTriedAgain) {
  begin("journey j { enter on signup exit on bought as bought send m1 wait 1h send m2 }");
  sandbox.misbehave({"POST /api/email/target every 1 500"});
  track("ada", "signup");
  EXPECT_THAT(log("ada"), Contains(HasSubstr("retried j m1")));
  track("ada", "bought", {{"amount", 1}});
  EXPECT_THAT(log("ada"), Contains("exited j m1 bought"));
  sandbox.misbehave({});
  kill_and_restart();
  until("2026-03-05T00:00:00Z");
  EXPECT_THAT(log("ada"), Not(Contains(HasSubstr("accepted"))));
  EXPECT_THAT(log("ada"), Contains("skipped j m1 exited"));
}

TEST_F(EntryExit, AnOptOutOfSomebodyUnknownHoldsUnderEveryNameOfTheirs) {
  begin("journey ads { enter on signup reenter always send ad1 }");
  const auto post = [&](const char* path, const Json& body) {
    EXPECT_EQ(daemon->post(path, body).status, 200) << body.dump();
    settle();
  };
  post("/api/users/updateSubscriptions",
       {{"email", "ada@example.com"}, {"unsubscribedMessageTypeIds", {2}}});
  post("/api/users/updateSubscriptions", {{"userId", "u-2"}, {"unsubscribedMessageTypeIds", {2}}});
  kill_and_restart();
  track("ada", "signup");
  EXPECT_EQ(received_by_all(), 0U);
  // Somebody who was here without a name that is known to have said no.
  track("bob", "signup");
  EXPECT_THAT(received("bob"), ElementsAre(111));
  post("/api/events/track",
       {{"email", "bob@example.com"}, {"userId", "u-2"}, {"eventName", "signup"}});
  kill_and_restart();
  track("bob", "signup");
  EXPECT_THAT(received("bob"), ElementsAre(111));
  EXPECT_EQ(daemon->report("u-2").at("id"), daemon->report("bob@example.com").at("id"));
}

}  // namespace
}  // namespace sojourn::e2e
