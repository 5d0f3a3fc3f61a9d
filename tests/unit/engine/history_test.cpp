#include "engine/history.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Expression;
using graph::Op;
using graph::Value;
using graph::Window;
using test::GraphBuilder;
using test::instant;

const Window kAll{};
const Window kSinceEntry{Window::Kind::kSinceEntry, {}, {}};
const Window kBeforeEntry{Window::Kind::kBeforeEntry, {}, {}};
Window within(base::Millis length) {
  return {Window::Kind::kWithin, length, {}};
}

// The user entered on 10 March at noon by the second of two signups, and it is 20
// March, noon.
class History : public testing::Test {
 protected:
  History() {
    add("login", "2026-03-01T12:00Z");
    add("signup", "2026-03-02T12:00Z");
    add("signup", "2026-03-10T12:00Z");
    entry_event_ = history_.back().number;
    add("purchase", "2026-03-13T12:00Z", 10);
    add("login", "2026-03-15T12:00Z");
    add("purchase", "2026-03-18T12:00Z", 4);
    // Happened before the entry, came after it.
    add("purchase", "2026-03-09T12:00Z", 30);
  }

  void add(const char* name, const char* created_at, std::int64_t amount = 0) {
    EventFact event{.number = history_.size() + 1,
                    .name = name,
                    .created_at = instant(created_at),
                    .arrived_at = instant("2026-03-20T12:00Z"),
                    .fields = {}};
    if (amount != 0) event.fields.emplace_back("amount", Value(amount));
    history_.push_back(std::move(event));
  }

  Expression question(Op op, const char* event, Window window,
                      std::vector<graph::ExprId> arguments = {}) {
    Expression e{.op = op, .arguments = std::move(arguments), .name = event};
    e.window = std::move(window);
    return e;
  }

  Value ask(const Expression& question) {
    const graph::ExprId id = b_.add(question);
    const Scope scope{.graph = b_.graph(),
                      .profile = profile_,
                      .zones = zones_,
                      .entry_created_at = instant("2026-03-10T12:00Z"),
                      .now = instant(now_),
                      .history = history_,
                      .entry_event = entry_event_,
                      .reached = reached_};
    return evaluate(scope, id);
  }
  Value count(const char* event, Window window, std::vector<graph::ExprId> arguments = {}) {
    return ask(question(Op::kCountEvents, event, std::move(window), std::move(arguments)));
  }
  graph::ExprId amount_above(std::int64_t n) {
    return b_.op(Op::kGreater, {b_.event("amount"), b_.integer(n)});
  }

  GraphBuilder b_;
  test::TestProfile profile_;
  test::TestZones zones_;
  std::vector<EventFact> history_;
  std::uint64_t entry_event_ = 0;
  std::vector<StepReached> reached_;
  const char* now_ = "2026-03-20T12:00Z";
};

Value number(std::int64_t n) {
  return Value(n);
}

TEST_F(History, CountsTheEventsOfOneName) {
  EXPECT_EQ(count("login", kAll), number(2));
  EXPECT_EQ(count("signup", kAll), number(2));
  EXPECT_EQ(count("never", kAll), number(0));
}

TEST_F(History, OfAWindowBothEndsAreInside) {
  EXPECT_EQ(count("login", within(base::days24(5))), number(1));
  EXPECT_EQ(count("login", within(base::Millis{base::days24(5).count - 1})), number(0));
  EXPECT_EQ(count("login", within(base::days24(19))), number(2));
}

TEST_F(History, WindowsGoByWhenThingsHappenedAndNotByWhenTheyCame) {
  EXPECT_EQ(count("purchase", within(base::days24(8))), number(2));
  EXPECT_EQ(count("purchase", within(base::days24(11))), number(3));
}

TEST_F(History, SinceEntryBeginsAfterTheEventThatStartedTheEnrollment) {
  EXPECT_EQ(count("signup", kSinceEntry), number(0));
  EXPECT_EQ(count("purchase", kSinceEntry), number(2));
  EXPECT_EQ(count("login", kSinceEntry), number(1));
}

TEST_F(History, BeforeEntryEndsJustBeforeIt) {
  EXPECT_EQ(count("signup", kBeforeEntry), number(1));
  EXPECT_EQ(count("purchase", kBeforeEntry), number(1));
  EXPECT_EQ(count("login", kBeforeEntry), number(1));
}

TEST_F(History, OfEventsAtTheInstantOfTheEntryTheOrderOfArrivalDecides) {
  history_.clear();
  add("login", "2026-03-10T12:00Z");
  add("signup", "2026-03-10T12:00Z");
  add("login", "2026-03-10T12:00Z");
  entry_event_ = 2;
  EXPECT_EQ(count("login", kBeforeEntry), number(1));
  EXPECT_EQ(count("login", kSinceEntry), number(1));
}

