// The front of the outbox against the whole table it mirrors.
#include "runtime/store/planned_front.h"

#include <algorithm>
#include <cstdint>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <utility>

#include "base/random.h"

namespace sojourn::store {
namespace {

using ::testing::ElementsAre;
using Knows = PlannedFront::Knows;

Delivery planned(std::uint64_t user, std::int64_t at) {
  Delivery delivery;
  delivery.key = {UserId{static_cast<std::uint16_t>(user % 5), user}, base::Hash128{0, user}};
  delivery.next_attempt = base::Instant{at};
  delivery.body = std::to_string(user) + "@" + std::to_string(at);
  return delivery;
}

std::vector<std::string> bodies(const std::vector<Delivery>& deliveries) {
  std::vector<std::string> out;
  for (const Delivery& delivery : deliveries) out.push_back(delivery.body);
  return out;
}

// What the front mirrors, whole.
class Table {
 public:
  void put(const Delivery& delivery) { rows_[delivery.key] = delivery; }
  void remove(const DeliveryKey& key) { rows_.erase(key); }
  std::vector<Delivery> due(std::int64_t until, std::size_t limit) const {
    std::vector<Delivery> out;
    for (const auto& [key, row] : rows_) {
      if (row.next_attempt && row.next_attempt->millis <= until) out.push_back(row);
    }
    std::sort(out.begin(), out.end(), [](const Delivery& a, const Delivery& b) {
      return std::pair(a.next_attempt, a.key) < std::pair(b.next_attempt, b.key);
    });
    out.resize(std::min(out.size(), limit));
    return out;
  }

 private:
  std::map<DeliveryKey, Delivery> rows_;
};

TEST(PlannedFront, KnowsNothingUntilItIsFilled) {
  PlannedFront front(4, Knows::kNothing);
  front.put(planned(1, 10));
  EXPECT_FALSE(front.covers(base::Instant{10}, 1));
  front.refill({planned(1, 10)});
  EXPECT_TRUE(front.covers(base::Instant{10}, 4));
  EXPECT_THAT(bodies(front.due(base::Instant{10}, 4)), ElementsAre("1@10"));
}

TEST(PlannedFront, LetsTheLatestGoWhenItIsFull) {
  PlannedFront front(2, Knows::kThereAreNone);
  front.put(planned(1, 30));
  front.put(planned(2, 10));
  front.put(planned(3, 20));
  EXPECT_THAT(bodies(front.due(base::Instant{99}, 2)), ElementsAre("2@10", "3@20"));
  EXPECT_FALSE(front.covers(base::Instant{99}, 3));
  front.remove(planned(2, 10).key);
  EXPECT_FALSE(front.covers(base::Instant{99}, 2)) << "1@30 is in the table alone";
  EXPECT_TRUE(front.covers(base::Instant{19}, 2)) << "nothing before 3@20 can be missing";
}

TEST(PlannedFront, ForgetsWhatIsClaimed) {
  PlannedFront front(2, Knows::kThereAreNone);
  front.put(planned(1, 30));
  Delivery claimed = planned(1, 30);
  claimed.next_attempt.reset();
  front.put(claimed);
  EXPECT_EQ(front.first(), std::nullopt);
  EXPECT_TRUE(front.covers(base::Instant{99}, 5));
  EXPECT_TRUE(front.is_empty());
}

TEST(PlannedFront, AnswersAsTheWholeTableWould) {
  constexpr std::uint64_t kSeed = 20'261'121;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  base::SeededRandom random(kSeed);
  std::size_t covered = 0;
  std::size_t refilled = 0;
  for (std::size_t limit = 1; limit <= 9; ++limit) {
    PlannedFront front(limit, Knows::kNothing);
    Table table;
    for (int step = 0; step < 3000; ++step) {
      Delivery delivery =
          planned(random.next() % 24, static_cast<std::int64_t>(random.next() % 40));
      const auto choice = random.next() % 10;
      if (choice < 4) {
        if (random.next() % 4 == 0) delivery.next_attempt.reset();
        table.put(delivery);
        front.put(delivery);
      } else if (choice < 8) {
        table.remove(delivery.key);
        front.remove(delivery.key);
      } else {
        const auto until = static_cast<std::int64_t>(random.next() % 45);
        const std::size_t count = random.next() % (limit + 1);
        if (!front.covers(base::Instant{until}, count)) {
          front.refill(table.due(1000, limit));
          ++refilled;
        } else {
          ++covered;
        }
        ASSERT_TRUE(front.covers(base::Instant{until}, count));
        ASSERT_EQ(bodies(front.due(base::Instant{until}, count)), bodies(table.due(until, count)));
      }
    }
  }
  EXPECT_GT(covered, 100u);
  EXPECT_GT(refilled, 100u);
}

}  // namespace
}  // namespace sojourn::store
