#include "engine/engagement.h"

#include <gtest/gtest.h>

#include "engine/history.h"
#include "graph/expression_text.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Engagement;
using graph::Expression;
using graph::ExprId;
using graph::Op;
using graph::Value;
using graph::Window;
using test::GraphBuilder;
using test::instant;

const Window kThisEnrollment{Window::Kind::kThisEnrollment, {}, {}};

const graph::Campaign kWelcome{
    .name = "welcome", .id = 1, .medium = graph::Medium::kEmail, .message_type = "news"};
const graph::Campaign kTour{
    .name = "tour", .id = 2, .medium = graph::Medium::kPush, .message_type = "tips"};

class Engagements : public testing::Test {
 protected:
  void add(Engagement what, std::vector<graph::Field> fields) {
    history_.push_back({.number = history_.size() + 1,
                        .name = graph::event_of(what).name,
                        .created_at = instant("2026-03-01T09:00Z"),
                        .arrived_at = instant("2026-03-01T09:00Z"),
                        .fields = std::move(fields)});
  }
  void sent(const graph::Campaign& campaign, const char* message, std::uint32_t enrollment) {
    add(Engagement::kSent, fields_of(SentFacts{campaign, message, "j", enrollment, "step"}));
  }
  void opened(const char* message, const graph::Campaign* campaign) {
    add(Engagement::kOpened,
        fields_of(Engaged{Engagement::kOpened, message, campaign, {}}, history_));
  }

  ExprId question(Op op, Engagement what, Window window, std::vector<ExprId> arguments) {
    Expression e{.op = op, .arguments = std::move(arguments), .name = graph::event_of(what).name};
    e.window = std::move(window);
    return b_.add(std::move(e));
  }
  // `count(opened welcome)`: of this enrollment's last message of the campaign.
  ExprId opened_last_welcome() {
    const ExprId is_welcome = b_.equal(b_.event("campaign"), b_.text("welcome"));
    const ExprId last = question(Op::kLastEvent, Engagement::kSent, kThisEnrollment, {is_welcome});
    const ExprId same = b_.equal(b_.event("message"), b_.member(last, "message"));
    return question(Op::kCountEvents, Engagement::kOpened, kThisEnrollment, {same});
  }
  Value ask(ExprId id, std::uint32_t enrollment = 1) {
    return evaluate(Scope{.graph = b_.graph(),
                          .profile = profile_,
                          .zones = zones_,
                          .entry_fields = {},
                          .entry_created_at = {},
                          .locals = {},
                          .now = instant("2026-03-02T09:00Z"),
                          .history = history_,
                          .enrollment = enrollment},
                    id);
  }

  GraphBuilder b_;
  test::TestProfile profile_;
  test::TestZones zones_;
  std::vector<EventFact> history_;
};

TEST_F(Engagements, OnlyTheLastMessageOfTheEnrollmentCounts) {
  const ExprId count = opened_last_welcome();
  EXPECT_EQ(ask(count), Value(std::int64_t{0}));
  sent(kWelcome, "m1", 1);
  opened("m1", &kWelcome);
  opened("m1", &kWelcome);
  EXPECT_EQ(ask(count), Value(std::int64_t{2}));
  EXPECT_EQ(ask(count, 2), Value(std::int64_t{0})) << "another enrollment's";
  sent(kTour, "m2", 1);
  EXPECT_EQ(ask(count), Value(std::int64_t{2})) << "another campaign";
  sent(kWelcome, "m3", 1);
  EXPECT_EQ(ask(count), Value(std::int64_t{0})) << "the last has not been opened";
  opened("m3", &kWelcome);
  EXPECT_EQ(ask(count), Value(std::int64_t{1}));
}

TEST_F(Engagements, AMessageThatIsNotNamedIsTheLastOfItsCampaign) {
  const ExprId count = opened_last_welcome();
  sent(kWelcome, "m1", 1);
  sent(kTour, "m2", 1);
  opened("", &kWelcome);
  EXPECT_EQ(ask(count), Value(std::int64_t{1}));
  opened("", nullptr);
  EXPECT_EQ(ask(count), Value(std::int64_t{1})) << "nothing is known of it";
  sent(kWelcome, "m3", 1);
  opened("", &kWelcome);
  EXPECT_EQ(ask(count), Value(std::int64_t{1})) << "of the second, which the question is about";
}

TEST_F(Engagements, WhatTheHistoryKnowsOfAMessageIsAdded) {
  sent(kWelcome, "m1", 4);
  const auto fields =
      fields_of(Engaged{Engagement::kClicked, "m1", nullptr, "https://x"}, history_);
  EXPECT_EQ(graph::find_field(fields, "enrollment"), Value(std::int64_t{4}));
  EXPECT_EQ(graph::find_field(fields, "url"), Value("https://x"));
  EXPECT_EQ(graph::find_field(fields, "message"), Value("m1"));
  const auto unknown = fields_of(Engaged{Engagement::kOpened, "m9", &kTour, {}}, history_);
  EXPECT_TRUE(graph::find_field(unknown, "enrollment").is_missing());
  EXPECT_EQ(graph::find_field(unknown, "medium"), Value("push"));
}

// A question inside another is asked once, not once for every event.
TEST_F(Engagements, QuestionsInsideOthersAreAnsweredOnce) {
  const ExprId count = opened_last_welcome();
  for (int i = 0; i < 256; ++i) sent(kWelcome, std::to_string(i).c_str(), 1);
  for (int i = 0; i < 256; ++i) opened("255", &kWelcome);
  EXPECT_EQ(ask(count), Value(std::int64_t{256}));
}

}  // namespace
}  // namespace sojourn::engine
