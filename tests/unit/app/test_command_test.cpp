#include "app/test_command.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/check_command.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kCatalog = R"(
event signup
event login
message_type news transactional opt_out
campaign welcome email news
campaign tour email news
policy { timezone "Europe/Berlin" }
)";

constexpr std::string_view kJourney = R"(
journey j {
  enter on signup
  send welcome
  wait 1d
  send tour
}
test j "all" {
  at 2026-03-02T10:00Z
  event signup
  expect send welcome
  to the end
  expect send tour
}
)";

// Never gets as far as the tour.
constexpr std::string_view kHalf = R"(
journey half {
  enter on login
  send welcome
  wait 1d
}
test half "the first day" {
  at 2026-03-02T10:00Z
  event login
  expect send welcome
}
)";

constexpr std::string_view kWrong = R"(
test j "wrong" {
  at 2026-03-02T10:00Z
  event signup
  expect send tour
}
)";

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran run(const TestOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = test(options, out, err);
  return {code, out.str(), err.str()};
}

class TestCommand : public ::testing::Test {
 protected:
  TestCommand() {
    folder.write("sojourn.toml", "project = \"test\"\n");
    folder.write("catalog.journey", kCatalog);
    folder.write("j.journey", kJourney);
    options.paths = {folder.path()};
  }
  TemporaryFolder folder;
  TestOptions options;
};

TEST_F(TestCommand, AllPassedIsZero) {
  const Ran ran = run(options);
  EXPECT_EQ(ran.code, kClean);
  EXPECT_EQ(ran.out, "ok    j \"all\"\n1 passed, 0 failed\n");
  EXPECT_THAT(ran.err, IsEmpty());
}

TEST_F(TestCommand, OneFailedIsOne) {
  folder.write("more/wrong.journey", kWrong);
  const Ran ran = run(options);
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("FAIL  j \"wrong\"\n"),
                             HasSubstr("more/wrong.journey:5:3: expected send tour"),
                             HasSubstr("1 passed, 1 failed\n")));
}

TEST_F(TestCommand, OnlyTheTestsUnderThePathsAreRun) {
  folder.write("more/wrong.journey", kWrong);
  options.paths = {folder.path("j.journey")};
  EXPECT_EQ(run(options).code, kClean);
  options.paths = {folder.path("more")};
  EXPECT_THAT(run(options).out, HasSubstr("0 passed, 1 failed\n"));
}

TEST_F(TestCommand, RunChoosesByTheNameOfTheTest) {
  folder.write("wrong.journey", kWrong);
  options.run = "^j \"a";
  EXPECT_EQ(run(options).out, "ok    j \"all\"\n1 passed, 0 failed\n");
  options.run = "nobody";
  const Ran none = run(options);
  EXPECT_EQ(none.code, kCouldNotRun);
  EXPECT_THAT(none.err, HasSubstr("no test matches `nobody`"));
  options.run = "(";
  const Ran broken = run(options);
  EXPECT_EQ(broken.code, kCouldNotRun);
  EXPECT_THAT(broken.err, HasSubstr("`(` is not a regular expression"));
}

TEST_F(TestCommand, FaultsInTheJourneysAreOne) {
  folder.write("bad.journey", "journey bad { enter on signup send welcom }\n");
  const Ran ran = run(options);
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, AllOf(HasSubstr("error[J2004]"), HasSubstr("nothing was tested")));
}

TEST_F(TestCommand, JsonIsOneObjectInEveryCase) {
  options.json = true;
  folder.write("wrong.journey", kWrong);
  const auto tested = nlohmann::json::parse(run(options).out);
  ASSERT_EQ(tested["tests"].size(), 2U);
  EXPECT_EQ(tested["tests"][1]["passed"], false);
  EXPECT_EQ(tested["coverage"], nullptr);
  options.coverage = true;
  EXPECT_EQ(nlohmann::json::parse(run(options).out)["coverage"][0]["journey"], "j");
  folder.write("bad.journey", "journey bad { enter on signup send welcom }\n");
  EXPECT_THAT(nlohmann::json::parse(run(options).out)["tests"], IsEmpty());
  options.paths = {folder.path("nowhere")};
  const Ran nowhere = run(options);
  EXPECT_EQ(nowhere.code, kCouldNotRun);
  EXPECT_THAT(nlohmann::json::parse(nowhere.out)["tests"], IsEmpty());
}

TEST_F(TestCommand, CoverageNamesWhatIsNeverReachedAndCanBeAskedFor) {
  options.coverage = true;
  EXPECT_THAT(run(options).out, HasSubstr("coverage 100 %  j: 3 of 3 steps"));
  options.coverage_min = 100;
  EXPECT_EQ(run(options).code, kClean);
  folder.write("half.journey", kHalf);
  const Ran half = run(options);
  EXPECT_EQ(half.code, kFindings);
  EXPECT_THAT(half.out, AllOf(HasSubstr("coverage  66 %  half: 2 of 2 steps"),
                              HasSubstr("never reached: half.journey:5:3: the end of `wait 1`")));
  EXPECT_EQ(half.err, "coverage is 85 %, less than the 100 % asked for\n");
  options.coverage_min = 85;
  EXPECT_EQ(run(options).code, kClean);
}

TEST_F(TestCommand, JUnitGoesToItsFile) {
  options.junit_file = folder.path("results.xml");
  EXPECT_EQ(run(options).code, kClean);
  std::ifstream in(options.junit_file);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("<testcase classname=\"j\" name=\"all\" file=\"j.journey\""));
  options.junit_file = folder.path("nowhere/results.xml");
  const Ran ran = run(options);
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.err, HasSubstr("cannot write"));
}

TEST_F(TestCommand, TheNumberOfThreadsCannotBeSeen) {
  std::string tests;
  for (int i = 0; i < 100; ++i) {
    tests += fmt::format("test j \"{}\" {{ at 2026-03-02T10:00Z event signup {} }}\n", i,
                         i % 3 == 0 ? "expect send welcome" : "expect send tour");
  }
  folder.write("many.journey", tests);
  options.coverage = true;
  options.jobs = 1;
  const Ran one = run(options);
  options.jobs = 4;
  const Ran four = run(options);
  EXPECT_EQ(one.code, kFindings);
  EXPECT_EQ(one.out, four.out);
  EXPECT_THAT(one.out, HasSubstr("35 passed, 66 failed"));
}

TEST_F(TestCommand, AProjectWithoutTestsSaysSo) {
  folder.write("j.journey", "journey j { enter on signup send welcome }\n");
  const Ran ran = run(options);
  EXPECT_EQ(ran.code, kClean);
  EXPECT_EQ(ran.out, "0 passed, 0 failed\n");
}

TEST(Examples, PassTheirTestsWhichReachEverything) {
  int count = 0;
  const std::filesystem::path examples(SOJOURN_SOURCE_DIR "/examples");
  for (const auto& entry : std::filesystem::directory_iterator(examples)) {
    if (!std::filesystem::exists(entry.path() / "sojourn.toml")) continue;
    TestOptions options;
    options.paths = {entry.path().string()};
    options.coverage = true;
    options.coverage_min = 100;
    const Ran ran = run(options);
    EXPECT_EQ(ran.code, kClean) << entry.path() << "\n" << ran.out << ran.err;
    EXPECT_THAT(ran.out, Not(HasSubstr("\n0 passed")));
    EXPECT_THAT(ran.out, HasSubstr("coverage 100 %"));
    ++count;
  }
  EXPECT_GE(count, 1);
}

}  // namespace
}  // namespace sojourn::app
