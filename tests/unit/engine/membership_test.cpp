#include "engine/membership.h"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <tuple>

#include "graph/built_in.h"
#include "graph/catalog.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Expression;
using graph::ExprId;
using graph::Op;
using graph::Value;
using graph::Window;
using test::calendar_days;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

class TestMemberships final : public MembershipView {
 public:
  const graph::MessageType* message_type(std::string_view name) const override {
    return name == news.name ? &news : nullptr;
  }
  bool in_list(std::string_view list) const override { return lists.contains(list); }
  bool in_journey(std::string_view journey) const override { return journeys.contains(journey); }
  std::optional<base::Instant> left_at(std::string_view journey,
                                       std::string_view reason) const override {
    std::optional<base::Instant> last;
    for (const auto& [left, as, at] : ends) {
      if (left == journey && (reason.empty() || as == reason)) last = at;
    }
    return last;
  }

  graph::MessageType news{
      .name = "news", .id = 7, .marketing = true, .policy = graph::ConsentPolicy::kOptIn};
  std::set<std::string, std::less<>> lists;
  std::set<std::string, std::less<>> journeys;
  // Journey, reason, when; by time.
  std::vector<std::tuple<std::string, std::string, base::Instant>> ends;
};

class Membership : public testing::Test {
 protected:
  ExprId ask(Op op, const char* name, Window window = {}, std::vector<std::string> reason = {}) {
    Expression e{.op = op, .name = name, .names = std::move(reason)};
    e.window = std::move(window);
    return b_.add(std::move(e));
  }
  static Window within(std::int64_t days) {
    return {Window::Kind::kWithin, base::days24(days), {}};
  }
  bool holds_now(ExprId question) {
    Facts facts = user().facts();
    const Scope scope{.graph = b_.graph(),
                      .profile = facts.profile,
                      .zones = facts.zones,
                      .entry_fields = {},
                      .entry_created_at = {},
                      .locals = {},
                      .now = user().now,
                      .memberships = &memberships_};
    return holds(scope, question);
  }
  OneUser& user() {
    if (!user_) {
      user_.emplace(b_.build(graph::kCompleted));
      user_->memberships = &memberships_;
    }
    return *user_;
  }

  GraphBuilder b_;
  TestMemberships memberships_;
  std::optional<OneUser> user_;
};

TEST_F(Membership, ConsentGoesByTheProfileAsForSends) {
  const ExprId subscribed = ask(Op::kSubscribedTo, "news");
  const ExprId unknown = ask(Op::kSubscribedTo, "gone");
  EXPECT_FALSE(holds_now(subscribed));
  user().profile.fields[std::string(graph::kSubscribedIds)] =
      Value(graph::List{Value(std::int64_t{7})});
  EXPECT_TRUE(holds_now(subscribed));
  user().profile.fields[std::string(graph::kUnsubscribedIds)] =
      Value(graph::List{Value(std::int64_t{7})});
  EXPECT_FALSE(holds_now(subscribed));
  EXPECT_FALSE(holds_now(unknown));
}

TEST_F(Membership, ListsAndJourneysAreAskedByName) {
  const ExprId vips = ask(Op::kInList, "vips");
  const ExprId trial = ask(Op::kInJourney, "welcome");
  EXPECT_FALSE(holds_now(vips));
  EXPECT_FALSE(holds_now(trial));
  memberships_.lists.emplace("vips");
  memberships_.journeys.emplace("welcome");
  EXPECT_TRUE(holds_now(vips));
  EXPECT_TRUE(holds_now(trial));
}

TEST_F(Membership, LeavingIsAskedByReasonAndTime) {
  const ExprId ever = ask(Op::kLeftJourney, "welcome");
  const ExprId bought = ask(Op::kLeftJourney, "welcome", {}, {"bought"});
  const ExprId lately = ask(Op::kLeftJourney, "welcome", within(7));
  EXPECT_FALSE(holds_now(ever));
  memberships_.ends.emplace_back("welcome", "asleep", instant("2026-03-01T09:00Z"));
  user().at("2026-03-08T09:00Z");
  EXPECT_TRUE(holds_now(ever));
  EXPECT_FALSE(holds_now(bought));
  EXPECT_TRUE(holds_now(lately)) << "exactly 7 days ago counts";
  user().at("2026-03-08T09:00:00.001Z");
  EXPECT_FALSE(holds_now(lately));
  memberships_.ends.emplace_back("welcome", "bought", instant("2026-03-08T09:00Z"));
  EXPECT_TRUE(holds_now(bought));
  EXPECT_TRUE(holds_now(lately));
}

TEST_F(Membership, NobodyBelongsToAnythingWhenNothingIsKnown) {
  const ExprId vips = ask(Op::kInList, "vips");
  user_.emplace(b_.build(graph::kCompleted));
  memberships_.lists.emplace("vips");
  Facts facts = user_->facts();
  const Scope scope{.graph = b_.graph(),
                    .profile = facts.profile,
                    .zones = facts.zones,
                    .entry_fields = {},
                    .entry_created_at = {},
                    .locals = {},
                    .now = user_->now};
  EXPECT_FALSE(holds(scope, vips));
}

TEST_F(Membership, AnExitStandsOverThem) {
  b_.exit_when(ask(Op::kInList, "vips"), "promoted");
  user_.emplace(b_.build(b_.wait("wait", calendar_days(30))));
  user_->memberships = &memberships_;
  user_->enters();
  EXPECT_EQ(user_->place(), "wait");
  memberships_.lists.emplace("vips");
  user_->take(ProfileChanged{});
  EXPECT_EQ(user_->place(), "ended: promoted");
}

TEST_F(Membership, TimeAloneEndsThatSomebodyHasLeftLately) {
  b_.exit_when(b_.op(Op::kNot, {ask(Op::kLeftJourney, "welcome", within(2))}), "long_ago");
  user_.emplace(b_.build(b_.wait("wait", calendar_days(30))));
  user_->memberships = &memberships_;
  memberships_.ends.emplace_back("welcome", "bought", user_->now);
  user_->enters();
  EXPECT_EQ(user_->due(), "2026-03-03T09:00:00.001Z");
  user_->passes_until("2026-03-03T09:01Z");
  EXPECT_EQ(user_->place(), "ended: long_ago");
}

}  // namespace
}  // namespace sojourn::engine
