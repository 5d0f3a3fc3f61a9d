#include "app/life_signs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace sojourn::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr base::Millis kWatchdog = base::seconds(60);

class LifeSignsTest : public testing::Test {
 protected:
  LifeSigns::Links links() {
    LifeSigns::Links links;
    links.say = [this](std::string_view lines) {
      if (manager_is_there) said.emplace_back(lines);
      return manager_is_there;
    };
    links.rounds = [this] { return rounds; };
    links.stands = [this](bool is_so) { stands.push_back(is_so); };
    return links;
  }
  // What is said at this second.
  std::vector<std::string> look(LifeSigns& signs, std::int64_t second) {
    said.clear();
    signs.look(second * 1000);
    return said;
  }

  bool manager_is_there = true;
  std::uint64_t rounds = 7;
  std::vector<std::string> said;
  std::vector<bool> stands;
};

TEST_F(LifeSignsTest, TheStartIsToldPartByPartWithHowLongEachMayTake) {
  LifeSigns signs(kWatchdog, links());
  signs.starting("opening the store", base::seconds(90), 0);
  signs.ready(0);
  EXPECT_THAT(said, ElementsAre("STATUS=starting: opening the store\nEXTEND_TIMEOUT_USEC=90000000",
                                "READY=1\nSTATUS=running"));
}

TEST_F(LifeSignsTest, APartThatGoesOnAsksForItsTimeAgainAndOneThatHangsDoesNot) {
  LifeSigns signs(kWatchdog, links());
  signs.goes_on(0);
  EXPECT_THAT(said, IsEmpty()) << "nothing has begun";
  signs.starting("opening the store", base::seconds(600), 0);
  const std::string told = said.back();
  for (std::int64_t second = 1; second < 60; ++second) signs.goes_on(second * 1000);
  EXPECT_THAT(said, ElementsAre(told)) << "however often it is called";
  signs.goes_on(60'000);
  signs.goes_on(60'001);
  EXPECT_THAT(said, ElementsAre(told, told));
  signs.look(500'000);
  EXPECT_THAT(said, ElementsAre(told, told)) << "time alone says nothing";
  signs.goes_on(500'000);
  EXPECT_THAT(said, ElementsAre(told, told, told));
  signs.ready(500'001);
  said.clear();
  signs.goes_on(900'000);
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(LifeSignsTest, ALookSaysThatItLivesOnlyIfTheShardHasComeRoundSinceTheLastSign) {
  LifeSigns signs(kWatchdog, links());
  signs.ready(0);
  EXPECT_THAT(look(signs, 15), IsEmpty());
  rounds = 8;
  EXPECT_THAT(look(signs, 30), ElementsAre("WATCHDOG=1"));
  EXPECT_THAT(look(signs, 45), IsEmpty());
  rounds = 9;
  EXPECT_THAT(look(signs, 60), ElementsAre("WATCHDOG=1"));
  EXPECT_THAT(stands, IsEmpty());
}

TEST_F(LifeSignsTest, AShardThatStandsIsToldOnceAndSoIsThatItGoesOn) {
  LifeSigns signs(kWatchdog, links());
  signs.ready(0);
  EXPECT_THAT(look(signs, 44), IsEmpty());
  EXPECT_THAT(look(signs, 45), ElementsAre("STATUS=the shard stands: its turn does not end"));
  EXPECT_THAT(look(signs, 60), IsEmpty());
  EXPECT_THAT(stands, ElementsAre(true));
  rounds = 8;
  EXPECT_THAT(look(signs, 75), ElementsAre("WATCHDOG=1", "STATUS=running"));
  EXPECT_THAT(stands, ElementsAre(true, false));
}

TEST_F(LifeSignsTest, NobodyIsToldOfLifeBeforeItIsReadyOrOnceItStops) {
  LifeSigns signs(kWatchdog, links());
  signs.starting("opening the store", base::seconds(1), 0);
  rounds = 8;
  EXPECT_THAT(look(signs, 15), IsEmpty());
  signs.ready(15'000);
  signs.stopping();
  rounds = 9;
  EXPECT_THAT(look(signs, 30), IsEmpty());
  EXPECT_EQ(signs.look_again(), std::nullopt);
}

TEST_F(LifeSignsTest, ThatItIsReadyIsSaidAgainUntilItIsTaken) {
  LifeSigns signs(std::nullopt, links());
  manager_is_there = false;
  signs.ready(0);
  EXPECT_THAT(look(signs, 1), IsEmpty());
  EXPECT_NE(signs.look_again(), std::nullopt);
  manager_is_there = true;
  EXPECT_THAT(look(signs, 2), ElementsAre("READY=1\nSTATUS=running"));
  EXPECT_THAT(look(signs, 3), IsEmpty());
  EXPECT_EQ(signs.look_again(), std::nullopt);
}

TEST_F(LifeSignsTest, WhatIsSaidOfAStandingShardDoesNotReplaceThatItIsReady) {
  LifeSigns signs(kWatchdog, links());
  manager_is_there = false;
  signs.ready(0);
  signs.look(50'000);
  EXPECT_THAT(stands, ElementsAre(true));
  manager_is_there = true;
  EXPECT_THAT(look(signs, 55), ElementsAre("READY=1\nSTATUS=running"));
}

TEST_F(LifeSignsTest, ItLooksOftenEnoughToMissNoSpanOfTheWatchdog) {
  LifeSigns signs(LifeSigns::kLeastWatchdog, links());
  signs.ready(0);
  // A shard that rests comes round every second, and a look finds it a look later at most.
  ASSERT_TRUE(signs.look_again().has_value());
  EXPECT_LE(signs.look_again()->count + 1'000, LifeSigns::kLeastWatchdog.count / 2);
}

TEST_F(LifeSignsTest, WhatItDiesOfStaysOneAssignment) {
  LifeSigns signs(std::nullopt, links());
  signs.dying("cannot write\nREADY=1");
  EXPECT_THAT(said, ElementsAre("STATUS=died: cannot write READY=1"));
}

}  // namespace
}  // namespace sojourn::app
