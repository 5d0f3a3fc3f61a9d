// The order of language section 7, as a user's enrollments are told it.
#include "engine/happenings.h"

#include <algorithm>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

namespace sojourn::engine {
namespace {

using testing::ElementsAre;

EventFact event(std::string name) {
  EventFact fact;
  fact.name = std::move(name);
  return fact;
}

// Writes down what it is asked. Enrollments can be given something to cause.
class ToldUser final : public UserInJourneys {
 public:
  explicit ToldUser(Happenings& happenings) : happenings_(happenings) {}

  std::vector<bool> live{true, false, true};
  std::map<std::size_t, std::vector<std::string>> tracks;  // by enrollment, once each
  std::size_t writes = 99;                                 // this enrollment, once
  std::string entered_by;
  bool comes = false;                // something it is watched for, at the next look
  bool comes_always = false;         // and at every other
  int watched = 1;                   // so much of it
  std::vector<std::string> changes;  // told with the write
  std::vector<std::string> log;
  int dropped = 0;

  std::size_t enrollment_count() const override { return live.size(); }
  bool is_live(std::size_t i) const override { return live[i]; }
  void keep(const EventFact& e) override { log.push_back("keep " + e.name); }
  void meet_goals(const EventFact& e) override { log.push_back("goals " + e.name); }
  void comes_back(const EventFact& e) override { log.push_back("back " + e.name); }
  void look_at_watches() override {
    if (!comes_always && !std::exchange(comes, false)) return;
    log.push_back("look");
    std::vector<EventFact> entries;
    for (int i = 0; i < watched; ++i) entries.push_back(event("watched"));
    if (!happenings_.cause_entries(std::move(entries))) ++dropped;
  }
  void enter_by(const EventFact& e) override {
    log.push_back("enter? " + e.name);
    if (e.name == entered_by) live.push_back(true);
  }
  void move(std::size_t i, const Input& input) override {
    const auto* arrived = std::get_if<EventArrived>(&input);
    const char* other = std::holds_alternative<ProfileChanged>(input) ? "profile" : "timer";
    log.push_back(fmt::format("{} {}", i, arrived != nullptr ? arrived->event.name : other));
    for (const std::string& name : std::exchange(tracks[i], {})) {
      if (!happenings_.cause_event(event(name))) ++dropped;
    }
    if (writes == i) {
      writes = 99;
      happenings_.cause_profile_change();
      for (const std::string& name : std::exchange(changes, {})) {
        if (!happenings_.cause_change(event(name))) ++dropped;
      }
    }
  }

