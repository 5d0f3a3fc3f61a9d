// What a model file changes, and where it says that something is wrong.
#include "app/simulation_model.h"

#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "simulate/derive_model.h"

#include "app/project.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"

namespace sojourn::app {
namespace {

using simulate::EventModel;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kText = R"(
user { plan "free" | "trial", seats integer, tags [string], endsAt timestamp, spare boolean }
event signup { plan string }
event login { plan string? }
message_type news marketing opt_in
campaign tips email news
policy { timezone "Europe/Berlin" }
journey trial {
  enter on signup
  exit on login where event.plan == entry.plan
  exit when user.plan == "free" as free
  if user.seats > 5 and user.tags contains "x" { send tips }
  wait until user.endsAt past continue missing continue up to 30d
}
)";

struct World {
  World() {
    const auto zones = tzdata::SystemZones::open();
    const dsl::SourceText source{"trial.journey", std::string(kText)};
    program = std::move(*dsl::compile({&source, 1}, **zones).program);
  }
  dsl::Program program;
};

base::Result<simulate::Model> read(const std::string& text) {
  static const World world;
  return read_simulation_model(
      text, "model.toml",
      simulate::derive_model(world.program.journeys.front().graph, world.program.catalog),
      world.program.catalog);
}

std::string problem_of(const std::string& text) {
  const auto model = read(text);
  return model ? "" : model.error().message;
}

simulate::FieldModel field_of(const simulate::Model& model, std::string_view name) {
  return *std::ranges::find(model.profile, name, &simulate::FieldModel::name);
}

EventModel event_of(const simulate::Model& model, std::string_view name) {
  return *std::ranges::find(model.events, name, &EventModel::event);
}

TEST(SimulationModel, AnEmptyFileChangesNothing) {
  const auto model = read("");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->arrivals.size(), 30U);
  EXPECT_EQ(base::to_iso8601(model->start), "2026-03-02T00:00:00Z");
}

TEST(SimulationModel, Arrivals) {
  const auto even = read("[arrivals]\nstart = 2027-01-04\ndays = 3\n");
  ASSERT_TRUE(even);
  EXPECT_EQ(base::to_iso8601(even->start), "2027-01-04T00:00:00Z");
  EXPECT_THAT(even->arrivals, ElementsAre(1, 1, 1));
  const auto shares = read("[arrivals]\nshares = [3, 0, 0.5]\n");
  ASSERT_TRUE(shares);
  EXPECT_THAT(shares->arrivals, ElementsAre(3, 0, 0.5));
}

TEST(SimulationModel, Fields) {
  const auto model = read(R"(
[user.plan]
missing = 0.25
values = { trial = 3, free = 1 }
changes = 0.5
delay = "1d..2d12h"
[user.seats]
values = { "1..4" = 2, "7" = 1 }
[user.tags]
values = { x = 1, y = 1 }
least = 1
most = 2
[user.endsAt]
values = { "-1d..30d" = 1 }
[user.spare]
values = { true = 1 }
)");
  ASSERT_TRUE(model) << model.error().message;
  const auto plan = field_of(*model, "plan");
  EXPECT_EQ(plan.values.missing, 0.25);
  EXPECT_EQ(plan.changes, 0.5);
  EXPECT_EQ(plan.delay.to, base::hours(60));
  ASSERT_EQ(plan.values.choices.size(), 2U);
  const auto seats = field_of(*model, "seats");
  ASSERT_EQ(seats.values.choices.size(), 2U);
  const auto tags = field_of(*model, "tags");
  EXPECT_EQ(tags.values.least_items, 1);
  EXPECT_EQ(tags.values.most_items, 2);
  EXPECT_EQ(tags.values.item->choices.size(), 2U);
  const auto ends_at = field_of(*model, "endsAt");
  EXPECT_EQ(std::get<simulate::AfterEntry>(ends_at.values.choices[0].what).from, base::days24(-1));
  // Nothing reads it, and yet it can be given.
  EXPECT_EQ(field_of(*model, "spare").values.choices.size(), 1U);
}

TEST(SimulationModel, Events) {
  const auto model = read(R"(
[event.login]
probability = 0.75
from = "wait"
times = 2
delay = "1h..3h"
[event.login.fields.plan]
values = { a = 1 }
same_as = "user.plan"
same = 0.5
[subscribed]
news = 0.5
)");
  ASSERT_TRUE(model) << model.error().message;
  const EventModel login = event_of(*model, "login");
  EXPECT_EQ(login.probability, 0.75);
  EXPECT_EQ(login.from, EventModel::From::kWait);
  EXPECT_EQ(login.times, 2);
  EXPECT_EQ(login.delay.from, base::hours(1));
  const auto& plan = login.fields[0].second;
  ASSERT_EQ(plan.choices.size(), 2U);
  EXPECT_EQ(plan.choices[0].weight, plan.choices[1].weight);
  EXPECT_EQ(std::get<simulate::SameAs>(plan.choices[1].what).field, "plan");
  EXPECT_EQ(model->consent[0].subscribed, 0.5);
}

