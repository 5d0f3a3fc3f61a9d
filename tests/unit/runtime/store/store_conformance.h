// What every store must do, whatever is behind it. A backend instantiates the
// suite with a `Disk`: default-constructed it is empty, `open()` gives a store on
// it, and a store opened after the one before was destroyed sees what that one
// left.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>

#include "tests/unit/runtime/store/random_turns.h"

namespace sojourn::store {

template <typename Disk>
class StoreConformance : public ::testing::Test {
 protected:
  StoreConformance() : store_(disk_.open()) {}

  void reopen() {
    store_.reset();
    store_ = disk_.open();
  }
  std::uint64_t commit(const Commit& commit) {
    std::optional<std::uint64_t> sequence;
    store_->commit(commit, [&](const base::Result<std::uint64_t>& done) {
      EXPECT_FALSE(sequence) << "done was called twice";
      ASSERT_TRUE(done) << done.error().message;
      sequence = *done;
    });
    EXPECT_TRUE(sequence) << "done was not called";
    return sequence.value_or(0);
  }
  Loaded load(const ReadSet& read) { return store_->load(read).value(); }
  std::vector<TimerKey> due(std::int64_t until_millis, std::size_t limit = 100) {
    return store_->due_timers(base::Instant{until_millis}, limit).value();
  }
  std::vector<std::string> bodies(const std::vector<Delivery>& deliveries) {
    std::vector<std::string> out;
    for (const Delivery& delivery : deliveries) out.push_back(delivery.body);
    return out;
  }
  std::vector<std::string> due_bodies(std::int64_t until_millis, std::size_t limit = 100) {
    return bodies(store_->due_deliveries(0, base::Instant{until_millis}, limit).value());
  }

  Disk disk_;
  std::unique_ptr<Store> store_;

