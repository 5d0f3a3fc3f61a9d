// What waits for a lane stands before nobody else: it stays in a queue of that lane, in due order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "runtime/lane_number.h"
#include "runtime/shard.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::minutes;
using base::seconds;
using connectors::Health;
using connectors::OutcomeKind;

constexpr base::Millis kMoment{1};

std::string journeys(const std::string& medium_of_letter = "email") {
  return R"(
    event signup
    event nudged
    event shopped
    message_type news = 1 transactional opt_out
    campaign letter = 101 )" +
         medium_of_letter + R"( news
    campaign nudge = 102 push news
    campaign brief = 103 email news
    policy { timezone "UTC" }
    journey welcome { owner "a@example.com" enter on signup send letter }
    journey nudges { owner "a@example.com" enter on nudged reenter always send nudge }
    journey shop { owner "a@example.com" enter on shopped send brief within 10m }
  )";
}

std::string event(const std::string& name, const std::string& who) {
  return nlohmann::json{{"email", who + "@example.com"}, {"eventName", name}}.dump();
}

std::string who(const Outgoing& outgoing) {
  const std::string email = nlohmann::json::parse(outgoing.request.body).at("recipientEmail");
  return email.substr(0, email.find('@'));
}

// So many people sign up, each a millisecond after the one before; who they are, in that order.
std::vector<std::string> sign_up(ShardWorld& world, int count, const std::string& name = "p") {
  std::vector<std::string> people;
  for (int i = 0; i < count; ++i) {
    people.push_back(name + std::to_string(i));
    world.track(event("signup", people.back()));
    world.pass(kMoment);
  }
  return people;
}

ShardSettings few(std::uint32_t max_in_doubt) {
  ShardSettings settings;
  settings.max_in_doubt = max_in_doubt;
  return settings;
}

ShardSettings emails_a_second(double rate) {
  ShardSettings settings;
  settings.budgets.per_second[static_cast<std::size_t>(Endpoint::kEmail)] = rate;
  settings.budgets.share = 1;
  return settings;
}

// Accepts what leaves until `until`, from wake to wake; to whom it went, and by which endpoint.
std::vector<std::pair<std::string, Endpoint>> run_until(ShardWorld& world, base::Instant until) {
  std::vector<std::pair<std::string, Endpoint>> left;
  while (true) {
    while (!world.nothing_to_take()) {
      const Outgoing outgoing = world.take();
      left.emplace_back(who(outgoing), outgoing.endpoint);
      world.accept(outgoing);
    }
    const base::Instant next = std::min(world.last_report().next_wake, until);
    if (next >= until) break;
    world.pass(std::max(next - world.now(), kMoment));
  }
  if (world.now() < until) world.pass(until - world.now());
  return left;
}

std::vector<std::string> people_of(const std::vector<std::pair<std::string, Endpoint>>& left,
                                   Endpoint endpoint) {
  std::vector<std::string> people;
  for (const auto& [person, by] : left) {
    if (by == endpoint) people.push_back(person);
  }
  return people;
}

TEST(Lanes, AFullOneStandsBeforeNobodyElse) {
  ShardWorld world(journeys(), few(2));
  sign_up(world, 50);
  const Outgoing first_letter = world.take();
  world.take();
  ASSERT_TRUE(world.nothing_to_take()) << "the others wait for room";
  for (const char* person : {"ada", "bob", "cy"}) world.track(event("nudged", person));
  const Outgoing first = world.take();
  EXPECT_EQ(who(world.take()), "bob");
  ASSERT_TRUE(world.nothing_to_take());
  world.accept(first);
  EXPECT_EQ(who(world.take()), "cy") << "behind 48 letters, and not kept by them";
  EXPECT_TRUE(world.nothing_to_take());
  world.accept(first_letter);
  EXPECT_EQ(who(world.take()), "p2") << "a letter goes when a letter has gone";
}

TEST(Lanes, AnOrderedBacklogOfATinyBudgetLetsOthersPassOnTime) {
  ShardWorld world(journeys(), emails_a_second(1));
  const std::vector<std::string> people = sign_up(world, 300);
  std::vector<std::string> letters;
  for (int minute = 0; minute < 6; ++minute) {
    world.track(event("nudged", "ada" + std::to_string(minute)));
    for (const auto& [person, endpoint] : run_until(world, world.now())) {
      if (endpoint == Endpoint::kEmail) letters.push_back(person);
    }
    ASSERT_EQ(world.counter("accepted/nudges/nudge"), minute + 1) << "in the turn of its event";
    for (const auto& [person, endpoint] : run_until(world, world.now() + minutes(1))) {
      EXPECT_EQ(endpoint, Endpoint::kEmail);
      letters.push_back(person);
    }
    EXPECT_NEAR(static_cast<double>(letters.size()), 60 * (minute + 1), 2);
    if (letters.size() == people.size()) break;
  }
  EXPECT_EQ(letters, people) << "in due order, and nobody is left out";
}

TEST(Lanes, ARetryBehindABacklogIsMadeWhenItIsDue) {
  ShardWorld world(journeys(), few(1));
  sign_up(world, 50);
  world.take();
  world.track(event("nudged", "ada"));
  world.end(world.take(), OutcomeKind::kRetry);
  const base::Instant due = world.last_report().next_wake;
  ASSERT_LT(due, base::kNever);
  world.pass(base::Millis{due.millis - world.now().millis - 1});
  EXPECT_TRUE(world.nothing_to_take()) << "never early";
  world.pass(kMoment);
  EXPECT_EQ(who(world.take()), "ada");
}

