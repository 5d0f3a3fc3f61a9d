#include "runtime/store/record_log.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "runtime/store/sqlite.h"

namespace sojourn::store {
namespace {

// A folder of the test's own, gone afterwards.
class RecordLogTest : public testing::Test {
 protected:
  RecordLogTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sojourn-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~RecordLogTest() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return (folder_ / "record.sqlite").string(); }
  std::unique_ptr<RecordLog> opened() {
    auto log = RecordLog::open(path());
    EXPECT_TRUE(log.has_value()) << log.error().message;
    return log ? std::move(*log) : nullptr;
  }

  std::filesystem::path folder_;
};

Record message(const std::string& key, const std::string& subject, const std::string& body = "{}") {
  return {.kind = 1,
          .topic = "email",
          .key = key,
          .subject = subject,
          .time = base::Instant{1000},
          .body = body};
}

TEST_F(RecordLogTest, ReadsBackInOrderWhatWasAppended) {
  const auto log = opened();
  EXPECT_EQ(log->append(message("k1", "ada", "{\"a\":1}"))->sequence, 1u);
  EXPECT_EQ(log->append(message("k2", "bob", std::string("\0\xff", 2)))->sequence, 2u);

  const auto all = log->read({.kind = 1});
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].record.body, "{\"a\":1}");
  EXPECT_EQ((*all)[0].record.topic, "email");
  EXPECT_EQ((*all)[0].record.time.millis, 1000);
  EXPECT_EQ((*all)[1].record.body, std::string("\0\xff", 2));
  EXPECT_EQ((*all)[1].record.subject, "bob");
  EXPECT_TRUE(log->read({.kind = 2})->empty());
}

TEST_F(RecordLogTest, CountsCopiesOfAKeyWithinItsKind) {
  const auto log = opened();
  EXPECT_EQ(log->append(message("k1", "ada"))->copy, 1u);
  EXPECT_EQ(log->append(message("k1", "ada"))->copy, 2u);
  EXPECT_EQ(log->append(message("k2", "ada"))->copy, 1u);
  EXPECT_EQ(log->append(message("", "ada"))->copy, 1u);
  EXPECT_EQ(log->append(message("", "ada"))->copy, 1u);
  Record other = message("k1", "ada");
  other.kind = 2;
  EXPECT_EQ(log->append(other)->copy, 1u);

  EXPECT_EQ(log->copies(1, "k1"), 2u);
  EXPECT_EQ(log->copies(1, "nobody"), 0u);
  EXPECT_EQ(log->copies(1, ""), 0u);
}

TEST_F(RecordLogTest, SelectsByKeySubjectPlaceAndLimit) {
  const auto log = opened();
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(log->append(message("k" + std::to_string(i % 3), i % 2 == 0 ? "ada" : "bob")));
  }
  const auto sequences = [&](const RecordQuery& query) {
    std::vector<std::uint64_t> out;
    const auto found = log->read(query);
    for (const LoggedRecord& one : *found) out.push_back(one.place.sequence);
    return out;
  };
  using Sequences = std::vector<std::uint64_t>;
  EXPECT_EQ(sequences({.kind = 1, .key = "k0"}), (Sequences{1, 4}));
  EXPECT_EQ(sequences({.kind = 1, .subject = "ada"}), (Sequences{1, 3, 5}));
  EXPECT_EQ(sequences({.kind = 1, .key = "k0", .subject = "bob"}), (Sequences{4}));
  EXPECT_EQ(sequences({.kind = 1, .after = 3, .limit = 2}), (Sequences{4, 5}));
  EXPECT_EQ((*log->newest(1, "ada"))->place.sequence, 5u);
  EXPECT_FALSE(log->newest(1, "eve")->has_value());
}

TEST_F(RecordLogTest, TalliesByKindAndTopic) {
  const auto log = opened();
  ASSERT_TRUE(log->append(message("k1", "ada")));
  ASSERT_TRUE(log->append(message("k1", "ada")));
  Record push = message("k2", "ada");
  push.topic = "push";
  ASSERT_TRUE(log->append(push));

  const auto tallies = log->tallies();
  ASSERT_EQ(tallies->size(), 2u);
  EXPECT_EQ((*tallies)[0].topic, "email");
  EXPECT_EQ((*tallies)[0].records, 2u);
  EXPECT_EQ((*tallies)[0].repeats, 1u);
  EXPECT_EQ((*tallies)[1].topic, "push");
  EXPECT_EQ((*tallies)[1].repeats, 0u);
}

TEST_F(RecordLogTest, KeepsWhatWasFlushedAfterReopening) {
  {
    const auto log = opened();
    ASSERT_TRUE(log->append(message("k1", "ada")));
    ASSERT_TRUE(log->flush());
    ASSERT_TRUE(log->append(message("k1", "ada")));  // flushed by the end
  }
  const auto log = opened();
  EXPECT_EQ(log->read({.kind = 1})->size(), 2u);
  EXPECT_EQ(log->append(message("k1", "ada"))->copy, 3u);
}

// What a killed process leaves is what its files held at that moment.
TEST_F(RecordLogTest, LosesOnlyWhatWasNotFlushedWhenTheProcessDies) {
  const auto log = opened();
  ASSERT_TRUE(log->append(message("k1", "ada")));
  ASSERT_TRUE(log->flush());
  ASSERT_TRUE(log->append(message("k2", "ada")));
  const std::filesystem::path copy = folder_ / "copy.sqlite";
  std::filesystem::copy_file(path(), copy);
  std::filesystem::copy_file(path() + "-wal", copy.string() + "-wal");

  const auto after = RecordLog::open(copy.string());
  ASSERT_TRUE(after.has_value()) << after.error().message;
  EXPECT_EQ((*after)->read({.kind = 1})->size(), 1u);
}

TEST_F(RecordLogTest, RefusesAFileInUse) {
  const auto log = opened();
  const auto second = RecordLog::open(path());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, base::Error::Kind::kUnavailable);
  EXPECT_EQ(second.error().message, "store `" + path() + "` is in use by another process");
}

TEST_F(RecordLogTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(path()) << std::string(8192, 'x');
  const auto log = RecordLog::open(path());
  ASSERT_FALSE(log.has_value());
  EXPECT_EQ(log.error().message, "`" + path() + "` is not a Sojourn store");
}

TEST_F(RecordLogTest, RefusesTheDatabaseOfSomebodyElse) {
  {
    auto other = Connection::open(path(), nullptr);
    (*other)->execute("CREATE TABLE theirs(a)");
    ASSERT_TRUE((*other)->ok());
  }
  const auto log = RecordLog::open(path());
  ASSERT_FALSE(log.has_value());
  EXPECT_EQ(log.error().message, "`" + path() + "` is not a file of received requests");
}

TEST_F(RecordLogTest, RefusesAFileOfANewerVersion) {
  {
    const auto log = opened();
  }
  {
    auto newer = Connection::open(path(), nullptr);
    (*newer)->execute("PRAGMA user_version = 2");
    ASSERT_TRUE((*newer)->ok());
  }
  const auto log = RecordLog::open(path());
  ASSERT_FALSE(log.has_value());
  EXPECT_EQ(log.error().message,
            "`" + path() + "` was written by a newer Sojourn (version 2, this one knows 1)");
}

TEST_F(RecordLogTest, RefusesAFolderThatIsNotThere) {
  const auto log = RecordLog::open((folder_ / "no" / "record.sqlite").string());
  ASSERT_FALSE(log.has_value());
  EXPECT_EQ(log.error().kind, base::Error::Kind::kInvalid);
}

}  // namespace
}  // namespace sojourn::store