TEST_F(History, SinceAStepThatWasNeverReachedNothingIsKnown) {
  b_.send("welcome");
  const Window since{Window::Kind::kSinceStep, {}, "welcome"};
  EXPECT_TRUE(count("login", since).is_missing());
  EXPECT_TRUE(ask(question(Op::kLastEvent, "login", since)).is_missing());
  reached_.push_back({0, instant("2026-03-15T12:00Z")});
  EXPECT_EQ(count("login", since), number(1));
  reached_[0].at = instant("2026-03-15T12:01Z");
  EXPECT_EQ(count("login", since), number(0));
}

TEST_F(History, TheConditionReadsEachEvent) {
  EXPECT_EQ(count("purchase", kAll, {amount_above(4)}), number(2));
  EXPECT_EQ(count("purchase", kSinceEntry, {amount_above(4)}), number(1));
}

TEST_F(History, TheConditionReadsEverythingElseToo) {
  profile_.fields["limit"] = Value(std::int64_t{9});
  const auto above = b_.op(Op::kGreater, {b_.event("amount"), b_.user("limit")});
  EXPECT_EQ(count("purchase", kAll, {above}), number(2));
}

TEST_F(History, SumsAndExtremesAreOfTheEventsThatMatch) {
  const auto amount = b_.event("amount");
  EXPECT_EQ(ask(question(Op::kSumEvents, "purchase", kAll, {amount})), number(44));
  EXPECT_EQ(ask(question(Op::kSumEvents, "purchase", kAll, {amount, amount_above(4)})), number(40));
  EXPECT_EQ(ask(question(Op::kMinEvents, "purchase", kAll, {amount})), number(4));
  EXPECT_EQ(ask(question(Op::kMaxEvents, "purchase", kSinceEntry, {amount})), number(10));
  EXPECT_EQ(ask(question(Op::kAvgEvents, "purchase", kSinceEntry, {amount})), number(7));
}

TEST_F(History, OfNothingTheSumIsZeroAndTheRestIsMissing) {
  const auto amount = b_.event("amount");
  EXPECT_EQ(ask(question(Op::kSumEvents, "never", kAll, {amount})), number(0));
  for (const Op op : {Op::kMinEvents, Op::kMaxEvents, Op::kAvgEvents}) {
    EXPECT_TRUE(ask(question(op, "never", kAll, {amount})).is_missing());
  }
  EXPECT_TRUE(ask(question(Op::kFirstEvent, "never", kAll)).is_missing());
}

TEST_F(History, EventsThatLackTheFieldAreLeftOut) {
  add("purchase", "2026-03-19T12:00Z");
  const auto amount = b_.event("amount");
  EXPECT_EQ(ask(question(Op::kMinEvents, "purchase", kAll, {amount})), number(4));
  EXPECT_EQ(ask(question(Op::kAvgEvents, "purchase", kSinceEntry, {amount})), number(7));
}

TEST_F(History, FirstAndLastGoByWhenTheyHappened) {
  const auto value_of = [](const Value& event, const char* field) {
    return graph::find_field(event.as_object(), field);
  };
  const Value first = ask(question(Op::kFirstEvent, "purchase", kAll));
  EXPECT_EQ(value_of(first, "amount"), number(30));
  EXPECT_EQ(value_of(first, "createdAt"), Value(instant("2026-03-09T12:00Z")));
  EXPECT_EQ(value_of(ask(question(Op::kLastEvent, "purchase", kAll)), "amount"), number(4));
}

TEST_F(History, AListGoesByWhenTheyHappened) {
  Expression list = question(Op::kListEvents, "purchase", kAll, {b_.event("amount")});
  EXPECT_EQ(ask(list), Value(graph::List{number(30), number(10), number(4)}));
  list.slot = 2;
  EXPECT_EQ(ask(list), Value(graph::List{number(30), number(10)}));
}

TEST_F(History, AnEventThatSaysItIsOfTheFutureCountsFromItsArrival) {
  add("login", "2026-03-21T12:00Z");
  EXPECT_EQ(count("login", within(base::days24(1))), number(1));
  now_ = "2026-03-22T12:00Z";
  EXPECT_EQ(count("login", within(base::days24(1))), number(1));
  now_ = "2026-03-22T12:01Z";
  EXPECT_EQ(count("login", within(base::days24(1))), number(0));
}

TEST_F(History, AnEventLeavesAWindowJustAfterItsEnd) {
  const EventFact& event = history_[0];
  EXPECT_EQ(leaves_window(within(base::days24(2)), event), instant("2026-03-03T12:00:00.001Z"));
  EXPECT_EQ(leaves_window(kSinceEntry, event), std::nullopt);
  EXPECT_EQ(leaves_window(kAll, event), std::nullopt);
}

}  // namespace
}  // namespace sojourn::engine
