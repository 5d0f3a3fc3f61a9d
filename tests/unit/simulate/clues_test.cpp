// What is read off a journey.
#include "simulate/clues.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/simulate/simulated.h"

namespace sojourn::simulate {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::vector<std::string> constants_of(const Clues& clues, const FieldName& name) {
  std::vector<std::string> texts;
  const auto found = clues.fields.find(name);
  if (found == clues.fields.end()) return {"not read"};
  for (const graph::Value& value : found->second.constants) {
    texts.push_back(value.kind() == graph::Value::Kind::kString
                        ? value.as_string()
                        : std::to_string(value.as_integer()));
  }
  return texts;
}

TEST(Clues, WhatAFieldIsComparedWith) {
  const Simulated journey(
      "journey trial { enter on signup where event.seats < 500\n"
      "  exit on purchase where event.plan == entry.plan as bought\n"
      "  if user.seats >= 20 and lower(user.stage default \"new\") in [\"a\", \"b\"] { send tips "
      "}\n"
      "  match user.plan { \"pro\" { send welcome } else {} } }\n");
  const Clues clues = clues_of(journey.graph());
  EXPECT_THAT(constants_of(clues, {"signup", "seats"}), ElementsAre("500"));
  EXPECT_THAT(constants_of(clues, {{}, "seats"}), ElementsAre("20"));
  EXPECT_THAT(constants_of(clues, {{}, "stage"}), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(constants_of(clues, {{}, "plan"}), ElementsAre("pro"));
  const auto& same_as = clues.fields.at({"purchase", "plan"}).same_as;
  ASSERT_TRUE(same_as);
  EXPECT_TRUE(same_as->of_entry);
  EXPECT_EQ(same_as->field, "plan");
}

TEST(Clues, WhatASegmentOfAScheduleAsks) {
  const Simulated journey(
      "segment pros = user.plan == \"pro\" and any login\n"
      "segment large = user.seats > 20\n"
      "journey weekly { enter every monday at 09:00 for pros\n"
      "  enter at 2026-04-01T09:00Z for large reenter always send tips }\n");
  const Clues clues = clues_of(journey.graph());
  EXPECT_THAT(constants_of(clues, {{}, "plan"}), ElementsAre("pro"));
  EXPECT_THAT(constants_of(clues, {{}, "seats"}), ElementsAre("20"));
  EXPECT_THAT(clues.questions, ElementsAre("login"));
}

TEST(Clues, WhatAFieldIsCalledOnTheWay) {
  const Simulated journey(
      "journey trial { enter on signup\n"
      "  wait for login where event.plan == \"x\" as seen up to 2d {\n"
      "    let mine = user.seats default 1\n"
      "    if mine > 7 or seen.plan == \"y\" { send tips } } }\n");
  const Clues clues = clues_of(journey.graph());
  EXPECT_THAT(constants_of(clues, {{}, "seats"}), ElementsAre("7"));
  EXPECT_THAT(constants_of(clues, {"login", "plan"}), UnorderedElementsAre("x", "y"));
}

TEST(Clues, WhichPartAnEventPlays) {
  const Simulated journey(
      "journey trial { enter on signup exit on purchase as bought\n"
      "  exit when user.plan == \"free\" as downgraded\n"
      "  wait for login up to 2d {}\n"
      "  second: wait for login up to 5d {}\n"
      "  if any purchase where event.amount > 10 within 30d { send tips } }\n");
  const Clues clues = clues_of(journey.graph());
  EXPECT_THAT(clues.entries, ElementsAre("signup"));
  EXPECT_THAT(clues.exits, ElementsAre("purchase"));
  EXPECT_THAT(clues.questions, ElementsAre("purchase"));
  EXPECT_THAT(clues.waits, ElementsAre(Pair("login", base::days24(5))));
  EXPECT_TRUE(clues.fields.at({{}, "plan"}).stands);
  EXPECT_FALSE(clues.fields.at({"purchase", "amount"}).stands);
}

}  // namespace
}  // namespace sojourn::simulate
