#include "bench/run/disk_use.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

namespace sojourn::bench {
namespace {

class DiskUseTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::path(testing::TempDir()) / ("disk_use_" + std::to_string(getpid()));
    std::filesystem::create_directories(dir_);
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  void make_database(const char* name, const char* sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((dir_ / name).c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    sqlite3_close(db);
  }

  std::filesystem::path dir_;
};

constexpr const char* kThousand =
    "with recursive n(i) as (select 1 union all select i+1 from n where i<1000) ";

TEST_F(DiskUseTest, CountsATableWithItsIndexes) {
  make_database("a.db", (std::string("create table timer(a, b);") + "create index t on timer(b);" +
                         kThousand + "insert into timer select i, randomblob(100) from n")
                            .c_str());
  const auto use = disk_use(dir_);
  ASSERT_TRUE(use) << use.error().message;
  // 1,000 blobs of 100 bytes, once in the table and once in the index.
  EXPECT_GT(use->by_part.at("timer"), 200'000);
  EXPECT_EQ(use->person_bytes(), use->by_part.at("timer"));
}

TEST_F(DiskUseTest, DividesUserRowsByKind) {
  make_database("a.db", (std::string("create table user_row(kind, number, body);") + kThousand +
                         "insert into user_row select 0, i, zeroblob(285) from n;" + kThousand +
                         "insert into user_row select 8, i, zeroblob(85) from n")
                            .c_str());
  const auto use = disk_use(dir_);
  ASSERT_TRUE(use) << use.error().message;
  EXPECT_FALSE(use->by_part.contains("user_row"));
  const double head = use->by_part.at("user_row 0");
  const double log = use->by_part.at("user_row 8");
  EXPECT_DOUBLE_EQ(head, 3 * log);
  EXPECT_EQ(static_cast<std::uint64_t>(head + log) % 4096, 0u);
  EXPECT_EQ(use->person_bytes(), head);
}

TEST_F(DiskUseTest, AddsFilesTogetherAndCountsOthersWhole) {
  make_database("a.db", "create table seen(a)");
  make_database("b.db", "create table seen(a)");
  std::ofstream(dir_ / "log.1") << std::string(1234, 'x');
  const auto use = disk_use(dir_);
  ASSERT_TRUE(use) << use.error().message;
  EXPECT_EQ(use->by_part.at("seen"), 2 * 4096);
  EXPECT_EQ(use->by_part.at("other files"), 1234);
  EXPECT_EQ(use->person_bytes(), 0);
  EXPECT_EQ(use->other_bytes(), 4 * 4096 + 1234);  // with the two schema pages
}

TEST_F(DiskUseTest, CountsTheRowsOfSomeTables) {
  make_database("a.db",
                "create table a(x); create table b(x); create table c(x);"
                "insert into a values(1),(2); insert into b values(1)");
  EXPECT_EQ(count_rows(dir_ / "a.db", {"a", "b", "c"}).value(), 3u);
  const auto unknown = count_rows(dir_ / "a.db", {"absent"});
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("no such table: absent"), std::string::npos)
      << unknown.error().message;
}

}  // namespace
}  // namespace sojourn::bench
