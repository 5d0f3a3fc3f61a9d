#include "graph/awaits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/engagement.h"
#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using base::Millis;
using testing::ElementsAre;
using testing::IsEmpty;

class AwaitsTest : public testing::Test {
 protected:
  ExprId text(const char* value) { return pool_.constant(Value(std::string(value))); }
  ExprId is(std::string_view field, const char* value) {
    return pool_.apply(Op::kEqual, {pool_.event(std::string(field)), text(value)});
  }
  // How often this has happened, in the last `within` or, without, ever.
  ExprId count(const std::string& event, Millis within = {}, std::vector<ExprId> where = {}) {
    const ExprId id = pool_.named(Op::kCountEvents, event, std::move(where));
    if (within != Millis{}) {
      graph_.expressions[id].window = {Window::Kind::kWithin, within, {}};
    }
    return id;
  }
  ExprId number(std::int64_t value) { return pool_.constant(Value(value)); }
  ExprId left(const char* journey, Millis within) {
    const ExprId id = pool_.named(Op::kLeftJourney, journey, {});
    if (within != Millis{}) {
      graph_.expressions[id].window = {Window::Kind::kWithin, within, {}};
    }
    return id;
  }
  ExprId no(ExprId condition) { return pool_.apply(Op::kNot, {condition}); }

  std::set<Awaited> of(ExprId condition) {
    graph_.watched = {{0, WhenEntry{condition}}};
    return events_awaited(graph_);
  }
  static Awaited soon(std::string event) { return {std::move(event), Millis{0}}; }

  Graph graph_;
  samples::Pool pool_{graph_.expressions};
  const std::string sent_ = event_of(Engagement::kSent).name;
};

TEST_F(AwaitsTest, WhatAMessageIsIsSaidByTheNarrowestField) {
  EXPECT_THAT(events_meant(graph_, sent_, kNoExpr), ElementsAre("#sent"));
  EXPECT_THAT(events_meant(graph_, sent_, is(kMediumField, "email")),
              ElementsAre("#sent medium email"));
  const ExprId both =
      pool_.apply(Op::kAnd, {is(kMediumField, "email"), is(kCampaignField, "tour")});
  EXPECT_THAT(events_meant(graph_, sent_, both), ElementsAre("#sent campaign tour"));
  const ExprId either =
      pool_.apply(Op::kOr, {is(kMediumField, "email"), is(kCampaignField, "tour")});
  EXPECT_THAT(events_meant(graph_, sent_, either), ElementsAre("#sent"));
  const ExprId types =
      pool_.constant(Value(List{Value(std::string("a")), Value(std::string("b"))}));
  const ExprId of_types =
      pool_.apply(Op::kContains, {types, pool_.event(std::string(kMessageTypeField))});
  EXPECT_THAT(events_meant(graph_, sent_, of_types),
              ElementsAre("#sent message_type a", "#sent message_type b"));
  EXPECT_THAT(events_meant(graph_, "login", is(kCampaignField, "tour")), ElementsAre("login"))
      << "of other events no condition is looked at";
}

TEST_F(AwaitsTest, TheMessagesOfAQuestion) {
  const ExprId asked =
      pool_.named(Op::kListEvents, sent_,
                  {pool_.event(std::string(kMessageField)), is(kJourneyField, "first_week")});
  const ExprId one_of =
      pool_.apply(Op::kContains, {asked, pool_.event(std::string(kMessageField))});
  EXPECT_THAT(events_meant(graph_, "#opened", one_of), ElementsAre("#opened journey first_week"));
}

TEST_F(AwaitsTest, MoreOfItOrLess) {
  const auto compare = [&](Op op, std::int64_t value) {
    return pool_.apply(op, {count("login", base::days24(7)), number(value)});
  };
  EXPECT_THAT(of(compare(Op::kGreaterEqual, 2)), ElementsAre(soon("login")));
  const Awaited later{"login", base::days24(7)};
  EXPECT_THAT(of(compare(Op::kLessEqual, 2)), ElementsAre(later));
  EXPECT_THAT(of(compare(Op::kEqual, 0)), ElementsAre(later));
  EXPECT_THAT(of(no(compare(Op::kGreaterEqual, 1))), ElementsAre(later));
  EXPECT_THAT(of(no(compare(Op::kLess, 3))), ElementsAre(soon("login")));
  EXPECT_THAT(of(compare(Op::kEqual, 2)), ElementsAre(soon("login"))) << "either may give it";
  EXPECT_THAT(of(pool_.apply(Op::kEqual, {count("login"), number(0)})), IsEmpty())
      << "what has ever happened stays so";
}

TEST_F(AwaitsTest, WhatCountsMayChangeBeforeTheWindowHasPassed) {
  const ExprId matches = pool_.apply(Op::kEqual, {pool_.event("plan"), pool_.user("plan")});
  const ExprId none =
      pool_.apply(Op::kEqual, {count("signup", base::days24(7), {matches}), number(0)});
  EXPECT_THAT(of(none), ElementsAre(soon("signup"), soon("user.plan changed")));
}

TEST_F(AwaitsTest, JourneysThatBeginAndEnd) {
  const ExprId in = pool_.named(Op::kInJourney, "other", {});
  EXPECT_THAT(of(in), ElementsAre(soon("in journey other")));
  EXPECT_THAT(of(no(in)), ElementsAre(soon("left journey other")));
  EXPECT_THAT(of(left("other", base::hours(5))), ElementsAre(soon("left journey other")));
  const Awaited later{"left journey other", base::hours(5)};
  EXPECT_THAT(of(no(left("other", base::hours(5)))), ElementsAre(later));
  EXPECT_THAT(of(no(left("other", {}))), IsEmpty()) << "who has ever left has left";
  const ExprId for_reason = left("other", {});
  graph_.expressions[for_reason].names = {"bought"};
  EXPECT_THAT(of(for_reason), ElementsAre(soon("left journey other as bought")));
}

TEST_F(AwaitsTest, OfFieldsAndListsEveryChangeCounts) {
  const ExprId listed = pool_.named(Op::kInList, "vips", {});
  EXPECT_THAT(
      of(no(pool_.apply(Op::kAnd, {listed, pool_.apply(Op::kIsSet, {pool_.user("plan")})}))),
      ElementsAre(soon("left list vips"), soon("list vips"), soon("user.plan changed")));
  graph_.watched = {{0, ScheduleEntry{{}, {}, listed}}};
  EXPECT_THAT(events_awaited(graph_), IsEmpty()) << "it comes whatever the user is like";
}

}  // namespace
}  // namespace sojourn::graph