// Neither a look nor a write: what waits is in a file of its own only once.
TEST(Lanes, WhatWaitsForOneThatIsShutCostsNothing) {
  ShardWorld world(journeys(), few(1));
  sign_up(world, 50);
  const Outgoing letter = world.take();
  const std::uint64_t before = world.store().sequence();
  EXPECT_GT(world.last_report().next_wake, world.now() + base::hours(1));
  world.pass(seconds(10));
  EXPECT_LE(world.store().sequence(), before + 1) << "that time has passed, maybe";
  world.accept(letter);
  EXPECT_EQ(who(world.take()), "p1");
  EXPECT_LE(world.store().sequence(), before + 2);
}

TEST(Lanes, OneTurnSharesOutWhatItTakes) {
  ShardSettings settings;
  settings.turn.max_deliveries = 10;
  ShardWorld world(journeys(), settings);
  world.track(event("signup", "first"));
  world.end(world.take(), OutcomeKind::kHalt);
  sign_up(world, 40);
  for (int i = 0; i < 4; ++i) world.track(event("nudged", "ada" + std::to_string(i)));
  ASSERT_TRUE(world.nothing_to_take()) << "nothing leaves for a minute";
  world.move_clock(minutes(1));
  world.run_turns(1);
  std::map<Endpoint, int> left;
  while (!world.nothing_to_take()) ++left[world.take().endpoint];
  EXPECT_EQ(left[Endpoint::kPush], 4) << "behind forty letters, for which there was room, too";
  EXPECT_EQ(left[Endpoint::kEmail], 5) << "its half";
}

TEST(Lanes, AfterARestartNobodyIsStuckAndTheOrderHolds) {
  ShardWorld world(journeys(), emails_a_second(1));
  const std::vector<std::string> people = sign_up(world, 60);
  const std::vector<std::string> before =
      people_of(run_until(world, world.now() + seconds(20)), Endpoint::kEmail);
  world.restart();
  world.track(event("nudged", "ada"));
  const auto left = run_until(world, world.now() + seconds(70));
  EXPECT_EQ(people_of(left, Endpoint::kPush), std::vector<std::string>{"ada"});
  const std::vector<std::string> after = people_of(left, Endpoint::kEmail);
  EXPECT_EQ(world.counter("accepted/welcome/letter"), 60);
  const std::vector<std::string> rest(people.end() - static_cast<std::ptrdiff_t>(after.size()),
                                      people.end());
  EXPECT_EQ(after, rest);
  EXPECT_GE(before.size(), 20U);
}

TEST(Lanes, WhatGoesByAnotherLaneInANewProgramFindsIt) {
  ShardWorld world(journeys(), few(1));
  sign_up(world, 30);
  world.accept(world.take());
  world.restart_with(journeys("push"));
  std::set<std::string> reached;
  // One of them was claimed as an email when the process ended.
  while (!world.nothing_to_take()) {
    const Outgoing outgoing = world.take();
    EXPECT_EQ(outgoing.endpoint, Endpoint::kPush);
    reached.insert(who(outgoing));
    if (reached.size() == 2) {
      // Those that found it full have left the queue of emails.
      const auto waiting = world.store().waiting_lanes().value();
      EXPECT_THAT(waiting, testing::Not(testing::Contains(testing::Field(
                               &store::WaitingLane::lane, lane_number(Endpoint::kEmail)))));
    }
    world.accept(outgoing);
  }
  run_until(world, world.now() + base::hours(1));
  EXPECT_EQ(world.counter("accepted/welcome/letter"), 30);
}

TEST(Lanes, WhatAnOlderSchemaLeftFindsItsLane) {
  ShardWorld world(journeys(), few(1));
  const std::vector<std::string> people = sign_up(world, 30);
  world.track(event("nudged", "ada"));
  world.track(event("nudged", "bob"));
  store::Commit older;
  older.put_deliveries = world.store().deliveries(std::nullopt, 100).value();
  for (store::Delivery& delivery : older.put_deliveries) delivery.lane = kUnsortedLane;
  world.store().commit(older, [](const auto& done) { ASSERT_TRUE(done); });
  const auto left = run_until(world, world.now() + seconds(1));
  EXPECT_EQ(people_of(left, Endpoint::kEmail), people);
  EXPECT_EQ(people_of(left, Endpoint::kPush), (std::vector<std::string>{"ada", "bob"}));
}

TEST(Lanes, ADeadlineHoldsWhileABudgetKeepsItsLaneShut) {
  ShardWorld world(journeys(), emails_a_second(0.1));
  sign_up(world, 100);
  world.track(event("shopped", "ada"));
  const base::Instant planned = world.now();
  run_until(world, planned + minutes(10));
  EXPECT_EQ(world.counter("skipped/shop/brief/late"), 0);
  world.pass(kMoment);
  EXPECT_EQ(world.counter("skipped/shop/brief/late"), 1) << "with forty letters before it";
  EXPECT_EQ(world.counter("exited/shop/completed"), 1);
}

TEST(Lanes, TheOrderHoldsThroughAnOutage) {
  ShardWorld world(journeys());
  sign_up(world, 10, "first");
  world.end_all(OutcomeKind::kRetry, Health::kFailing);
  const std::vector<std::string> people = sign_up(world, 100);
  ASSERT_TRUE(world.nothing_to_take()) << "it rests";
  std::vector<std::string> letters =
      people_of(run_until(world, world.now() + base::hours(1)), Endpoint::kEmail);
  EXPECT_EQ(letters.size(), 110U);
  std::erase_if(letters, [](const std::string& name) { return name.starts_with("first"); });
  EXPECT_EQ(letters, people);
}

}  // namespace
}  // namespace sojourn::runtime