 private:
  Happenings& happenings_;
};

class HappeningsTest : public testing::Test {
 protected:
  Happenings happenings{2};
  ToldUser user{happenings};
};

TEST_F(HappeningsTest, HistoryComesFirstThenThoseInsideThenEntries) {
  user.entered_by = "login";
  happenings.event_arrived(user, event("login"));
  // Who entered by it has seen it.
  EXPECT_THAT(user.log,
              ElementsAre("keep login", "goals login", "0 login", "2 login", "enter? login"));
}

TEST_F(HappeningsTest, WhatIsCausedWaitsUntilTheInputIsDone) {
  user.tracks[0] = {"a", "b"};
  user.writes = 2;
  happenings.event_arrived(user, event("login"));
  EXPECT_THAT(user.log,
              ElementsAre("keep login", "goals login", "0 login", "2 login", "enter? login",  //
                          "0 profile", "2 profile",                                           //
                          "back a", "keep a", "goals a", "0 a", "2 a", "enter? a",            //
                          "back b", "keep b", "goals b", "0 b", "2 b", "enter? b"));
}

TEST_F(HappeningsTest, AProfileChangeComesBeforeTheNextCausedEvent) {
  user.tracks[0] = {"a"};
  user.live = {true};
  happenings.enrollment_input(user, 0, TimerDue{});
  user.writes = 0;
  user.tracks[0] = {"b"};
  happenings.profile_changed(user);
  EXPECT_THAT(user.log, ElementsAre("0 timer", "back a", "keep a", "goals a", "0 a", "enter? a",  //
                                    "0 profile", "0 profile", "back b", "keep b", "goals b", "0 b",
                                    "enter? b"));
}

TEST_F(HappeningsTest, OneInputCausesSoManyEventsAndNoMore) {
  user.tracks[0] = {"a", "b", "c"};
  user.live = {true};
  happenings.event_arrived(user, event("login"));
  EXPECT_EQ(user.dropped, 1);
  EXPECT_THAT(user.log, testing::Not(testing::Contains("back c")));
  // The next input has its own allowance.
  user.tracks[0] = {"d", "e"};
  happenings.event_arrived(user, event("login"));
  EXPECT_EQ(user.dropped, 1);
  EXPECT_THAT(user.log, testing::Contains("back e"));
}

TEST_F(HappeningsTest, WhatComesAtOneMomentComesHoweverManyItIs) {
  user.comes = true;
  user.watched = 5;
  happenings.moment_came(user);
  EXPECT_EQ(user.dropped, 0);
  EXPECT_EQ(std::ranges::count(user.log, "enter? watched"), 5);
}

TEST_F(HappeningsTest, WhatComesOverAndOverEnds) {
  user.comes_always = true;
  user.watched = 5;
  happenings.moment_came(user);
  EXPECT_EQ(user.dropped, 9) << "of eleven looks, the first two";
  EXPECT_EQ(std::ranges::count(user.log, "enter? watched"), 10);
}

TEST_F(HappeningsTest, ATimerConcernsOneEnrollment) {
  happenings.enrollment_input(user, 2, TimerDue{});
  EXPECT_THAT(user.log, ElementsAre("2 timer"));
}

TEST_F(HappeningsTest, AChangeIsAnEventOfTheSameMoment) {
  happenings.profile_changed(user, {event("plan"), event("seats")});
  // Events first, so that exits are looked at in the order written; entries last.
  EXPECT_THAT(user.log, ElementsAre("keep plan", "keep seats", "goals plan", "goals seats",
                                    "0 plan", "2 plan", "0 seats", "2 seats", "0 profile",
                                    "2 profile", "enter? plan", "enter? seats"));
}

TEST_F(HappeningsTest, AChangeThatAJourneyMakesComesBeforeWhatItTracks) {
  user.tracks[0] = {"a"};
  user.writes = 0;
  user.changes = {"plan"};
  happenings.event_arrived(user, event("login"));
  EXPECT_THAT(user.log,
              ElementsAre("keep login", "goals login", "0 login", "2 login", "enter? login",
                          "keep plan", "goals plan", "0 plan", "2 plan", "0 profile", "2 profile",
                          "enter? plan", "back a", "keep a", "goals a", "0 a", "2 a", "enter? a"));
}

TEST_F(HappeningsTest, ChangesCountAmongWhatOneInputMayCause) {
  user.writes = 0;
  user.changes = {"a", "b", "c"};
  happenings.event_arrived(user, event("login"));
  EXPECT_EQ(user.dropped, 1);
}

TEST_F(HappeningsTest, WhatIsWatchedIsLookedAtAfterEntries) {
  user.comes = true;
  happenings.event_arrived(user, event("login"));
  EXPECT_THAT(user.log, ElementsAre("keep login", "goals login", "0 login", "2 login",
                                    "enter? login", "look", "back watched", "keep watched",
                                    "goals watched", "0 watched", "2 watched", "enter? watched"));
}

TEST_F(HappeningsTest, AMomentMovesNobodyButByWhatItBrings) {
  happenings.moment_came(user);
  EXPECT_TRUE(user.log.empty());
  user.comes = true;
  happenings.moment_came(user);
  EXPECT_THAT(user.log, ElementsAre("look", "back watched", "keep watched", "goals watched",
                                    "0 watched", "2 watched", "enter? watched"));
}

}  // namespace
}  // namespace sojourn::engine
