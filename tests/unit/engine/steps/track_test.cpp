#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::GraphBuilder;
using test::OneUser;

TEST(Track, AsksForTheEventWithoutWhatIsMissing) {
  GraphBuilder b;
  const auto fields = b.object({{"plan", b.text("pro")}, {"seats", b.user("seats")}});
  OneUser user(b.build(b.step("track", graph::Track{"upgraded", fields})));
  user.enters();
  const auto& track = std::get<TrackEvent>(user.last_effects()[1]);
  EXPECT_EQ(track.event, "upgraded");
  EXPECT_EQ(track.occurrence, 1U);
  EXPECT_EQ(track.fields, (std::vector<graph::Field>{{"plan", Value("pro")}}));
  EXPECT_EQ(user.place(), "ended: completed");
}

TEST(Track, AnEventWithoutFieldsHasNone) {
  GraphBuilder b;
  OneUser user(b.build(b.step("track", graph::Track{"upgraded", graph::kNoExpr})));
  user.enters();
  EXPECT_TRUE(std::get<TrackEvent>(user.last_effects()[1]).fields.empty());
}

TEST(Track, EveryTimeThroughHasItsOwnOccurrence) {
  GraphBuilder b;
  const auto wait = b.place("wait");
  const auto track = b.step("track", graph::Track{"tick", graph::kNoExpr, wait});
  b.set(wait, graph::Wait{.duration = test::elapsed_hours(1), .at = {}, .next = track});
  OneUser user(b.build(track));
  user.enters();
  user.passes_until("2026-03-01T11:00Z");
  EXPECT_EQ(user.effects(), "track tick 1; track tick 2; track tick 3");
}

TEST(Start, AsksForTheJourneyWithoutWhatIsMissing) {
  GraphBuilder b;
  const auto fields = b.object({{"none", b.user("none")}, {"plan", b.text("pro")}});
  OneUser user(b.build(b.step("start 1", graph::Start{"winback", fields})));
  user.enters();
  const auto& start = std::get<StartJourney>(user.last_effects()[1]);
  EXPECT_EQ(start.journey, "winback");
  ASSERT_EQ(start.fields.size(), 1U);
  EXPECT_EQ(start.fields[0].first, "plan");
}

}  // namespace
}  // namespace sojourn::engine
