#include "proof/rule_bounds.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "graph/catalog.h"

namespace sojourn::proof {
namespace {

using Kind = Target::Kind;

// Two journeys with no bound on how often a user enters: `a`, `p` and `r` are sent.
graph::Catalog catalog(std::vector<graph::SendCap> caps = {}) {
  graph::Catalog catalog;
  catalog.message_types = {{"news", 1, true}, {"account", 2, false}};
  catalog.campaigns = {{.name = "a", .message_type = "news"},
                       {.name = "p", .medium = graph::Medium::kPush, .message_type = "news"},
                       {.name = "r", .message_type = "account"}};
  catalog.sending.caps = std::move(caps);
  return catalog;
}

std::vector<SendBounds> unbounded(std::size_t receipts) {
  return {{{Kind::kAll, {}}, {}, {}, {}},
          {{Kind::kMedium, "email"}, {}, {}, {}},
          {{Kind::kMedium, "push"}, {}, {}, {}},
          {{Kind::kMessageType, "news"}, {}, {}, {}},
          {{Kind::kCampaign, "a"}, {}, {}, {}},
          {{Kind::kCampaign, "p"}, {}, {}, {}},
          {{Kind::kCampaign, "r"}, receipts, receipts, receipts}};
}

// "in all/in a day/in a week".
std::string row(const std::vector<SendBounds>& sums, Kind kind, std::string_view name) {
  const auto found = std::find_if(sums.begin(), sums.end(), [&](const SendBounds& bounds) {
    return bounds.target.kind == kind && bounds.target.name == name;
  });
  const auto text = [](Count count) { return count ? std::to_string(*count) : "-"; };
  return text(found->in_all) + "/" + text(found->per_day) + "/" + text(found->per_week);
}

TEST(RuleBounds, ACapBoundsWhatItCountsInEveryStretch) {
  auto sums = unbounded(2);
  refine_by_rules(sums, catalog({{{}, {{1, base::hours(24)}}, {}}}));
  EXPECT_EQ(row(sums, Kind::kMessageType, "news"), "-/1/7");
  EXPECT_EQ(row(sums, Kind::kCampaign, "a"), "-/1/7");
  EXPECT_EQ(row(sums, Kind::kMedium, "push"), "-/1/7");
  EXPECT_EQ(row(sums, Kind::kMedium, "email"), "-/3/9") << "and what it does not count";
  EXPECT_EQ(row(sums, Kind::kAll, ""), "-/3/9");
}

TEST(RuleBounds, OfSeveralRatesTheLowestHolds) {
  auto sums = unbounded(0);
  refine_by_rules(sums, catalog({{{}, {{2, base::hours(24)}, {5, base::days24(7)}}, {}}}));
  EXPECT_EQ(row(sums, Kind::kAll, ""), "-/2/5");
}

TEST(RuleBounds, AStretchThatIsNoMultipleNeedsOneMore) {
  auto sums = unbounded(0);
  refine_by_rules(sums, catalog({{{}, {{1, base::hours(23)}}, {}}}));
  EXPECT_EQ(row(sums, Kind::kAll, ""), "-/2/8");
}

TEST(RuleBounds, CapsOfTwoMediaAddUp) {
  auto sums = unbounded(1);
  const graph::SendScope email{graph::SendScope::Kind::kMedium, graph::Medium::kEmail, {}};
  const graph::SendScope push{graph::SendScope::Kind::kMedium, graph::Medium::kPush, {}};
  refine_by_rules(
      sums, catalog({{email, {{2, base::hours(24)}}, {}}, {push, {{3, base::hours(24)}}, {}}}));
  EXPECT_EQ(row(sums, Kind::kMedium, "email"), "-/2/14");
  EXPECT_EQ(row(sums, Kind::kMedium, "push"), "-/3/21");
  EXPECT_EQ(row(sums, Kind::kAll, ""), "-/5/35");
}

TEST(RuleBounds, OnceIsOnceForEver) {
  graph::Catalog world = catalog();
  world.campaigns[0].once = true;
  world.campaigns[1].once = true;
  auto sums = unbounded(4);
  refine_by_rules(sums, world);
  EXPECT_EQ(row(sums, Kind::kCampaign, "a"), "1/1/1");
  EXPECT_EQ(row(sums, Kind::kMessageType, "news"), "2/2/2");
  EXPECT_EQ(row(sums, Kind::kAll, ""), "6/6/6");
}

TEST(RuleBounds, WithoutRulesNothingChanges) {
  auto sums = unbounded(2);
  refine_by_rules(sums, catalog());
  EXPECT_EQ(row(sums, Kind::kAll, ""), "-/-/-");
  EXPECT_EQ(row(sums, Kind::kCampaign, "r"), "2/2/2");
}

}  // namespace
}  // namespace sojourn::proof
