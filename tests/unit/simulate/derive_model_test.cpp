// What is assumed of people when nobody says more.
#include "simulate/derive_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <variant>

#include "tests/unit/simulate/simulated.h"

namespace sojourn::simulate {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

graph::Type type_of(graph::Type::Kind kind) {
  graph::Type type;
  type.kind = kind;
  return type;
}

std::vector<std::string> choices_of(const Distribution& distribution) {
  std::vector<std::string> texts;
  for (const Choice& choice : distribution.choices) {
    if (const auto* value = std::get_if<graph::Value>(&choice.what)) {
      texts.push_back(value->as_string());
    } else if (const auto* numbers = std::get_if<WholeNumbers>(&choice.what)) {
      texts.push_back(std::to_string(numbers->from) + ".." + std::to_string(numbers->to));
    } else if (const auto* same = std::get_if<SameAs>(&choice.what)) {
      texts.push_back("= " + same->field);
    }
  }
  return texts;
}

TEST(DeriveModel, TextsAreThoseComparedWithAndAnother) {
  const auto text =
      guess(type_of(graph::Type::Kind::kString), {graph::Value("trial"), graph::Value("paid")});
  EXPECT_THAT(choices_of(text), ElementsAre("trial", "paid", "other"));
}

TEST(DeriveModel, NumbersLieOnEachSideOfEveryLimit) {
  const auto number = guess(type_of(graph::Type::Kind::kInteger),
                            {graph::Value(std::int64_t{20}), graph::Value(std::int64_t{5})});
  EXPECT_THAT(choices_of(number), ElementsAre("1..4", "5..19", "20..40"));
  EXPECT_THAT(choices_of(guess(type_of(graph::Type::Kind::kInteger), {})), ElementsAre("1..100"));
  // Below nothing lies something too.
  const auto at_zero = guess(type_of(graph::Type::Kind::kInteger), {graph::Value(std::int64_t{0})});
  EXPECT_THAT(choices_of(at_zero), ElementsAre("-1..-1", "0..1"));
}

TEST(DeriveModel, OnlyWhatTheJourneyReadsIsInTheProfile) {
  Simulated journey(
      "journey trial { enter on signup exit when user.plan == \"free\" as downgraded\n"
      "  if user.seats > 5 { send tips } }\n");
  std::vector<std::string> names;
  for (const FieldModel& field : journey.model().profile) names.push_back(field.name);
  EXPECT_THAT(names, UnorderedElementsAre("phoneNumber", "plan", "seats", "timeZone"));
  EXPECT_THAT(choices_of(journey.field("plan").values), ElementsAre("free", "pro"));
  // An exit stands on it: few begin with what ends the journey, and it changes now
  // and then.
  EXPECT_LT(journey.field("plan").values.choices[0].weight,
            journey.field("plan").values.choices[1].weight);
  EXPECT_GT(journey.field("plan").changes, 0);
  EXPECT_EQ(journey.field("seats").changes, 0);
}

TEST(DeriveModel, AnEventComesAsItsPartSays) {
  Simulated journey(
      "journey trial { enter on signup exit on purchase where event.plan == entry.plan as bought\n"
      "  wait for login up to 2d {} }\n");
  EXPECT_GT(journey.event("signup").enters, 0);
  EXPECT_EQ(journey.event("signup").probability, 0);
  EXPECT_EQ(journey.event("login").enters, 0);
  EXPECT_EQ(journey.event("login").from, EventModel::From::kWait);
  EXPECT_EQ(journey.event("login").delay.to, base::days24(2));
  EXPECT_EQ(journey.event("purchase").from, EventModel::From::kEntry);
  EXPECT_THAT(choices_of(journey.event("purchase").fields[1].second),
              ElementsAre("one", "two", "three", "= plan"));
}

TEST(DeriveModel, WhoMayComeAgainDoesNowAndThen) {
  Simulated once("journey trial { enter on signup send tips }\n");
  EXPECT_EQ(once.event("signup").probability, 0);
  Simulated again("journey trial { enter on signup reenter always send tips }\n");
  EXPECT_GT(again.event("signup").probability, 0);
  EXPECT_GT(again.figures().entered, Simulated::kUsers);
}

TEST(DeriveModel, ConsentIsThatOfTheMessagesSent) {
  Simulated journey("journey trial { enter on signup send tips send welcome }\n");
  ASSERT_EQ(journey.model().consent.size(), 2U);
  EXPECT_EQ(journey.model().consent[0].message_type, "account");
  EXPECT_GT(journey.model().consent[0].subscribed, journey.model().consent[1].subscribed);
}

}  // namespace
}  // namespace sojourn::simulate
