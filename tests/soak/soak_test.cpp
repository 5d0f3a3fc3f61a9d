// A soak of a few seconds, as `./dev soak` runs one: the program, the daemon and the sandbox as
// processes, with answers that are lost. Then what it left is changed, and the join has to see it.
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "runtime/store/sqlite.h"
#include "tests/e2e/process.h"
#include "tests/soak/journey.h"

namespace sojourn::soak {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Long enough for a machine that is busy with something else.
constexpr int kMostSeconds = 280;

class SoakTest : public testing::Test {
 protected:
  SoakTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sojourn-soak-XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  ~SoakTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  e2e::Finished soak(const e2e::Words& options) {
    e2e::Words words{SOJOURN_SOAK};
    words.insert(words.end(), options.begin(), options.end());
    e2e::Process process(words, folder_ / "soak");
    const int code = process.wait(kMostSeconds);
    return {code, process.out(), process.err()};
  }
  e2e::Finished join() { return soak({"--join", held().string()}); }
  std::filesystem::path held() const { return folder_ / "run" / "held"; }
  std::filesystem::path run_folder() const { return folder_ / "run"; }

  // Changes a database that the soak has left.
  void change(std::string_view file, const std::string& sql) {
    const auto connection = store::Connection::open((held() / file).string(), nullptr);
    ASSERT_TRUE(connection) << connection.error().message;
    (*connection)->execute(sql.c_str());
    ASSERT_TRUE((*connection)->ok()) << (*connection)->error().message;
    ASSERT_GT((*connection)->changes(), 0U) << sql;
  }
  std::string ask(std::string_view file, const std::string& sql) {
    const auto connection = store::Connection::open((held() / file).string(), nullptr);
    return connection ? (*connection)->ask_text(sql.c_str()) : std::string();
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(SoakTest, ExplainsEverythingAndSeesWhatWasChanged) {
  const e2e::Finished held_rate =
      soak({"--seconds", "2", "--per-second", "60", "--wait", "2", "--pause", "1", "--dir",
            run_folder().string(), "--people",
            "open 60%, click 20%, bounce 10%, complaint 5%, unsubscribe 20%, repeat 10%, bot 20%, "
            "lost 20%",
            "--misbehave", "POST /api/email/target every 5 accept_then_reset", "--misbehave",
            "GET /api/users/getSentMessages every 2 404", "--misbehave",
            "POST /api/email/target 5% 500"});
  ASSERT_EQ(held_rate.code, 0) << held_rate.out << held_rate.err;
  EXPECT_THAT(held_rate.out, HasSubstr("messages: ok"));
  EXPECT_THAT(held_rate.out, HasSubstr("notices: taken"));

  // The daemon counts a notice that nobody told.
  change(kStoreFile, "UPDATE counter SET value = value + 1 WHERE name = 'notices/emailSend/taken'");
  e2e::Finished joined = join();
  EXPECT_EQ(joined.code, 1) << joined.out << joined.err;
  EXPECT_THAT(joined.err, StartsWith("1 difference that nothing explains:\n"
                                     "  all together: `emailSend` was answered "));

  // A message that came once leaves the record.
  const std::string key =
      ask(kRecordFile,
          "SELECT key FROM record WHERE topic = 'email 101' GROUP BY key HAVING count(*) = 1");
  const std::string subject =
      ask(kRecordFile, fmt::format("SELECT subject FROM record WHERE key = '{}'", key));
  change(kRecordFile, fmt::format("DELETE FROM record WHERE kind = 1 AND key = '{}'", key));
  joined = join();
  EXPECT_THAT(joined.err, HasSubstr("is lost: accepted, and never recorded"));
  EXPECT_THAT(joined.err, HasSubstr(key));
  EXPECT_THAT(joined.err, HasSubstr(subject.substr(subject.find(':') + 1)));

  // A person leaves the store.
  change(kStoreFile, "DELETE FROM identity WHERE value = 'soak-u00000000@example.com'");
  joined = join();
  EXPECT_THAT(joined.err, HasSubstr("soak-u00000000@example.com: their event was acknowledged, and "
                                    "the daemon knows nobody"));
}

TEST_F(SoakTest, SaysWhatItCannotJoin) {
  const e2e::Finished joined = join();
  EXPECT_EQ(joined.code, 2);
  EXPECT_THAT(joined.err, HasSubstr("is not what a soak has left"));
}

}  // namespace
}  // namespace sojourn::soak
