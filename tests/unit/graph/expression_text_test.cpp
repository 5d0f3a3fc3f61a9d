#include "graph/expression_text.h"

#include <gtest/gtest.h>

#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

class ExpressionText : public testing::Test {
 protected:
  std::string text(ExprId id) const { return to_string(graph_, id); }
  ExprId number(std::int64_t n) { return pool_.constant(Value(n)); }

  Graph graph_;
  samples::Pool pool_{graph_.expressions};
};

TEST_F(ExpressionText, RootsReadAsWritten) {
  graph_.entry_fields = {"plan"};
  EXPECT_EQ(text(pool_.user("trialEndsAt")), "user.trialEndsAt");
  EXPECT_EQ(text(pool_.user("first name")), "user.\"first name\"");
  EXPECT_EQ(text(pool_.entry(0)), "entry.plan");
  EXPECT_EQ(text(pool_.event("seats")), "event.seats");
  EXPECT_EQ(text(pool_.local(2)), "$2");
  EXPECT_EQ(text(pool_.apply(Op::kNow, {})), "now");
  EXPECT_EQ(text(pool_.apply(Op::kEventCreatedAt, {})), "event.createdAt");
}

TEST_F(ExpressionText, ConstantsReadAsWritten) {
  EXPECT_EQ(to_string(Value("a \"b\"")), "\"a \\\"b\\\"\"");
  EXPECT_EQ(to_string(Value(std::int64_t{-3})), "-3");
  EXPECT_EQ(to_string(Value(2.5)), "2.5");
  EXPECT_EQ(to_string(Value(true)), "true");
  EXPECT_EQ(to_string(Value()), "missing");
  EXPECT_EQ(to_string(Value(base::Instant{0})), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_string(Value(Date{0})), "1970-01-01");
  EXPECT_EQ(to_string(Value(TimeOfDay{545})), "09:05");
  EXPECT_EQ(to_string(Value(Duration{1, 2, 3000})), "1mo2d3s");
  EXPECT_EQ(to_string(Value(List{Value("x"), Value(std::int64_t{1})})), "[\"x\", 1]");
  EXPECT_EQ(to_string(Value(Object{{"a b", Value(1.0)}, {"c", Value()}})),
            "{ \"a b\": 1, c: missing }");
}

TEST_F(ExpressionText, BracketsStandOnlyWhereTheyAreNeeded) {
  const ExprId sum = pool_.apply(Op::kAdd, {number(1), number(2)});
  EXPECT_EQ(text(pool_.apply(Op::kMultiply, {sum, number(3)})), "(1 + 2) * 3");
  EXPECT_EQ(text(pool_.apply(Op::kAdd, {sum, number(3)})), "1 + 2 + 3");
  EXPECT_EQ(text(pool_.apply(Op::kSubtract, {number(3), sum})), "3 - (1 + 2)");
  const ExprId less = pool_.apply(Op::kLess, {sum, number(4)});
  EXPECT_EQ(text(less), "1 + 2 < 4");
  EXPECT_EQ(text(pool_.apply(Op::kEqual, {less, less})), "(1 + 2 < 4) == (1 + 2 < 4)");
  const ExprId either = pool_.apply(Op::kOr, {less, less});
  EXPECT_EQ(text(pool_.apply(Op::kAnd, {either, less})), "(1 + 2 < 4 or 1 + 2 < 4) and 1 + 2 < 4");
  EXPECT_EQ(text(pool_.apply(Op::kNot, {either})), "not (1 + 2 < 4 or 1 + 2 < 4)");
  EXPECT_EQ(text(pool_.apply(Op::kNegate, {sum})), "-(1 + 2)");
}

TEST_F(ExpressionText, EverythingWithItsOwnFormHasIt) {
  const ExprId a = pool_.user("a");
  const ExprId b = pool_.user("b");
  EXPECT_EQ(text(pool_.apply(Op::kIf, {a, b, a})), "if user.a then user.b else user.a");
  EXPECT_EQ(text(pool_.apply(Op::kIn, {a, number(1), number(2)})), "user.a in [1, 2]");
  EXPECT_EQ(text(pool_.apply(Op::kIsSet, {a})), "user.a is set");
  EXPECT_EQ(text(pool_.apply(Op::kDefault, {a, b})), "user.a default user.b");
  EXPECT_EQ(text(pool_.apply(Op::kDaysBetween, {a, b})), "days_between(user.a, user.b)");
  EXPECT_EQ(text(pool_.apply(Op::kStartsWith, {a, b})), "user.a starts with user.b");
  EXPECT_EQ(text(pool_.apply(Op::kConcat, {pool_.constant(Value("Hi \"")), a})),
            "\"Hi \\\"${user.a}\"");
  EXPECT_EQ(text(pool_.apply(Op::kList, {a, b})), "[user.a, user.b]");
  const ExprId object = pool_.object({"x", "y z"}, {a, b});
  EXPECT_EQ(text(object), "{ x: user.a, \"y z\": user.b }");
  EXPECT_EQ(text(pool_.named(Op::kMember, "x", {pool_.local(0)})), "$0.x");
}

