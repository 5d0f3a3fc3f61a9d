// Splits `by` a value, of which units are counted, through the real store.
#include "runtime/split_units.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using ::testing::Contains;

std::string world(std::string_view decide = "decide after 40 per arm at 95%",
                  std::string_view entry = "", std::string_view by = "entry.account") {
  return fmt::format(R"(
    event signup {{ account string }}
    event purchase
    policy {{ timezone "UTC" }}
    journey j {{
      enter on signup
      {}
      goal bought on purchase within 30d
      split s by {} {{
        measure bought within 1d
        {}
        50% a {{}}
        50% b {{}}
      }}
      wait 2h
    }}
  )",
                     entry, by, decide);
}

std::vector<std::uint64_t> units_in(const store::Row& row) {
  auto record = decode_split_units(row.body);
  if (!record) return {};
  return std::move(record->units);
}

class SplitUnitsTest : public testing::Test {
 protected:
  void begin(const std::string& text = world(), ShardSettings settings = {}) {
    world_.emplace(text, std::move(settings));
  }
  static std::string signup(int user, const std::string& account) {
    return fmt::format(R"({{"email":"u{}@example.com","eventName":"signup",)"
                       R"("dataFields":{{"account":"{}"}}}})",
                       user, account);
  }
  void sign_up(int user, const std::string& account) {
    ASSERT_EQ(world_->track(signup(user, account)), "200 Success");
  }
  void buy(int user) {
    ASSERT_EQ(
        world_->track(fmt::format(R"({{"email":"u{}@example.com","eventName":"purchase"}})", user)),
        "200 Success");
  }
  // One person of each account, from the first on; of those in `buyers`, every one buys.
  void come(int first_user, int accounts, const std::string& buyers = "nobody") {
    for (int i = 0; i < accounts; ++i) {
      sign_up(first_user + i, fmt::format("account {}", i));
      if (arm(first_user + i) == buyers) buy(first_user + i);
    }
  }
  std::string arm(int user) {
    for (const std::string& line : world_->log(fmt::format("u{}@example.com", user))) {
      const std::size_t at = line.rfind("split s ");
      if (at != std::string::npos) return line.substr(at + 8);
    }
    return "none";
  }
  std::int64_t counted(const std::string& name) {
    return world_->counter(name + "/j/s/a") + world_->counter(name + "/j/s/b");
  }
  std::int64_t taken() { return counted("measured"); }
  std::int64_t succeeded() { return counted("measure_met"); }
  std::size_t rows() { return stored().size(); }
  std::vector<store::Row> stored() {
    return *world_->store().rows({0, 0}, store::RowKind::kSplitUnits, 10'000);
  }
  std::vector<std::string> notes() {
    std::vector<std::string> out;
    for (const OperatorNote& note : world_->notes()) out.push_back(note.event + " " + note.detail);
    return out;
  }

  std::optional<ShardWorld> world_;
};

TEST_F(SplitUnitsTest, TheFirstOfAUnitIsCountedAndNobodyAfterThem) {
  begin();
  for (int user = 1; user <= 5; ++user) sign_up(user, "acme");
  EXPECT_EQ(taken(), 1);
  const std::string way = arm(1);
  for (int user = 2; user <= 5; ++user) EXPECT_EQ(arm(user), way);
  sign_up(6, "other");
  EXPECT_EQ(taken(), 2);
}

TEST_F(SplitUnitsTest, OnlyTheirSuccessIsCounted) {
  begin();
  sign_up(1, "acme");
  sign_up(2, "acme");
  buy(2);
  EXPECT_EQ(succeeded(), 0);
  world_->pass(hours(3));
  sign_up(3, "acme");
  buy(3);
  buy(2);
  EXPECT_EQ(succeeded(), 0);
  buy(1);
  EXPECT_EQ(succeeded(), 1);
}

TEST_F(SplitUnitsTest, WithoutADecisionUnitsAreCountedToo) {
  begin(world(""));
  sign_up(1, "acme");
  sign_up(2, "acme");
  EXPECT_EQ(taken(), 1);
}

TEST_F(SplitUnitsTest, NobodyCountsForTwoUnitsAndTheUnitTheyComeToFirstIsNotCounted) {
  begin(world("", "reenter always"));
  sign_up(1, "acme");
  world_->pass(hours(3));
  world_->restart();
  sign_up(1, "other");
  EXPECT_EQ(taken(), 1) << "an earlier enrollment was counted";
  world_->restart();
  sign_up(2, "other");
  EXPECT_EQ(taken(), 1) << "somebody of the unit had taken an arm before";
  buy(2);
  EXPECT_EQ(succeeded(), 0);
  sign_up(3, "third");
  EXPECT_EQ(taken(), 2);
}

// More than fit into one row.
TEST_F(SplitUnitsTest, UnitsSurviveARestart) {
  constexpr int kAccounts = 300;
  begin();
  come(0, 100);
  world_->restart();
  come(1'000, 200);
  world_->restart();
  come(2'000, kAccounts);
  EXPECT_EQ(taken(), kAccounts);
  EXPECT_EQ(rows(), 2U);
  std::set<std::uint64_t> units;
  for (const store::Row& row : stored()) {
    for (const std::uint64_t unit : units_in(row)) units.insert(unit);
  }
  EXPECT_EQ(units.size(), std::size_t{kAccounts});
  world_->restart();
  come(3'000, kAccounts);
  EXPECT_EQ(taken(), kAccounts);
}

// The process dies right after the one turn that took the event: count and unit are in its
// commit, both or neither.
TEST_F(SplitUnitsTest, TheUnitIsAsDurableAsTheCount) {
  begin();
  world_->open_again();
  for (int user = 1; user <= 4; ++user) {
    world_->track_in_one_turn(signup(user, user < 3 ? "acme" : "other"));
    world_->open_again();
    EXPECT_EQ(taken(), user < 3 ? 1 : 2);
    EXPECT_EQ(units_in(stored().at(0)).size(), user < 3 ? 1U : 2U);
  }
}

TEST_F(SplitUnitsTest, ItIsDecidedByUnits) {
  begin();
  for (int person = 0; person < 3; ++person) come(1'000 * person, 60, "b");
  world_->pass(days24(2));
  EXPECT_EQ(taken(), 60);
  EXPECT_EQ(world_->counter("decided/j/s/b"), 0) << "of people there would be enough";
  world_->restart();
  come(10'000, 140, "b");
  EXPECT_EQ(taken(), 140);
  EXPECT_EQ(rows(), 1U);
  world_->pass(days24(2));
  EXPECT_EQ(world_->counter("decided/j/s/b"), 1);
  EXPECT_THAT(notes(), Contains("split_decided j/s: b"));
  EXPECT_EQ(rows(), 0U) << "nobody asks for the units any more";
  world_->restart();
  come(20'000, 10);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(arm(20'000 + i), "b");
  EXPECT_EQ(taken(), 140);
  EXPECT_EQ(rows(), 0U);
}

TEST_F(SplitUnitsTest, WhatBeginsAnewHasNoUnits) {
  begin();
  come(0, 20);
  world_->pass(hours(3));
  world_->restart_with(world("decide after 50 per arm at 95%"));
  EXPECT_EQ(rows(), 0U);
  come(1'000, 10);
  EXPECT_EQ(taken(), 10);
  world_->pass(hours(3));
  world_->restart_with(world());
  come(2'000, 15);
  EXPECT_EQ(taken(), 15) << "what was counted by this rule once is not known any more";
}

TEST_F(SplitUnitsTest, UnitsOfAJourneyThatIsGoneForAWhileStay) {
  begin();
  come(0, 20);
  world_->pass(hours(3));
  world_->restart_with(R"(
    event signup { account string }
    event purchase
    policy { timezone "UTC" }
    journey other {
      enter on purchase
      wait 1h
    }
  )");
  EXPECT_EQ(rows(), 1U);
  world_->restart_with(world());
  come(1'000, 25);
  EXPECT_EQ(taken(), 25);
}

TEST_F(SplitUnitsTest, PastTheLimitNewUnitsAreNotCounted) {
  ShardSettings settings;
  settings.turn.max_split_units = 3;
  begin(world(), settings);
  come(0, 5, "a");
  come(1'000, 5, "b");
  EXPECT_EQ(taken(), 3);
  EXPECT_LE(succeeded(), 3);
  const auto told = notes();
  EXPECT_EQ(std::ranges::count(told, "split_full j/s: 3 units are counted; new ones are not"), 1);
}

// More rows than a commit removes, of an experiment that is no more.
TEST_F(SplitUnitsTest, WhatIsLeftOverGoesInSeveralTurns) {
  begin();
  come(0, 5);
  store::Commit commit;
  UnitsOwner owner{"j", "s", 1, world_->now(), 0, {}};
  for (owner.index = 0; owner.index < 1'200; ++owner.index) {
    owner.units = {owner.index};
    commit.put_rows.push_back({units_row(owner, owner.index), encode(owner)});
  }
  world_->store().commit(commit, [](const auto& done) { ASSERT_TRUE(done.has_value()); });
  world_->open_again();
  EXPECT_EQ(rows(), 1'201U);
  world_->run_turns(1);
  EXPECT_EQ(rows(), 701U);
  // The process dies between.
  world_->open_again();
  world_->go_on();
  EXPECT_EQ(rows(), 1U);
  come(1'000, 6);
  EXPECT_EQ(taken(), 6);
}

TEST(SplitUnits, ComeBackFromTheirRowsInAnyOrder) {
  const UnitsOwner owner{"j", "s", 5, base::Instant{7}, 0, {}};
  SplitUnits units;
  for (std::uint64_t unit = 1; unit <= 2 * kUnitsInRow + 3; ++unit) units.add(unit);
  EXPECT_EQ(units.rows(), 3U);
  std::vector<store::Row> rows = units.take_changed(owner);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(units.take_changed(owner).empty());
  std::ranges::sort(rows, {}, &store::Row::key);
  do {
    SplitUnits read;
    for (const store::Row& row : rows) read.take_up(*decode_split_units(row.body));
    EXPECT_EQ(read.size(), units.size());
    EXPECT_EQ(read.rows(), 3U);
    EXPECT_FALSE(read.needs_row());
    EXPECT_TRUE(read.take_changed(owner).empty());
    read.add(99'999);
    const auto changed = read.take_changed(owner);
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0].key, units_row(owner, 2));
    EXPECT_EQ(units_in(changed[0]).size(), 4U);
  } while (std::ranges::next_permutation(rows, {}, &store::Row::key).found);
}

TEST(SplitUnits, AFullRowIsNotWrittenAgain) {
  const UnitsOwner owner{"j", "s", 5, base::Instant{7}, 0, {}};
  SplitUnits units;
  for (std::uint64_t unit = 1; unit <= kUnitsInRow; ++unit) units.add(unit);
  EXPECT_EQ(units.take_changed(owner).size(), 1U);
  EXPECT_TRUE(units.needs_row());
  units.add(99'999);
  const auto changed = units.take_changed(owner);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].key, units_row(owner, 1));
}

TEST(SplitUnits, RowsOfOtherExperimentsAreOthers) {
  const UnitsOwner owner{"j", "s", 5, base::Instant{7}, 0, {}};
  std::set<store::RowKey> keys{units_row(owner, 0), units_row(owner, 1)};
  keys.insert(units_row({"js", "", 5, base::Instant{7}, 0, {}}, 0));
  keys.insert(units_row({"j", "s", 6, base::Instant{7}, 0, {}}, 0));
  keys.insert(units_row({"j", "s", 5, base::Instant{8}, 0, {}}, 0));
  EXPECT_EQ(keys.size(), 5U);
}

TEST(SplitUnits, WhatIsStoredComesBackAndNothingElse) {
  const SplitUnitsRecord record{
      "j", "s", 0x1234'5678'9abc'def0, base::Instant{1'772'355'600'000}, 3, {0, 7, UINT64_MAX}};
  const std::string bytes = encode(record);
  const auto read = decode_split_units(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, record);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_split_units(bytes.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(decode_split_units(bytes + "x").has_value());
  SplitUnitsRecord many = record;
  many.units.assign(kUnitsInRow + 1, 1);
  EXPECT_FALSE(decode_split_units(encode(many)).has_value());
  many.units.clear();
  EXPECT_FALSE(decode_split_units(encode(many)).has_value());
}

}  // namespace
}  // namespace sojourn::runtime
