// After `wash`, no byte of anybody who was taken out is in the files of a store, whatever rows were
// moved about before; and none comes back with what is written later.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <string>

#include "base/random.h"
#include "runtime/store/page_wash.h"
#include "runtime/store/sqlite_store.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::store {
namespace {

constexpr std::uint64_t kPeople = 300;
constexpr std::uint64_t kRowsOfOne = 12;

// What no other person's rows say.
std::string mark_of(std::uint64_t person) {
  return fmt::format("canary{:06}#", person);
}

// People whose rows grow, shrink and go, so that pages split, merge and are rebuilt.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : random_(seed) {}

  void live(Store& store, int commits) {
    for (int i = 0; i < commits; ++i) {
      Commit commit;
      std::set<RowKey> touched;
      for (int k = 0; k < 40; ++k) change(commit, touched);
      write(store, commit);
    }
  }

  void leave(Store& store, std::uint64_t person) {
    Commit commit;
    for (auto row = rows_.begin(); row != rows_.end();) {
      if (row->user != user_of(person)) {
        ++row;
        continue;
      }
      commit.remove_rows.push_back(*row);
      row = rows_.erase(row);
    }
    if (named_.erase(person) > 0) commit.remove_identities.push_back(name_of(person));
    if (sent_.erase(person) > 0) commit.remove_deliveries.push_back(delivery_of(person));
    gone_.insert(person);
    write(store, commit);
  }

