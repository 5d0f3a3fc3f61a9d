// One person through the real engine: what happens to them, in the language's words.
#include "testing/person.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/unit/testing/tested.h"

namespace sojourn::testing {
namespace {

// The test fails where a line of it is not met.
std::string failure_of(std::string_view journeys, std::string_view lines) {
  return Tested(fmt::format("{}\ntest trial \"it\" {{ at 2026-03-02T10:00Z\n{}\n}}\n", journeys,
                            lines))
      .failure();
}

TEST(Person, NobodyEntersTwice) {
  constexpr std::string_view kJourney = "journey trial { enter on signup send tour }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup expect send tour expect exit completed\n"
                       "event signup expect not in trial"),
            "");
}

TEST(Person, ReenteringGoesByTheRule) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup reenter after 2d up to 1 times send tour }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup expect send tour\n"
                       "after 47h event signup expect not in trial\n"
                       "after 1h event signup expect send tour\n"
                       "after 5d event signup expect not in trial"),
            "");
}

TEST(Person, AnUpdateOfTheEntryMovesWhatReadsIt) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup while enrolled update\n"
      "  wait 1d if entry.plan == \"b\" { send welcome with { plan: entry.plan } } }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup { plan: \"a\" } after 2h event signup { plan: \"b\" }\n"
                       "expect at wait 1 to the end expect send welcome { plan: \"b\" }"),
            "");
}

TEST(Person, ARestartEndsAndBeginsAnew) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup while enrolled restart up to 1 times wait 1d send tour }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup after 20h event signup expect exit restarted\n"
                       "after 20h expect at wait 1 event signup after 4h expect send tour"),
            "");
}

TEST(Person, ARepeatGoesRoundAsOftenAsItSays) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup\n"
      "  repeat up to 3 times until user.stage == \"done\" { send tour again wait 1d } }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup expect send tour after 1d expect send tour after 1d\n"
                       "expect send tour after 1d expect exit completed"),
            "");
  EXPECT_EQ(failure_of(kJourney,
                       "event signup expect send tour update { stage: \"done\" }\n"
                       "after 1d expect exit completed"),
            "");
}

TEST(Person, OnePerValueIsOneEnrollmentEach) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup one per entry.plan default \"\" send welcome with { plan: "
      "entry.plan } }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup { plan: \"a\" } expect send welcome\n"
                       "event signup { plan: \"a\" }\n"
                       "event signup { plan: \"b\" } expect send welcome"),
            "");
}

TEST(Person, ExitsComeBeforeWaitsAndWaitsBeforeEntries) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup exit on login where user.stage == \"x\" as gone\n"
      "  wait for login up to 2d { send tour } }\n"
      "journey upgrade { enter on login send welcome }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup event login\n"
                       "expect send tour expect send welcome from upgrade"),
            "");
  EXPECT_EQ(failure_of(kJourney,
                       "user { stage: \"x\" } event signup event login\n"
                       "expect exit gone expect send welcome from upgrade"),
            "");
}

TEST(Person, WhatIsTrackedComesBackAndEntersOtherJourneys) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup track finished { stage: \"end\" } send tour }\n"
      "journey upgrade { enter on finished where event.stage == \"end\" send welcome }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup expect track finished { stage: \"end\" }\n"
                       "expect send tour expect send welcome from upgrade"),
            "");
}

TEST(Person, AWriteOfOneJourneyIsSeenByTheOthers) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup exit when user.stage == \"done\" as finished wait 5d }\n"
      "journey writer { enter on login update user { stage: \"done\" } }";
  EXPECT_EQ(failure_of(kJourney, "event signup event login expect exit finished"), "");
}

TEST(Person, AnUpdateWithoutNewsIsNone) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup update user { stage: \"a\" } wait 1d }";
  EXPECT_EQ(failure_of(kJourney, "event signup expect update { stage: \"a\" }"), "");
  EXPECT_EQ(
      failure_of(kJourney, "user { stage: \"a\" } event signup expect update { stage: \"a\" }"),
      "expected update { stage: \"a\" }, but they are at `wait 1`");
}

TEST(Person, AFieldThatIsNotThereReadsAsDeclared) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup send welcome with { seats: user.seats } wait 1d\n"
      "  late: send welcome with { seats: user.seats } again }";
  EXPECT_EQ(failure_of(kJourney,
                       "user { seats: 5 } event signup\n"
                       "expect send welcome { seats: 5 } update { seats: missing }\n"
                       "to the end expect send welcome { seats: 1 }"),
            "");
}

TEST(Person, ConsentIsAskedWhenTheMessageLeaves) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup send tips wait 1d late: send tips again }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup expect skip tips as no_consent\n"
                       "subscribed news to the end expect send tips"),
            "");
  EXPECT_EQ(failure_of(kJourney,
                       "subscribed news event signup expect send tips\n"
                       "unsubscribed news to the end expect skip tips as no_consent"),
            "");
}

TEST(Person, WithoutANumberAnotherWayIsTaken) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup send text else { send tour } }";
  EXPECT_EQ(failure_of(kJourney, "event signup expect skip text as no_address expect send tour"),
            "");
  EXPECT_EQ(failure_of(kJourney, "user { phoneNumber: \"+1555\" } event signup expect send text"),
            "");
}

TEST(Person, AnotherUsersEventIsNotTheirs) {
  constexpr std::string_view kJourney =
      "journey trial { enter on signup exit on login as gone send tour wait 1d }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup expect send tour\n"
                       "event login for other users expect in trial\n"
                       "event signup for other users\n"
                       "event login expect exit gone"),
            "");
}

TEST(Person, AWriteOfOneJourneyIsAChangeThatOthersEnterOn) {
  constexpr std::string_view kJourney =
      "journey trial { enter on user.stage changed where event.to == \"done\" send tour }\n"
      "journey writer { enter on login update user { stage: \"done\" } }";
  EXPECT_EQ(failure_of(kJourney, "event login expect send tour"), "");
}

TEST(Person, AListIsJoinedByWhoWasNotOnItAndNotByWhoLeavesIt) {
  constexpr std::string_view kJourney =
      "list vips\n"
      "journey trial { enter on list vips reenter always send tour }";
  EXPECT_EQ(failure_of(kJourney,
                       "joined vips expect send tour\n"
                       "joined vips after 1h left vips after 1h\n"
                       "joined vips expect send tour"),
            "");
}

TEST(Person, WhoseEnrollmentHasEndedIsInTheJourneyNoMore) {
  constexpr std::string_view kJourney =
      "journey trial { enter on login where not in journey second send tour }\n"
      "journey second { enter on signup wait 1d }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup event login expect not in trial\n"
                       "after 2d event login expect send tour"),
            "");
}

TEST(Person, OfTwoCallsTheFirstMadeIsAnsweredFirst) {
  constexpr std::string_view kJourney =
      "webhook scoring = \"https://scores.example.com/one\" { returns { score integer } }\n"
      "journey trial { enter on signup one per entry.plan default \"\"\n"
      "  call scoring as reply up to 1d {\n"
      "    send welcome with { plan: entry.plan, seats: reply.score } } else {} }";
  EXPECT_EQ(failure_of(kJourney,
                       "event signup { plan: \"a\" } event signup { plan: \"b\" }\n"
                       "reply scoring { score: 5 } expect send welcome { plan: \"a\", seats: 5 }\n"
                       "reply scoring { score: 6 } expect send welcome { plan: \"b\", seats: 6 }"),
            "");
}

}  // namespace
}  // namespace sojourn::testing