  const UserId ada_{3, 1};
  const UserId bob_{900, 1};
  const UserId cy_{900, 2};
};
TYPED_TEST_SUITE_P(StoreConformance);

TYPED_TEST_P(StoreConformance, IsEmptyAtFirst) {
  EXPECT_EQ(this->store_->sequence(), 0);
  EXPECT_EQ(this->store_->next_timer().value(), std::nullopt);
  EXPECT_TRUE(this->store_->waiting_lanes().value().empty());
  EXPECT_EQ(this->store_->next_deadline().value(), std::nullopt);
  EXPECT_TRUE(this->due(base::kNever.millis).empty());
  const Loaded loaded =
      this->load({{{Identity::Kind::kEmail, "ada@example.com"}}, {{3, 1, 2}}, {this->ada_}});
  EXPECT_EQ(loaded.identities, std::vector<std::optional<UserId>>{std::nullopt});
  EXPECT_EQ(loaded.seen, std::vector<bool>{false});
  EXPECT_TRUE(loaded.users.at(0).empty());
  EXPECT_TRUE(this->store_->deliveries_of(this->ada_).value().empty());
}

TYPED_TEST_P(StoreConformance, NumbersCommitsFromOneWithoutGapsAndAcrossOpenings) {
  EXPECT_EQ(this->commit({}), 1);
  EXPECT_EQ(this->commit({}), 2);
  this->reopen();
  EXPECT_EQ(this->store_->sequence(), 2);
  EXPECT_EQ(this->commit({}), 3);
  EXPECT_EQ(this->store_->sequence(), 3);
}

TYPED_TEST_P(StoreConformance, FindsAUserByEachIdentityUntilItIsRemoved) {
  const Identity email{Identity::Kind::kEmail, "ada@example.com"};
  const Identity user_id{Identity::Kind::kUserId, "ada@example.com"};
  Commit turn;
  turn.put_identities = {{email, this->ada_}, {user_id, this->bob_}};
  this->commit(turn);
  this->reopen();
  EXPECT_EQ(this->load({{email, user_id}, {}, {}}).identities,
            (std::vector<std::optional<UserId>>{this->ada_, this->bob_}));
  Commit rename;
  rename.remove_identities = {email};
  rename.put_identities = {{user_id, this->ada_}};
  this->commit(rename);
  EXPECT_EQ(this->load({{user_id, email}, {}, {}}).identities,
            (std::vector<std::optional<UserId>>{this->ada_, std::nullopt}));
}

TYPED_TEST_P(StoreConformance, LoadsRowsOfAUserInKeyOrderWithoutTheLog) {
  const std::string binary("\0\xff\x01", 3);
  Commit turn;
  turn.put_rows = {{{this->ada_, RowKind::kEvent, 2}, "event 2"},
                   {{this->ada_, RowKind::kLog, 1}, "log"},
                   {{this->ada_, RowKind::kEnrollment, 1}, binary},
                   {{this->bob_, RowKind::kHead, 0}, "bob"},
                   {{this->ada_, RowKind::kEvent, 1}, std::string(20'000, 'x')},
                   {{this->ada_, RowKind::kHead, 0}, ""}};
  this->commit(turn);
  this->reopen();
  const auto rows = this->load({{}, {}, {this->ada_}}).users.at(0);
  std::vector<std::pair<RowKey, std::string>> found;
  for (const Row& row : rows) found.emplace_back(row.key, row.body);
  EXPECT_EQ(found, (std::vector<std::pair<RowKey, std::string>>{
                       {{this->ada_, RowKind::kHead, 0}, ""},
                       {{this->ada_, RowKind::kEnrollment, 1}, binary},
                       {{this->ada_, RowKind::kEvent, 1}, std::string(20'000, 'x')},
                       {{this->ada_, RowKind::kEvent, 2}, "event 2"}}));
}

TYPED_TEST_P(StoreConformance, PutReplacesAndRemovingWhatIsNotThereIsNoError) {
  Commit turn;
  turn.put_rows = {{{this->ada_, RowKind::kHead, 0}, "old and longer"}};
  turn.remove_rows = {{this->bob_, RowKind::kHead, 0}};
  turn.remove_timers = {{this->bob_, base::Instant{5}, 1}};
  turn.remove_deliveries = {{this->bob_, {1, 2}}};
  turn.remove_identities = {{Identity::Kind::kUserId, "nobody"}};
  this->commit(turn);
  turn.put_rows[0].body = "new";
  this->commit(turn);
  const auto rows = this->load({{}, {}, {this->ada_, this->bob_}}).users;
  ASSERT_EQ(rows.at(0).size(), 1);
  EXPECT_EQ(rows[0][0].body, "new");
  EXPECT_TRUE(rows.at(1).empty());
}

TYPED_TEST_P(StoreConformance, GivesTimersInDueOrderAcrossShards) {
  const TimerKey first{this->bob_, base::Instant{10}, 1};
  const TimerKey second{this->ada_, base::Instant{20}, 2};
  const TimerKey third{this->bob_, base::Instant{20}, 3};
  const TimerKey later{this->ada_, base::Instant{30}, 1};
  Commit turn;
  turn.put_timers = {later, third, second, first};
  this->commit(turn);
  this->reopen();
  EXPECT_EQ(this->store_->next_timer().value(), base::Instant{10});
  EXPECT_TRUE(this->due(9).empty());
  EXPECT_EQ(this->due(20), (std::vector<TimerKey>{first, second, third}));
  EXPECT_EQ(this->due(1000, 2), (std::vector<TimerKey>{first, second}));
  EXPECT_EQ(this->due(20).size(), 3) << "asking does not take them away";
  EXPECT_EQ(this->store_->count_timers(base::Instant{9}, 9).value(), 0U);
  EXPECT_EQ(this->store_->count_timers(base::Instant{20}, 9).value(), 3U);
  EXPECT_EQ(this->store_->count_timers(base::Instant{20}, 2).value(), 2U) << "and no further";
  EXPECT_EQ(this->store_->count_timers(base::Instant{1000}, 9).value(), 4U);
  Commit fired;
  fired.remove_timers = {first, second};
  fired.put_timers = {{this->cy_, base::Instant{15}, 1}};
  this->commit(fired);
  EXPECT_EQ(this->store_->next_timer().value(), base::Instant{15});
  EXPECT_EQ(this->due(1000),
            (std::vector<TimerKey>{{this->cy_, base::Instant{15}, 1}, third, later}));
}

TYPED_TEST_P(StoreConformance, ListsADeliveryAsPlannedOrAsClaimed) {
  const DeliveryKey one{this->bob_, {1, 0}};
  const DeliveryKey two{this->ada_, {0, 2}};
  const DeliveryKey three{this->bob_, {0, 3}};
  Commit plan;
  plan.put_deliveries = {{one, base::Instant{20}, "one"},
                         {two, base::Instant{20}, "two"},
                         {three, base::Instant{10}, "three"}};
  this->commit(plan);
  EXPECT_EQ(this->store_->waiting_lanes().value(),
            (std::vector<WaitingLane>{{0, base::Instant{10}}}));
  EXPECT_EQ(this->due_bodies(20), (std::vector<std::string>{"three", "two", "one"}));
  EXPECT_EQ(this->due_bodies(20, 1), (std::vector<std::string>{"three"}));
  EXPECT_TRUE(this->store_->claimed_deliveries(std::nullopt, 9).value().empty());

  Commit claim;
  claim.put_deliveries = {{three, std::nullopt, "three claimed"}, {two, std::nullopt, "two"}};
  this->commit(claim);
  this->reopen();
  EXPECT_EQ(this->due_bodies(1000), (std::vector<std::string>{"one"}));
  EXPECT_EQ(this->store_->waiting_lanes().value(),
            (std::vector<WaitingLane>{{0, base::Instant{20}}}));
  const auto claimed = this->store_->claimed_deliveries(std::nullopt, 1).value();
  EXPECT_EQ(this->bodies(claimed), (std::vector<std::string>{"two"}));
  EXPECT_EQ(this->bodies(this->store_->claimed_deliveries(claimed[0].key, 9).value()),
            (std::vector<std::string>{"three claimed"}));
  EXPECT_EQ(this->bodies(this->store_->deliveries_of(this->bob_).value()),
            (std::vector<std::string>{"three claimed", "one"}));
  const auto all = this->store_->deliveries(std::nullopt, 2).value();
  EXPECT_EQ(this->bodies(all), (std::vector<std::string>{"two", "three claimed"}));
  EXPECT_EQ(this->bodies(this->store_->deliveries(all.back().key, 9).value()),
            (std::vector<std::string>{"one"}));

  Commit outcome;
  outcome.remove_deliveries = {two};
  outcome.put_deliveries = {{three, base::Instant{5}, "three again"}};
  this->commit(outcome);
  EXPECT_EQ(this->due_bodies(1000), (std::vector<std::string>{"three again", "one"}));
  EXPECT_EQ(this->store_->waiting_lanes().value(),
            (std::vector<WaitingLane>{{0, base::Instant{5}}}));
  EXPECT_TRUE(this->store_->claimed_deliveries(std::nullopt, 9).value().empty());
}

TYPED_TEST_P(StoreConformance, KeepsALaneOfWhatIsPlannedApartFromTheOthers) {
  const DeliveryKey one{this->bob_, {1, 0}};
  const DeliveryKey two{this->ada_, {0, 2}};
  const DeliveryKey three{this->bob_, {0, 3}};
  Commit plan;
  plan.put_deliveries = {{one, base::Instant{10}, "one", 7},
                         {two, base::Instant{20}, "two", 1},
                         {three, base::Instant{30}, "three", 7}};
  this->commit(plan);
  this->reopen();
  const auto due = [&](std::uint32_t lane) {
    return this->bodies(this->store_->due_deliveries(lane, base::Instant{99}, 9).value());
  };
  EXPECT_EQ(this->store_->waiting_lanes().value(),
            (std::vector<WaitingLane>{{1, base::Instant{20}}, {7, base::Instant{10}}}));
  EXPECT_EQ(due(7), (std::vector<std::string>{"one", "three"}));
  EXPECT_EQ(due(0), std::vector<std::string>{});

  Commit move;
  move.put_deliveries = {{one, base::Instant{25}, "one moved", 1},
                         {three, std::nullopt, "three claimed"}};
  this->commit(move);
  EXPECT_EQ(due(1), (std::vector<std::string>{"two", "one moved"}));
  EXPECT_EQ(this->store_->waiting_lanes().value(),
            (std::vector<WaitingLane>{{1, base::Instant{20}}}));
}

TYPED_TEST_P(StoreConformance, FindsWhatIsPastItsDeadlineInWhateverLane) {
  const DeliveryKey one{this->bob_, {1, 0}};
  const DeliveryKey two{this->ada_, {0, 2}};
  const DeliveryKey three{this->bob_, {0, 3}};
  Commit plan;
  plan.put_deliveries = {{one, base::Instant{10}, "one", 7, base::Instant{50}},
                         {two, base::Instant{20}, "two", 1, base::Instant{40}},
                         {three, base::Instant{30}, "three", 7}};
  this->commit(plan);
  this->reopen();
  const auto late = [&](std::int64_t now, std::size_t limit = 9) {
    return this->bodies(this->store_->late_deliveries(base::Instant{now}, limit).value());
  };
  EXPECT_EQ(this->store_->next_deadline().value(), base::Instant{40});
  EXPECT_EQ(late(40), std::vector<std::string>{});
  EXPECT_EQ(late(51), (std::vector<std::string>{"two", "one"}));
  EXPECT_EQ(late(51, 1), (std::vector<std::string>{"two"}));

  Commit turn;
  turn.remove_deliveries = {two};
  turn.put_deliveries = {{one, std::nullopt, "one claimed"}};
  this->commit(turn);
  EXPECT_EQ(late(99), std::vector<std::string>{});
  EXPECT_EQ(this->store_->next_deadline().value(), std::nullopt);
}

TYPED_TEST_P(StoreConformance, GivesTheNewestRowsOfAKindFirst) {
  Commit turn;
  for (const std::uint64_t number : {1, 2, 300}) {
    turn.put_rows.push_back({{this->ada_, RowKind::kLog, number}, std::to_string(number)});
  }
  turn.put_rows.push_back({{this->ada_, RowKind::kPast, 1}, "past"});
  this->commit(turn);
  const auto rows = this->store_->rows(this->ada_, RowKind::kLog, 2).value();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].body, "300");
  EXPECT_EQ(rows[1].body, "2");
}

TYPED_TEST_P(StoreConformance, RecognisesAnEventOnAnyDayUntilItsDayIsDropped) {
  const std::uint64_t high_bit = 1ULL << 63;
  Commit turn;
  turn.put_seen = {{3, 100, 7}, {3, 101, high_bit}, {900, 99, 8}};
  this->commit(turn);
  this->reopen();
  const ReadSet all{{}, {{3, 105, 7}, {3, 0, high_bit}, {900, 0, 8}, {4, 100, 7}}, {}};
  EXPECT_EQ(this->load(all).seen, (std::vector<bool>{true, true, true, false}));
  EXPECT_TRUE(this->store_->drop_seen_before(101, 100).value());
  EXPECT_EQ(this->load(all).seen, (std::vector<bool>{false, true, false, false}));
  this->reopen();
  EXPECT_EQ(this->load(all).seen, (std::vector<bool>{false, true, false, false}));
}

TYPED_TEST_P(StoreConformance, DropsDaysInStepsThatEnd) {
  Commit turn;
  for (std::uint64_t i = 0; i < 50; ++i) {
    const auto shard = static_cast<std::uint16_t>(i % 5 * 200);
    turn.put_seen.push_back({shard, static_cast<std::int32_t>(10 + i % 2), i});
  }
  turn.put_seen.push_back({1, 12, 1000});
  this->commit(turn);
  const auto left = [&] {
    const auto seen = this->load({{}, turn.put_seen, {}}).seen;
    return std::count(seen.begin(), seen.end(), true);
  };
  int calls = 1;
  while (!this->store_->drop_seen_before(12, 7).value()) {
    EXPECT_EQ(left(), 51 - 7 * calls);
    if (++calls == 3) this->reopen();
    ASSERT_LT(calls, 20);
  }
  EXPECT_EQ(left(), 1);
  EXPECT_TRUE(this->store_->drop_seen_before(12, 7).value());
}

TYPED_TEST_P(StoreConformance, DropsWhatCameToAnOldDayWhileItWasDropped) {
  Commit turn;
  for (std::uint64_t i = 0; i < 20; ++i)
    turn.put_seen.push_back({static_cast<std::uint16_t>(i), 10, i});
  this->commit(turn);
  EXPECT_FALSE(this->store_->drop_seen_before(11, 15).value());
  Commit late;
  late.put_seen = {{2, 10, 77}, {2, 9, 78}};
  this->commit(late);
  while (!this->store_->drop_seen_before(11, 15).value()) {
  }
  // Rows left behind would be found again when their day has rows again.
  Commit again;
  again.put_seen = {{3, 10, 79}, {3, 9, 80}};
  this->commit(again);
  EXPECT_EQ(this->load({{}, {{2, 0, 77}, {2, 0, 78}}, {}}).seen, (std::vector<bool>{false, false}));
}

TYPED_TEST_P(StoreConformance, AddsToCounters) {
  Commit turn;
  turn.counters = {{"b", 5}, {"a", 1}};
  this->commit(turn);
  turn.counters = {{"b", -7}};
  this->commit(turn);
  this->reopen();
  EXPECT_EQ(this->store_->counters().value(),
            (std::vector<std::pair<std::string, std::int64_t>>{{"a", 1}, {"b", -2}}));
}

TYPED_TEST_P(StoreConformance, KeepsProgramRecords) {
  const StoredGraph graph{{1, 2}, "welcome", 1, std::string("\0g", 2)};
  ASSERT_TRUE(this->store_->put_graph(graph));
  ASSERT_TRUE(this->store_->put_graph(graph));
  ASSERT_TRUE(this->store_->put_setting("project", "shop"));
  ASSERT_TRUE(this->store_->put_setting("project", "bakery"));
  this->reopen();
  const auto graphs = this->store_->graphs().value();
  ASSERT_EQ(graphs.size(), 1);
  EXPECT_EQ(graphs[0].version, graph.version);
  EXPECT_EQ(graphs[0].journey, "welcome");
  EXPECT_EQ(graphs[0].encoding, 1);
  EXPECT_EQ(graphs[0].bytes, graph.bytes);
  EXPECT_EQ(this->store_->setting("project").value(), "bakery");
  EXPECT_EQ(this->store_->setting("no such").value(), std::nullopt);
}

TYPED_TEST_P(StoreConformance, NumbersStepsOfEachJourneyForGood) {
  const auto first = this->store_->step_numbers("welcome", {"send a", "wait", "send a"}).value();
  EXPECT_EQ(first[0], first[2]);
  EXPECT_NE(first[0], first[1]);
  this->reopen();
  const auto second = this->store_->step_numbers("welcome", {"new", "wait", "send a"}).value();
  EXPECT_EQ(second[1], first[1]);
  EXPECT_EQ(second[2], first[0]);
  EXPECT_NE(second[0], first[0]);
  EXPECT_NE(second[0], first[1]);
  EXPECT_EQ(this->store_->step_numbers("trial", {"wait"}).value(),
            std::vector<std::uint32_t>{first[0]})
      << "each journey counts for itself";
}

TYPED_TEST_P(StoreConformance, NeverGivesAUserNumberTwice) {
  std::uint64_t last = 0;
  for (int opening = 0; opening < 3; ++opening) {
    for (int i = 0; i < 700; ++i) {
      const UserId user = this->store_->new_user(5).value();
      EXPECT_EQ(user.shard, 5);
      ASSERT_GT(user.number, last);
      last = user.number;
      if (i % 100 == 0) this->commit({});
    }
    EXPECT_GE(this->store_->new_user(6).value().number, 1);
    this->reopen();
  }
  EXPECT_LT(last, 3 * 700 + 3 * 1000) << "restarts may skip numbers, but not many";
}

TYPED_TEST_P(StoreConformance, FindsUsersByAValueUntilItIsTakenBackOrItsFieldDropped) {
  const base::Hash128 paris{1, 7};
  const base::Hash128 rome{2, 7};
  Commit turn;
  turn.put_field_values = {
      {1, paris, this->cy_}, {1, paris, this->ada_}, {1, rome, this->bob_}, {2, paris, this->bob_}};
  this->commit(turn);
  this->reopen();
  const auto with = [&](std::uint32_t field, base::Hash128 value, std::size_t limit = 9) {
    return this->store_->users_with(field, value, limit).value();
  };
  EXPECT_EQ(with(1, paris), (std::vector<UserId>{this->ada_, this->cy_}));
  EXPECT_EQ(with(1, paris, 1), (std::vector<UserId>{this->ada_}));
  EXPECT_EQ(with(2, rome), std::vector<UserId>{});
  Commit move;
  move.remove_field_values = {{1, paris, this->ada_}, {1, rome, this->ada_}};
  move.put_field_values = {{1, rome, this->cy_}, {1, rome, this->bob_}};
  this->commit(move);
  EXPECT_EQ(with(1, paris), (std::vector<UserId>{this->cy_}));
  EXPECT_EQ(with(1, rome), (std::vector<UserId>{this->bob_, this->cy_}));
  EXPECT_FALSE(this->store_->drop_field_values(1, 2).value());
  EXPECT_TRUE(this->store_->drop_field_values(1, 2).value());
  EXPECT_EQ(with(1, paris), std::vector<UserId>{});
  EXPECT_EQ(with(1, rome), std::vector<UserId>{});
  EXPECT_EQ(with(2, paris), (std::vector<UserId>{this->bob_}));
}

TYPED_TEST_P(StoreConformance, KeepsFanOutsInOrderUntilTheirPartsAreRemoved) {
  Commit turn;
  turn.put_fan_outs = {{{2, 0}, "second"}, {{1, 0}, "first"}, {{1, 2}, "cy"}, {{1, 1}, "ada"}};
  this->commit(turn);
  this->reopen();
  const auto waiting = [&](const std::optional<FanOutKey>& after, std::size_t limit) {
    std::vector<std::string> out;
    const auto rows = this->store_->fan_outs(after, limit).value();
    for (const FanOutRow& row : rows) {
      out.push_back(row.body);
    }
    return out;
  };
  EXPECT_EQ(waiting({}, 9), (std::vector<std::string>{"first", "ada", "cy", "second"}));
  EXPECT_EQ(waiting(FanOutKey{1, 1}, 1), (std::vector<std::string>{"cy"}));
  Commit handed;
  handed.remove_fan_outs = {{1, 0}, {1, 1}, {7, 7}};
  handed.put_fan_outs = {{{1, 2}, "cy again"}};
  this->commit(handed);
  EXPECT_EQ(waiting({}, 9), (std::vector<std::string>{"cy again", "second"}));
}

TYPED_TEST_P(StoreConformance, GoesThroughTheHeadsOfAllUsersInSteps) {
  Commit turn;
  turn.put_rows = {{{UserId{0, 0}, RowKind::kWatch, 0}, "of nobody"},
                   {{this->cy_, RowKind::kHead, 0}, "cy"},
                   {{this->ada_, RowKind::kHead, 0}, "ada"},
                   {{this->ada_, RowKind::kEnrollment, 0}, "no head"},
                   {{this->bob_, RowKind::kHead, 0}, "bob"}};
  this->commit(turn);
  std::vector<std::string> found;
  std::optional<UserId> after;
  for (int step = 0; step < 9; ++step) {
    const auto rows = this->store_->heads(after, 2).value();
    if (rows.empty()) break;
    for (const Row& row : rows) found.push_back(row.body);
    after = rows.back().key.user;
  }
  EXPECT_EQ(found, (std::vector<std::string>{"ada", "bob", "cy"}));
}

TYPED_TEST_P(StoreConformance, DoesWhatTheModelDoes) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    TypeParam disk;
    auto store = disk.open();
    auto model = std::make_shared<ModelStore::Disk>();
    ModelStore expected(model);
    RandomTurns turns(seed);
    for (int i = 0; i < 40; ++i) {
      SCOPED_TRACE(i);
      const Commit turn = turns.next(model->content);
      expected.commit(turn, [](const auto&) {});
      store->commit(turn, [](const auto& done) { ASSERT_TRUE(done); });
      if (i % 10 == 9) {
        store.reset();
        store = disk.open();
      }
      ASSERT_EQ(store->next_timer().value(), expected.next_timer().value());
      ASSERT_EQ(store->waiting_lanes().value(), expected.waiting_lanes().value());
      ASSERT_EQ(store->next_deadline().value(), expected.next_deadline().value());
      const base::Instant until = turns.instant();
      ASSERT_EQ(store->count_timers(until, 9).value(), expected.count_timers(until, 9).value());
      for (const std::size_t limit : {1, 5, 1000}) {
        ASSERT_EQ(store->due_timers(until, limit).value(),
                  expected.due_timers(until, limit).value());
        for (std::uint32_t lane = 0; lane <= RandomTurns::kLanes; ++lane) {
          ASSERT_EQ(this->bodies(store->due_deliveries(lane, until, limit).value()),
                    this->bodies(expected.due_deliveries(lane, until, limit).value()));
        }
        ASSERT_EQ(this->bodies(store->late_deliveries(until, limit).value()),
                  this->bodies(expected.late_deliveries(until, limit).value()));
        ASSERT_EQ(this->bodies(store->claimed_deliveries(std::nullopt, limit).value()),
                  this->bodies(expected.claimed_deliveries(std::nullopt, limit).value()));
      }
      ASSERT_EQ(content_of(*store, turns.universe()), model->content);
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(
    StoreConformance, IsEmptyAtFirst, NumbersCommitsFromOneWithoutGapsAndAcrossOpenings,
    FindsAUserByEachIdentityUntilItIsRemoved, LoadsRowsOfAUserInKeyOrderWithoutTheLog,
    PutReplacesAndRemovingWhatIsNotThereIsNoError, GivesTimersInDueOrderAcrossShards,
    ListsADeliveryAsPlannedOrAsClaimed, KeepsALaneOfWhatIsPlannedApartFromTheOthers,
    FindsWhatIsPastItsDeadlineInWhateverLane, GivesTheNewestRowsOfAKindFirst,
    RecognisesAnEventOnAnyDayUntilItsDayIsDropped, DropsDaysInStepsThatEnd,
    DropsWhatCameToAnOldDayWhileItWasDropped, AddsToCounters, KeepsProgramRecords,
    NumbersStepsOfEachJourneyForGood, NeverGivesAUserNumberTwice,
    FindsUsersByAValueUntilItIsTakenBackOrItsFieldDropped,
    KeepsFanOutsInOrderUntilTheirPartsAreRemoved, GoesThroughTheHeadsOfAllUsersInSteps,
    DoesWhatTheModelDoes);

}  // namespace sojourn::store