TEST_F(ExpressionText, QuestionsOverListsNameTheList) {
  graph_.entry_fields = {"items"};
  const ExprId price = pool_.named(Op::kMember, "price", {pool_.apply(Op::kItem, {})});
  const ExprId large = pool_.apply(Op::kGreater, {price, number(5)});
  EXPECT_EQ(text(pool_.apply(Op::kCountItems, {pool_.entry(0), large})),
            "count(entry.items where it.price > 5)");
  EXPECT_EQ(text(pool_.apply(Op::kSumItems, {pool_.entry(0), price, large})),
            "sum(entry.items.price where it.price > 5)");
  EXPECT_EQ(text(pool_.apply(Op::kMaxItems, {pool_.entry(0), pool_.apply(Op::kItem, {})})),
            "max(entry.items)");
}

TEST_F(ExpressionText, QuestionsOverWhatHappenedNameTheirEvents) {
  const auto ask = [&](Op op, Window window, std::vector<ExprId> arguments) {
    const ExprId id = pool_.named(op, "purchase", std::move(arguments));
    graph_.expressions[id].window = std::move(window);
    return text(id);
  };
  const ExprId amount = pool_.event("amount");
  const ExprId large = pool_.apply(Op::kGreater, {amount, number(5)});
  EXPECT_EQ(ask(Op::kCountEvents, {}, {}), "count(purchase)");
  EXPECT_EQ(ask(Op::kSumEvents, {Window::Kind::kWithin, base::days24(7), {}}, {amount, large}),
            "sum(purchase.amount where event.amount > 5 within 7d)");
  EXPECT_EQ(ask(Op::kLastEvent, {Window::Kind::kSinceEntry, {}, {}}, {}),
            "last(purchase since entry)");
  EXPECT_EQ(ask(Op::kFirstEvent, {Window::Kind::kBeforeEntry, {}, {}}, {}),
            "first(purchase before entry)");
  EXPECT_EQ(ask(Op::kCountEvents, {Window::Kind::kSinceStep, {}, "wait 1"}, {large}),
            "count(purchase where event.amount > 5 since wait 1)");
}

TEST_F(ExpressionText, EngagementIsSaidInTheAuthorsWords) {
  const ExprId target = pool_.apply(Op::kEqual, {pool_.event("message"), pool_.event("message")});
  const ExprId theirs = pool_.apply(Op::kGreater, {pool_.event("amount"), number(5)});
  const auto ask = [&](std::vector<ExprId> arguments, Window window) {
    const ExprId id = pool_.named(Op::kCountEvents, "#opened", std::move(arguments));
    graph_.expressions[id].names = {"opened welcome"};
    graph_.expressions[id].window = std::move(window);
    return text(id);
  };
  const Window enrollment{Window::Kind::kThisEnrollment, {}, {}};
  EXPECT_EQ(ask({target}, enrollment), "count(opened welcome in this enrollment)");
  EXPECT_EQ(ask({pool_.apply(Op::kAnd, {target, theirs})}, {}),
            "count(opened welcome where event.amount > 5)");
}

TEST_F(ExpressionText, MembershipIsSaidAsItIsWritten) {
  EXPECT_EQ(text(pool_.named(Op::kSubscribedTo, "news")), "subscribed to news");
  EXPECT_EQ(text(pool_.named(Op::kInList, "vips")), "in list vips");
  EXPECT_EQ(text(pool_.named(Op::kInJourney, "trial")), "in journey trial");
  const ExprId left = pool_.named(Op::kLeftJourney, "trial");
  EXPECT_EQ(text(left), "left trial");
  graph_.expressions[left].names = {"bought"};
  graph_.expressions[left].window = {Window::Kind::kWithin, base::days24(7), {}};
  EXPECT_EQ(text(pool_.apply(Op::kNot, {left})), "not left trial as bought within 7d");
}

TEST_F(ExpressionText, APatternStandsInQuotes) {
  const ExprId id = pool_.apply(Op::kMatches, {pool_.user("plan")});
  graph_.expressions[id].constant = Value("^pro");
  EXPECT_EQ(text(id), "user.plan matches \"^pro\"");
}

}  // namespace
}  // namespace sojourn::graph
