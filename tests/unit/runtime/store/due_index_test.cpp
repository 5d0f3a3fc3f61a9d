#include "runtime/store/due_index.h"

#include <gmock/gmock.h>
#include <set>
#include <utility>

#include "base/random.h"

namespace sojourn::store {
namespace {

using base::Instant;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A table keyed by (shard, due), and how often it was asked.
struct Table {
  std::set<std::pair<std::uint16_t, Instant>> rows;
  int visits = 0;
  DueIndex index;

  void add(std::uint16_t shard, std::int64_t due) {
    rows.insert({shard, Instant{due}});
    index.added(shard, Instant{due});
  }
  void remove(std::uint16_t shard, std::int64_t due) {
    rows.erase({shard, Instant{due}});
    index.removed(shard);
  }
  std::optional<Instant> next() {
    return index.next([this](std::uint16_t shard, Instant from) -> std::optional<Instant> {
      ++visits;
      const auto found = rows.lower_bound({shard, from});
      if (found == rows.end() || found->first != shard) return std::nullopt;
      return found->second;
    });
  }
  std::vector<std::pair<std::int64_t, int>> collect(std::int64_t until, std::size_t limit) {
    std::vector<std::pair<std::int64_t, int>> out;
    index.collect(Instant{until}, limit,
                  [&](std::uint16_t shard, Instant from, Instant through, std::size_t room) {
                    ++visits;
                    DueIndex::Taken taken;
                    for (auto row = rows.lower_bound({shard, from});
                         row != rows.end() && row->first == shard; ++row) {
                      if (!taken.first) taken.first = row->second;
                      if (row->second > through || taken.count == room) {
                        taken.rest = row->second;
                        break;
                      }
                      out.emplace_back(row->second.millis, shard);
                      ++taken.count;
                    }
                    return taken;
                  });
    return out;
  }
};

TEST(DueIndex, MergesShardsByDueTimeThenShard) {
  Table table;
  for (const auto& [shard, due] : {std::pair{9, 5}, {2, 7}, {9, 7}, {2, 3}, {500, 7}, {9, 20}}) {
    table.add(static_cast<std::uint16_t>(shard), due);
  }
  EXPECT_THAT(table.collect(7, 100), ElementsAre(std::pair(3, 2), std::pair(5, 9), std::pair(7, 2),
                                                 std::pair(7, 9), std::pair(7, 500)));
  EXPECT_THAT(table.collect(100, 2), ElementsAre(std::pair(3, 2), std::pair(5, 9)));
  EXPECT_THAT(table.collect(2, 100), IsEmpty());
}

TEST(DueIndex, FindsOutByAskingOnceWhatWasThereBeforeIt) {
  Table table;
  table.rows = {{4, Instant{-50}}, {1023, Instant{8}}};
  EXPECT_EQ(table.next(), Instant{-50});
  EXPECT_EQ(table.visits, kShardCount);
  EXPECT_THAT(table.collect(10, 9), ElementsAre(std::pair(-50, 4), std::pair(8, 1023)));
  EXPECT_LT(table.visits, kShardCount + 5);
}

TEST(DueIndex, VisitsOnlyShardsThatAreDue) {
  Table table;
  for (std::uint16_t shard = 0; shard < kShardCount; ++shard) table.add(shard, 1000 + shard);
  EXPECT_EQ(table.next(), Instant{1000});
  table.visits = 0;
  EXPECT_EQ(table.collect(1001, 100).size(), 2);
  EXPECT_LE(table.visits, 4);
}

TEST(DueIndex, TakesAHerdOfOneInstantShardByShard) {
  Table table;
  for (std::uint16_t shard = 0; shard < kShardCount; ++shard) table.add(shard, 1000);
  table.next();
  table.visits = 0;
  EXPECT_EQ(table.collect(1000, 100).size(), 100);
  EXPECT_EQ(table.visits, 100);
}

TEST(DueIndex, DoesWhatSortingEverythingDoes) {
  base::SeededRandom random(3);
  Table table;
  for (int round = 0; round < 300; ++round) {
    for (int i = 0; i < 5; ++i) {
      table.add(static_cast<std::uint16_t>(random.next() % 8),
                static_cast<std::int64_t>(random.next() % 100));
      if (random.next() % 2 == 0 && !table.rows.empty()) {
        const auto row = *table.rows.begin();
        table.remove(row.first, row.second.millis);
      }
    }
    std::vector<std::pair<std::int64_t, int>> all;
    for (const auto& [shard, due] : table.rows) all.emplace_back(due.millis, shard);
    std::sort(all.begin(), all.end());
    ASSERT_EQ(table.next(), Instant{all.empty() ? 0 : all.front().first}) << "round " << round;
    const auto until = static_cast<std::int64_t>(random.next() % 100);
    const std::size_t limit = 1 + random.next() % 20;
    std::erase_if(all, [&](const auto& row) { return row.first > until; });
    all.resize(std::min(limit, all.size()));
    ASSERT_EQ(table.collect(until, limit), all) << "round " << round;
  }
}

}  // namespace
}  // namespace sojourn::store