 private:
  // In few shards, so that their rows share pages.
  static UserId user_of(std::uint64_t person) {
    return {static_cast<std::uint16_t>(person % 3), person + 1};
  }
  static Identity name_of(std::uint64_t person) {
    return {Identity::Kind::kEmail, mark_of(person) + "@example.com"};
  }
  static DeliveryKey delivery_of(std::uint64_t person) {
    return {user_of(person), base::Hash128{person, person}};
  }
  // Most fit into a page many times; some go on on overflow pages.
  std::string body_of(std::uint64_t person) {
    const std::uint64_t chance = random_.next() % 20;
    const std::uint64_t size = chance == 0 ? 3'000 + random_.next() % 6'000 : random_.next() % 300;
    std::string body = mark_of(person);
    while (body.size() < size) body += mark_of(person);
    return body;
  }
  void change(Commit& commit, std::set<RowKey>& touched) {
    const std::uint64_t person = random_.next() % kPeople;
    if (gone_.contains(person)) return;
    const RowKey key{user_of(person), RowKind::kEvent, random_.next() % kRowsOfOne};
    if (!touched.insert(key).second) return;
    if (rows_.contains(key) && random_.next() % 3 == 0) {
      commit.remove_rows.push_back(key);
      rows_.erase(key);
    } else {
      commit.put_rows.push_back({key, body_of(person)});
      rows_.insert(key);
    }
    if (named_.insert(person).second) {
      commit.put_identities.emplace_back(name_of(person), user_of(person));
    }
    if (sent_.insert(person).second) {
      commit.put_deliveries.push_back(
          {delivery_of(person), base::Instant{1'000}, body_of(person), 0, {}});
    }
  }
  static void write(Store& store, const Commit& commit) {
    store.commit(commit, [](const base::Result<std::uint64_t>& done) { ASSERT_TRUE(done); });
  }

  base::SeededRandom random_;
  std::set<RowKey> rows_;
  std::set<std::uint64_t> named_;
  std::set<std::uint64_t> sent_;
  std::set<std::uint64_t> gone_;
};

class WashTest : public testing::TestWithParam<std::uint64_t> {
 protected:
  std::unique_ptr<Store> open() {
    SqliteOptions options;
    options.path = directory_.file("data.db");
    // Small, so that pages leave memory and come back; or so large that all of them stay.
    options.cache_bytes = GetParam() % 2 == 0 ? 200'000 : 64U << 20;
    // Small, so that the log is copied in between.
    options.log_limit_bytes = 400'000;
    return open_sqlite_store(options).value();
  }
  // How often any of their marks stands in the database or its log.
  std::size_t found(const std::set<std::uint64_t>& people) const {
    std::size_t count = 0;
    for (const char* name : {"data.db", "data.db-wal", "data.db-journal", "data.db-shm"}) {
      const std::string bytes = file_bytes(directory_.file(name));
      for (const std::uint64_t person : people) {
        const std::string mark = mark_of(person);
        for (auto at = bytes.find(mark); at != std::string::npos; at = bytes.find(mark, at + 1)) {
          ++count;
        }
      }
    }
    return count;
  }

  ScratchDirectory directory_{ScratchDirectory::Place::kMemory};
};

TEST_P(WashTest, NothingIsLeftOfWhoeverWasTakenOut) {
  Crowd crowd(GetParam());
  auto store = open();
  crowd.live(*store, 120);
  std::set<std::uint64_t> gone;
  for (std::uint64_t round = 0; round < 6; ++round) {
    const std::set<std::uint64_t> leaving{round * 40, round * 40 + 1, round * 40 + 17};
    for (const std::uint64_t person : leaving) crowd.leave(*store, person);
    gone.insert(leaving.begin(), leaving.end());
    EXPECT_GT(found(leaving), 0U) << "there is something to wash";
    ASSERT_TRUE(store->wash());
    EXPECT_EQ(found(gone), 0U) << "round " << round;
    // Pages that are written again come from the washed file, not from what memory had of them.
    crowd.live(*store, 30);
    EXPECT_EQ(found(gone), 0U) << "after round " << round;
  }
  store.reset();
  EXPECT_EQ(found(gone), 0U);
  store = open();
  EXPECT_EQ(store->sequence(), 120U + 6 * (3 + 30));
}

INSTANTIATE_TEST_SUITE_P(Seeds, WashTest, testing::Range<std::uint64_t>(1, 9),
                         testing::PrintToStringParamName());

// A leaf of an index with two rows of three bytes, a free block of eight, and something between.
std::string leaf() {
  std::string page(512, 'x');
  const auto put = [&](std::size_t at, std::size_t number) {
    page[at] = static_cast<char>(number >> 8U);
    page[at + 1] = static_cast<char>(number & 255U);
  };
  page[0] = 10;
  put(1, 500);
  put(3, 2);
  put(5, 497);
  page[7] = 0;
  put(8, 497);
  put(10, 508);
  put(500, 0);
  put(502, 8);
  return page;
}

TEST(WashPage, OnlyWhatNoRowOwnsIsZeroed) {
  std::string page = leaf();
  wash_page(page, false);
  std::string expected = leaf();
  for (std::size_t at = 12; at < 497; ++at) expected[at] = '\0';
  for (std::size_t at = 504; at < 508; ++at) expected[at] = '\0';
  EXPECT_EQ(page, expected);
}

TEST(WashPage, APageThatMakesNoSenseIsLeftAsItIs) {
  const auto stays = [](std::size_t at, char value, bool is_first = false) {
    std::string page = leaf();
    page[at] = value;
    std::string washed = page;
    wash_page(washed, is_first);
    EXPECT_EQ(washed, page) << at;
  };
  stays(0, 0);         // of an overflow page, or of the list of free pages
  stays(0, 7);         // no kind
  stays(3, 2);         // more rows than fit
  stays(5, 2);         // rows that begin beyond the page
  stays(1, 0);         // a free block before the rows
  stays(503, 2);       // one shorter than its own header
  stays(502, 1);       // one that goes on beyond the page
  stays(501, 1);       // a chain that turns back
  stays(0, 10, true);  // the first page has its header elsewhere
}

TEST(WashPage, ThePageWithTheFilesHeaderKeepsIt) {
  std::string page(1'024, 'h');
  page[100] = 13;
  for (std::size_t at = 101; at < 105; ++at) page[at] = '\0';
  page[105] = 2;  // rows begin at 512
  page[106] = 0;
  std::string expected = page;
  for (std::size_t at = 108; at < 512; ++at) expected[at] = '\0';
  wash_page(page, true);
  EXPECT_EQ(page, expected);
}

}  // namespace
}  // namespace sojourn::store
