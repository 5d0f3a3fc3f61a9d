// Synthetic users go through the real engine: what they do follows from the model and
// the seed, and the sums add up.
#include "simulate/life.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulate/report.h"

#include "tests/unit/simulate/simulated.h"

namespace sojourn::simulate {
namespace {

constexpr std::string_view kAllSorts = R"(
journey trial "A trial" {
  enter on signup where event.seats default 1 < 500
  exit  on purchase where event.plan == entry.plan as bought
  exit  when user.plan == "free" as downgraded

  send tips
  wait 1d at 09:00
  wait for login up to 2d {
    split road {
      30% short { send welcome }
      70% long  { wait 3d }
    }
  } timeout {
    send text else { late_tips: send tips again }
  }
  track login { plan: entry.plan }
  schedule around user.endsAt up to 30d missing exit as no_date {
    2d before { late: send welcome again }
    1d after  { if user.seats >= 20 { update user { stage: "large" } } }
  }
}
)";

TEST(Life, TheSameSeedGivesTheSameFigures) {
  const Simulated journey(kAllSorts);
  const std::string once = render_json(journey.figures());
  EXPECT_EQ(once, render_json(journey.figures()));
  EXPECT_NE(once, render_json(journey.figures(Simulated::kUsers, 2)));
}

TEST(Life, TheOthersDoNotMatter) {
  const Simulated journey(kAllSorts);
  Tally parts = journey.lives(900, 1100);
  parts.add(journey.lives(0, 900));
  const Request request{2000, 1, Simulated::kDays, {}};
  EXPECT_EQ(
      render_json(figures_of(journey.graph(), journey.catalog(), request, std::move(parts))),
      render_json(figures_of(journey.graph(), journey.catalog(), request, journey.lives(0, 2000))));
}

TEST(Life, TheSumsAddUp) {
  const Figures figures = Simulated(kAllSorts).figures();
  EXPECT_GT(figures.entered, 1000U);
  EXPECT_GT(figures.never_entered, 0U);
  EXPECT_EQ(figures.entered + figures.never_entered, Simulated::kUsers);
  EXPECT_EQ(figures.entered, figures.inside + sum(figures.exits));
  EXPECT_EQ(figures.planned, figures.sent + sum(figures.skipped));
  EXPECT_EQ(figures.sent, sum(figures.per_day));
  Count of_media = 0;
  for (const MediumFigures& medium : figures.media) of_media += sum(medium.per_day);
  EXPECT_EQ(figures.sent, of_media);
  for (const CampaignFigures& campaign : figures.campaigns) {
    EXPECT_EQ(campaign.planned, campaign.sent + sum(campaign.skipped)) << campaign.campaign;
    EXPECT_GT(campaign.sent, 0U) << campaign.campaign;
  }
  ASSERT_TRUE(figures.stay);
  EXPECT_EQ(sum(figures.stay->by_day), sum(figures.exits));
  EXPECT_LE(figures.stay->median, figures.stay->p90);
  EXPECT_LE(figures.stay->p90, figures.stay->longest);
}

TEST(Life, EveryStepIsReachedBySome) {
  const Figures figures = Simulated(kAllSorts).figures();
  for (const StepFigures& step : figures.steps) {
    EXPECT_GT(step.reached, 0U) << step.step;
    EXPECT_LE(step.reached, figures.entered) << step.step;
  }
  for (const char* reason : {"bought", "downgraded", "no_date", "completed"}) {
    EXPECT_GT(count_of(figures.exits, reason), 0U) << reason;
  }
}

TEST(Life, ASplitIsAsItsSharesSay) {
  const Figures figures = Simulated(kAllSorts).figures();
  ASSERT_EQ(figures.splits.size(), 1U);
  const SplitFigures& split = figures.splits[0];
  EXPECT_EQ(split.split, "road");
  ASSERT_EQ(split.arms.size(), 2U);
  EXPECT_EQ(split.arms[0].count + split.arms[1].count, step_of(figures, "split road").reached);
  EXPECT_TRUE(split.is_balanced()) << balance_text(split);
}

TEST(Life, OfAMeasuredSplitByAValueTheValuesAreHeldAgainstItsShares) {
  Simulated journey(R"(
journey trial {
  enter on signup

  split road by entry.plan {
    measure clicked within 1d

    50% short { send tips }
    50% long  { send welcome }
  }
  wait 1d
}
)");
  // Three values cannot be halved, whichever way each of them goes.
  for (auto& [name, values] : journey.event("signup").fields) {
    if (name != "plan") continue;
    values.choices = {{1, graph::Value("a")}, {1, graph::Value("b")}, {1, graph::Value("c")}};
  }
  const Figures figures = journey.figures();
  const SplitFigures& split = figures.splits.at(0);
  EXPECT_EQ(split.units, Count{3});
  EXPECT_EQ(split.arms.at(0).count + split.arms.at(1).count,
            step_of(figures, "split road").reached);
  const std::vector<double> people{static_cast<double>(split.arms[0].count),
                                   static_cast<double>(split.arms[1].count)};
  EXPECT_LT(chi_square(people, {0.5, 0.5}).p, SplitFigures::kLeastLikely);
  EXPECT_TRUE(split.is_balanced()) << balance_text(split);
}

TEST(Life, WhoConsentsToNothingIsSkipped) {
  Simulated journey("journey trial { enter on signup send tips }\n");
  journey.model().consent[0].subscribed = 0;
  const Figures figures = journey.figures(100);
  EXPECT_EQ(figures.sent, 0U);
  EXPECT_EQ(count_of(figures.skipped, "no_consent"), 100U);
}

TEST(Life, AnEventThatIsSureToComeEndsEveryWait) {
  Simulated journey(
      "journey trial { enter on signup wait for login up to 2d { send tips } timeout {\n"
      "  send welcome } }\n");
  journey.event("login").probability = 1;
  journey.event("login").delay = {base::hours(5), base::hours(5)};
  const Figures figures = journey.figures(200);
  EXPECT_EQ(step_of(figures, "tips").reached, 200U);
  EXPECT_EQ(step_of(figures, "welcome").reached, 0U);
  ASSERT_TRUE(figures.stay);
  EXPECT_EQ(figures.stay->median, base::hours(5));
  EXPECT_EQ(figures.stay->longest, base::hours(5));
}

TEST(Life, WhoDidThingsBeforeTheEntryHasAHistory) {
  Simulated journey("journey trial { enter on signup if any login before entry { send tips } }\n");
  journey.event("login").probability = 1;
  journey.event("login").delay = {base::days24(-2), base::days24(-1)};
  EXPECT_EQ(step_of(journey.figures(50), "tips").reached, 50U);
}

TEST(Life, AFieldThatChangesCanEndIt) {
  Simulated journey(
      "journey trial { enter on signup exit when user.stage == \"gone\" as gone wait 20d }\n");
  FieldModel& stage = journey.field("stage");
  stage.values = {.type = stage.values.type, .choices = {{1, graph::Value("gone")}}};
  stage.values.missing = 0;
  EXPECT_EQ(count_of(journey.figures(20).exits, "gone"), 20U);
  // Missing at first, and on the third day for all.
  stage.values.missing = 1;
  EXPECT_EQ(count_of(journey.figures(20).exits, "gone"), 0U);
}

TEST(Life, AWebhookAnswersOrDoesNot) {
  Simulated journey(
      "journey trial { enter on signup\n"
      "  call crm as reply up to 1m { if reply.score >= 50 { send tips } } else { send welcome } "
      "}\n");
  ASSERT_EQ(journey.model().webhooks.size(), 1U);
  WebhookModel& answer = journey.model().webhooks[0];
  answer.answers = 0.75;
  const Figures figures = journey.figures();
  const double asked = Simulated::kUsers;
  EXPECT_NEAR(static_cast<double>(step_of(figures, "welcome").reached), asked / 4, asked / 40);
  // A score lies on each side of the limit alike.
  EXPECT_NEAR(static_cast<double>(step_of(figures, "tips").reached), asked * 3 / 8, asked / 20);
}

TEST(Life, AnAnswerIsThatOfItsOwnCall) {
  Simulated journey(
      "journey trial { enter on signup\n"
      "  repeat up to 2 times { call crm up to 1m { send tips exit } else { wait 1h } } }\n");
  ASSERT_EQ(journey.model().webhooks.size(), 1U);
  journey.model().webhooks[0].answers = 0.5;
  const double asked = Simulated::kUsers;
  // Half of those whom the first call brought nothing.
  EXPECT_NEAR(static_cast<double>(step_of(journey.figures(), "tips").reached), asked * 3 / 4,
              asked / 20);
}

TEST(Life, WhoOpensAMessageIsHeard) {
  Simulated journey(
      "journey trial { enter on signup send welcome\n"
      "  wait for opened welcome up to 5d { send tips } timeout {} }\n");
  ASSERT_EQ(journey.model().engagement.size(), 1U);
  journey.model().engagement[0].share = 1;
  journey.model().consent[0].subscribed = 1;
  const Figures figures = journey.figures(100);
  EXPECT_EQ(step_of(figures, "tips").reached, 100U);
}

TEST(Life, WhatIsPutOffIsNeitherSentNorSkipped) {
  Simulated journey(
      "journey trial { enter on signup quiet marketing 00:00..23:59 defer up to 2d else drop\n"
      "  send tips within 3d }\n");
  journey.model().arrivals.assign(Simulated::kDays, 0);
  journey.model().arrivals.back() = 1;
  const Figures figures = journey.figures(500);
  EXPECT_GT(figures.waiting, 0U);
  EXPECT_EQ(figures.planned, figures.sent + sum(figures.skipped) + figures.waiting);
}

TEST(Life, GoalsAndHoldoutsAreCounted) {
  Simulated journey(
      "journey trial { enter on signup holdout 20% goal bought on purchase within 30d\n"
      "  send tips wait 40d }\n");
  journey.event("purchase").probability = 1;
  const Figures figures = journey.figures();
  EXPECT_EQ(count_of(figures.goals, "bought"), Simulated::kUsers);
  const double held_out = Simulated::kUsers * 0.2;
  EXPECT_NEAR(static_cast<double>(count_of(figures.skipped, "holdout")), held_out, held_out / 4);
}

TEST(Life, ListsAreJoinedBeforeTheEntry) {
  Simulated journey(
      "list vips\n"
      "journey trial { enter on signup if in list vips { send tips } }\n");
  ASSERT_EQ(journey.model().lists.size(), 1U);
  journey.model().lists[0].members = 1;
  EXPECT_EQ(step_of(journey.figures(50), "tips").reached, 50U);
}

TEST(Life, AScheduleFindsEverybodyThereFromTheFirstDayOn) {
  Simulated journey(
      "segment pros = user.plan == \"pro\"\n"
      "journey weekly { enter every monday at 09:00 for pros reenter always timezone \"UTC\"\n"
      "  send welcome }\n");
  FieldModel& plan = journey.field("plan");
  plan.values = {.type = plan.values.type, .choices = {{1, graph::Value("pro")}}};
  plan.values.missing = 0;
  // Sixty days that begin with a Monday have nine of them.
  EXPECT_EQ(journey.figures(20).entered, 9U * 20U);
  plan.values.missing = 1;
  EXPECT_EQ(journey.figures(20).never_entered, 20U);
}

TEST(Life, MessagesLieOnTheDaysTheyLeave) {
  Simulated journey("journey trial { enter on signup wait 24h send welcome }\n");
  journey.model().arrivals = {0, 1};
  journey.model().consent[0].subscribed = 1;
  const Figures figures = journey.figures(100);
  EXPECT_EQ(figures.per_day[2], 100U);
  EXPECT_EQ(figures.sent, 100U);
}

TEST(Life, WhoIsInsideAtTheEndIsCounted) {
  const Figures figures = Simulated("journey trial { enter on signup wait 1y }\n").figures(100);
  EXPECT_EQ(figures.inside, 100U);
  EXPECT_EQ(step_of(figures, "wait 1").inside, 100U);
  EXPECT_FALSE(figures.stay);
}

}  // namespace
}  // namespace sojourn::simulate
