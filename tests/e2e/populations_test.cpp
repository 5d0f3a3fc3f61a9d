// Entries that no event brings: whole audiences, schedules and conditions, by a daemon that is
// killed while it lets them in. Everybody enters once.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/people_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Populations : public PeopleTest {
 protected:
  static std::string name(int number) { return fmt::format("p{}", number); }
  // People with so many seats.
  void people(int from, int to, int seats) {
    for (int i = from; i < to; ++i) update(name(i), {{"seats", seats}});
  }
  // How many of them have received a message, and that none has received more.
  int written_to(int from, int to) {
    int count = 0;
    for (int i = from; i < to; ++i) {
      const std::size_t messages = received(name(i)).size();
      EXPECT_LE(messages, 1U) << name(i);
      count += messages > 0 ? 1 : 0;
    }
    return count;
  }
};

TEST_F(Populations, AScheduledAudienceEntersAtARateAcrossKills) {
  begin(R"(
    journey mondays { enter every monday at 09:00 for team reenter always pace 5 per 1h send m1 }
  )");
  people(0, 12, 6);
  people(12, 16, 2);
  until("2026-03-02T08:59:59Z");
  kill_and_restart();
  until("2026-03-02T09:00:00Z");
  EXPECT_EQ(written_to(0, 12), 5);
  // Killed with seven in the queue, and started again when more places are due.
  kill_and_restart("2026-03-02T10:30:00Z");
  EXPECT_EQ(written_to(0, 12), 10);
  kill_and_restart();
  until("2026-03-02T12:00:00Z");
  EXPECT_EQ(written_to(0, 12), 12);
  EXPECT_EQ(written_to(12, 16), 0) << "they are not in the segment";
  EXPECT_EQ(status_of("mondays", "entered"), 12);
  until("2026-03-09T12:00:00Z");
  EXPECT_EQ(status_of("mondays", "entered"), 24) << "every monday";
  expect_no_repeats();
}

// The daemon is killed before and after the moment, and down when it comes.
TEST_F(Populations, AnAudienceOfOneMomentEntersOnce) {
  begin("journey at_ten { enter at 2026-03-10T10:00Z for team send m1 }");
  people(0, 6, 6);
  people(6, 8, 2);
  until("2026-03-09T00:00:00Z");
  update(name(6), {{"seats", 7}});
  update(name(0), {{"seats", 1}});
  kill_and_restart("2026-03-10T11:00:00Z");
  EXPECT_EQ(written_to(0, 8), 6) << "those who are in the segment then";
  EXPECT_THAT(received(name(0)), IsEmpty());
  kill_and_restart();
  update(name(7), {{"seats", 9}});
  until("2026-04-10T00:00:00Z");
  EXPECT_EQ(written_to(0, 8), 6) << "once, at that moment";
}

TEST_F(Populations, AConditionThatComesTrueByTimeEntersOnceAcrossKills) {
  begin(R"(
    journey asleep {
      enter when user.seats >= 5 and no login within 3d
      reenter always
      send m1
    }
  )");
  for (int i = 0; i < 6; ++i) track(name(i), "login");
  people(0, 6, 6);
  EXPECT_EQ(received_by_all(), 0U);
  until("2026-03-03T00:00:00Z");
  track(name(5), "login");
  kill_and_restart();
  until("2026-03-04T09:00:00Z");
  EXPECT_EQ(written_to(0, 6), 0) << "the window includes its end";
  // Down when it becomes true.
  kill_and_restart("2026-03-05T00:00:00Z");
  EXPECT_EQ(written_to(0, 5), 5);
  EXPECT_THAT(received(name(5)), IsEmpty());
  kill_and_restart();
  until("2026-03-20T00:00:00Z");
  EXPECT_EQ(written_to(0, 6), 6);
  // It has to become false before it can come true again.
  track(name(1), "login");
  until("2026-03-24T00:00:00Z");
  EXPECT_THAT(received(name(1)), ElementsAre(101, 101));
  EXPECT_THAT(received(name(2)), ElementsAre(101));
}

// A journey that is new goes for those who are known, whom the daemon looks at in the background.
TEST_F(Populations, ANewJourneyFindsThoseWhoAreKnownAcrossAKill) {
  begin("journey other { enter on signup wait 1h }");
  people(0, 30, 6);
  project.write("new.journey", "journey noon { enter every day at 12:00 for team send m1 }");
  kill_and_restart();
  kill_and_restart();
  until("2026-03-01T12:00:00Z");
  EXPECT_EQ(written_to(0, 30), 30);
  EXPECT_EQ(status_of("noon", "entered"), 30);
}

// What nobody reads is not kept, and what is read is kept as long as it is.
TEST_F(Populations, HistoryIsKeptAsLongAsItIsRead) {
  begin(R"(
    journey regulars {
      enter on signup
      if at least 2 login within 30d { send m1 } else { send m2 }
    }
  )");
  track("ada", "login");
  track("ada", "viewed", {{"item", "x"}});
  kill_and_restart();
  track("ada", "login");
  EXPECT_EQ(daemon->report("ada@example.com").at("history").size(), 2U) << "no `viewed`";
  track("ada", "signup");
  EXPECT_THAT(received("ada"), ElementsAre(101));
  until("2026-04-15T00:00:00Z");
  track("ada", "viewed", {{"item", "y"}});
  kill_and_restart();
  EXPECT_EQ(daemon->report("ada@example.com").at("history").size(), 0U);
}

}  // namespace
}  // namespace sojourn::e2e
