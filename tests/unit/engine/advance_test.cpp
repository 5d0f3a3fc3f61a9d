#include "engine/advance.h"

#include <array>
#include <gtest/gtest.h>

#include "base/random.h"
#include "engine/enrollment_fit.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"
#include "tests/unit/engine/trial_journey.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::calendar_days;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

TEST(Advance, AnEndedEnrollmentIsReturnedAsItIs) {
  GraphBuilder b;
  b.exit_on("purchase");
  OneUser user(b.build(b.wait("wait", calendar_days(1))));
  user.enters();
  user.event("purchase");
  const Enrollment ended = *user.enrollment;
  user.effects();
  user.at("2026-04-01T09:00Z");
  user.event("purchase");
  user.change("plan", Value("free"));
  user.wakes();
  user.take(DeliveryEnded{0, 1, DeliveryEnded::Result::kAccepted, {}});
  EXPECT_EQ(*user.enrollment, ended);
  EXPECT_EQ(user.effects(), "");
}

TEST(Advance, AStaleWakeUpChangesNothing) {
  GraphBuilder b;
  OneUser user(b.build(b.send("welcome", b.wait("wait", calendar_days(1)))));
  user.enters();
  const Enrollment sending = *user.enrollment;
  user.wakes();
  EXPECT_EQ(*user.enrollment, sending);
  user.delivered();
  const Enrollment waiting = *user.enrollment;
  user.wakes();
  EXPECT_EQ(*user.enrollment, waiting);
}

TEST(Advance, OneTurnPassesEveryStepThatDoesNotRest) {
  GraphBuilder b;
  graph::StepIndex next = b.wait("rest", calendar_days(1));
  for (int i = 0; i < 50; ++i) {
    next = b.step("let " + std::to_string(i),
                  graph::Let{.slot = 0, .value = b.integer(i), .next = next});
  }
  b.use_slot(0);
  OneUser user(b.build(next));
  user.enters();
  EXPECT_EQ(user.place(), "rest");
  EXPECT_EQ(user.path().size(), 51U);
}

// No verified graph does this; an engine that is handed one still answers.
TEST(Advance, ARoundWithoutRestEndsAsAnError) {
  graph::Graph graph;
  graph.journey = "round";
  graph.expressions.push_back({.op = graph::Op::kConstant});
  graph.steps.push_back({"let", graph::Let{.slot = 0, .value = 0, .next = 0}, {}});
  graph.first = 0;
  OneUser user(graph);
  user.enters();
  EXPECT_EQ(user.place(), "ended: error");
}

TEST(Advance, TheSameArgumentsGiveTheSameAnswer) {
  OneUser user(test::trial_journey());
  user.profile.fields["plan"] = Value("trial");
  user.enters({{"ns", Value("n1")}});
  const EventFact event = user.add_event("opened", {{"ns", Value("n1")}});
  const auto once =
      advance(user.graph(), *user.enrollment, user.facts(), EventArrived{event}, user.now);
  const auto twice =
      advance(user.graph(), *user.enrollment, user.facts(), EventArrived{event}, user.now);
  EXPECT_EQ(once.enrollment, twice.enrollment);
  EXPECT_EQ(once.effects.size(), twice.effects.size());
}

// A user whom chance happens to: events, changes, reports and time, with values
// of every kind where the program expects another, or none.
class ChanceUser {
 public:
  explicit ChanceUser(std::uint64_t seed)
      : random_(seed), user_(test::trial_journey()), numbers_(numbers_for(user_.graph())) {}

  // Ends as the enrollment does, or after a hundred inputs.
  std::string lives() {
    for (const char* field : kFields) {
      if (chance(2)) user_.profile.fields[field] = value();
    }
    user_.enters({{"ns", value()}});
    for (int i = 0; i < 100 && !user_.enrollment->exit_reason; ++i) {
      user_.now = user_.now + base::Millis{static_cast<std::int64_t>(below(30 * 3'600'000))};
      happens();
      stays_whole();
    }
    return user_.place();
  }

 private:
  static constexpr std::array kFields{"plan",     "seats",     "trialEndsAt", "timeZone",
                                      "renewsAt", "accountId", "bookedSeats"};

  static StepNumbers numbers_for(const graph::Graph& graph) {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < graph.steps.size(); ++i) numbers.push_back(100 + i * 3);
    return StepNumbers(numbers);
  }
  std::uint64_t below(std::uint64_t n) { return base::random_below(random_, n); }
  bool chance(std::uint64_t n) { return below(n) == 0; }

  Value value() {
    switch (below(10)) {
      case 0:
        return {};
      case 1:
        return Value("n1");
      case 2:
        return Value(static_cast<std::int64_t>(below(10)));
      case 3:
        return Value("Europe/Berlin");
      case 4:
        return Value("America/New_York");
      case 5:
        return Value("pro");
      case 6:
        return Value(graph::Date{static_cast<std::int32_t>(20'510 + below(40))});
      case 7:
        return Value(graph::List{Value("n1")});
      default:
        return Value(instant("2026-03-01T09:00Z") +
                     base::Millis{static_cast<std::int64_t>(below(60LL * 86'400'000))});
    }
  }

  void happens() {
    switch (below(5)) {
      case 0:
        return user_.event(chance(9) ? "purchase" : "opened", {{"ns", value()}});
      case 1:
        return user_.change(kFields[below(kFields.size())], value());
      case 2:
        return user_.take(
            DeliveryEnded{static_cast<graph::StepIndex>(below(user_.graph().steps.size())),
                          1,
                          static_cast<DeliveryEnded::Result>(below(3)),
                          {}});
      case 3:
        if (std::holds_alternative<graph::Send>(user_.graph().steps[user_.enrollment->at].action)) {
          user_.decides();
          user_.delivered(static_cast<DeliveryEnded::Result>(below(3)));
        }
        return;
      default:
        return user_.wakes();
    }
  }

  // Whoever has not ended rests where something will bring him on; nothing that is
  // due stays undone; and what is stored comes back as it was.
  void stays_whole() {
    const Enrollment& e = *user_.enrollment;
    const auto stored =
        read_enrollment(encode(e, numbers_), e.user, e.number, user_.graph(), numbers_);
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(*stored, e);
    if (e.exit_reason) {
      EXPECT_TRUE(e.timers.empty());
      return;
    }
    const graph::Step& step = user_.graph().steps[e.at];
    ASSERT_TRUE(graph::is_resting_place(step)) << step.identity;
    EXPECT_EQ(e.timers.empty(), std::holds_alternative<graph::Send>(step.action));
    EXPECT_LE(e.timers.size(), 1U);
    user_.wakes();
    if (e.next_due()) {
      EXPECT_GT(*e.next_due(), user_.now);
    }
  }

  base::SeededRandom random_;
  OneUser user_;
  StepNumbers numbers_;
};

TEST(Advance, IsTotalWhateverHappensToWhomever) {
  std::map<std::string, int> ends;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    ++ends[ChanceUser(seed).lives()];
    if (HasFatalFailure()) return;
  }
  // The walks get everywhere, or they would show little.
  for (const char* end :
       {"ended: converted", "ended: completed", "ended: no_trial_date", "ended: enough"}) {
    EXPECT_GT(ends[end], 0) << end;
  }
  EXPECT_EQ(ends["ended: error"], 0);
}

}  // namespace
}  // namespace sojourn::engine