TEST(SimulationModel, WhatIsWrongIsSaidWithItsLine) {
  EXPECT_THAT(problem_of("[arrivals\n"), HasSubstr("model.toml:1: "));
  EXPECT_EQ(problem_of("\n[arivals]\n"),
            "model.toml:2: `arivals` is not a key of model.toml; did you mean `arrivals`?");
  EXPECT_EQ(problem_of("[arrivals]\ndays = 0\n"),
            "model.toml:2: `days` must lie between 1 and 3650");
  EXPECT_EQ(problem_of("[arrivals]\nstart = \"soon\"\n"),
            "model.toml:2: `start` must be a date such as 2026-03-02");
  EXPECT_EQ(problem_of("[arrivals]\nshares = [0]\n"),
            "model.toml:2: `shares` must be a list of numbers, one for each day, not all 0");
  EXPECT_EQ(problem_of("[user.plam]\nmissing = 0\n"),
            "model.toml:1: `plam` is not a declared user field; did you mean `plan`?");
  EXPECT_EQ(problem_of("[user.plan]\n\nmissing = 2\n"),
            "model.toml:3: `missing` must be a number between 0 and 1");
  EXPECT_EQ(problem_of("[user.plan]\nvalues = { gold = 1 }\n"),
            "model.toml:2: `gold` is no value of \"free\" | \"trial\"");
  EXPECT_EQ(problem_of("[user.seats]\nvalues = { many = 1 }\n"),
            "model.toml:2: `many` is no value of integer, such as 5 or 5..19");
  EXPECT_EQ(problem_of("[user.seats]\nvalues = { 5 = -1 }\n"),
            "model.toml:2: `5` must be how often it comes, a number not below 0");
  EXPECT_EQ(problem_of("[user.seats.values]\n5 = inf\n"),
            "model.toml:2: `5` must be how often it comes, a number not below 0");
  EXPECT_EQ(problem_of("[user.seats]\nvalues = { 5 = 0 }\n"),
            "model.toml:2: `values` needs a value that comes sometimes");
  EXPECT_EQ(problem_of("[user.plan]\nleast = 1\n"),
            "model.toml:2: `least` is not a key of [user.plan]");
  EXPECT_EQ(problem_of("[event.logn]\n"),
            "model.toml:1: `logn` is not an event that the journey knows; did you mean `login`?");
  EXPECT_EQ(problem_of("[event.login]\nfrom = \"now\"\n"),
            "model.toml:2: `from` must be \"entry\" or \"wait\"");
  EXPECT_EQ(problem_of("[event.login]\ndelay = \"2d\"\n"),
            "model.toml:2: `delay` must be two durations such as \"0s..2d\"");
  EXPECT_EQ(problem_of("[event.login]\nfrom = \"wait\"\ndelay = \"-1d..2d\"\n"),
            "model.toml:3: `delay` must not be negative when it is from the beginning of a wait");
  EXPECT_EQ(problem_of("[event.login]\nenters = 1\n"),
            "model.toml:2: `enters` is of an event that starts nothing");
  EXPECT_EQ(problem_of("[event.signup]\nenters = 0\n"),
            "model.toml:1: `event` leaves no event that starts the journey");
  EXPECT_EQ(problem_of("[event.login.fields.plam]\n"),
            "model.toml:1: `plam` is not a field of `login`; did you mean `plan`?");
  EXPECT_EQ(problem_of("[event.login.fields.plan]\nsame_as = \"plan\"\n"),
            "model.toml:2: `same_as` must name a field, such as \"entry.plan\" or \"user.plan\"");
  EXPECT_EQ(problem_of("[webhook.crm]\n"),
            "model.toml:1: `crm` is not a webhook that the journey calls");
  EXPECT_EQ(problem_of("[subscribed]\nnwes = 1\n"),
            "model.toml:2: `nwes` is not a key of [subscribed]; did you mean `news`?");
}

// The example of docs/simulate.md, for the journey of examples/first_trial.
TEST(SimulationModel, TheExampleOfThePageCanBeRead) {
  std::ifstream in(SOJOURN_SOURCE_DIR "/docs/simulate.md");
  std::stringstream text;
  text << in.rdbuf();
  const std::string page = text.str();
  constexpr std::string_view kFence = "```toml\n";
  const std::size_t begin = page.find(kFence) + kFence.size();
  const std::string example = page.substr(begin, page.find("```", begin) - begin);
  const auto project = load_project(SOJOURN_SOURCE_DIR "/examples/first_trial");
  ASSERT_TRUE(project && project->compilation.program);
  const dsl::Program& program = *project->compilation.program;
  const auto derived = simulate::derive_model(program.journeys.front().graph, program.catalog);
  const auto model = read_simulation_model(example, "example", derived, program.catalog);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_THAT(model->arrivals, ElementsAre(5, 3, 2, 1));
}

}  // namespace
}  // namespace sojourn::app
