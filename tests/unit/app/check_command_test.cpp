#include "app/check_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/graph_command.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kCatalog = R"(
event signup
message_type news marketing opt_in
campaign welcome email news
policy { timezone "Europe/Berlin" }
)";

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran run_check(std::vector<std::string> paths, bool json = false) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = check({std::move(paths), json, false}, out, err);
  return {code, out.str(), err.str()};
}

Ran run_graph(const TemporaryFolder& folder, const std::string& journey,
              GraphFormat format = GraphFormat::kMermaid) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = graph({journey, format, folder.path()}, out, err);
  return {code, out.str(), err.str()};
}

class CommandTest : public ::testing::Test {
 protected:
  CommandTest() {
    folder.write("sojourn.toml", "project = \"test\"\n");
    folder.write("catalog.journey", kCatalog);
    folder.write("good/j.journey", "journey j { enter on signup send welcome }\n");
  }
  void break_it() const {
    folder.write("bad/k.journey", "journey k {\n  enter on signup\n  send welcom\n}\n");
  }
  TemporaryFolder folder;
};

using CheckCommand = CommandTest;
using GraphCommand = CommandTest;

TEST_F(CheckCommand, ACleanProjectIsZero) {
  const Ran ran = run_check({folder.path()});
  EXPECT_EQ(ran.code, kClean);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_EQ(ran.err, "no findings in 2 files\n");
}

TEST_F(CheckCommand, FindingsAreOneAndShownWithTheirPlace) {
  break_it();
  const Ran ran = run_check({folder.path()});
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_THAT(ran.out, HasSubstr("error[J2004] unknown-campaign: no campaign named `welcom`\n"
                                 " --> bad/k.journey:3:8\n"));
  EXPECT_EQ(ran.err, "1 finding\n");
}

TEST_F(CheckCommand, OnlyThePathsAskedAboutAreShown) {
  break_it();
  const Ran good = run_check({folder.path("good")});
  EXPECT_EQ(good.code, kClean);
  EXPECT_THAT(good.err, HasSubstr("and 1 in other files of the project"));
  EXPECT_EQ(run_check({folder.path("bad/k.journey")}).code, kFindings);
}

TEST_F(CheckCommand, JsonIsOneArrayInEveryCase) {
  EXPECT_EQ(nlohmann::json::parse(run_check({folder.path()}, true).out), nlohmann::json::array());
  break_it();
  const Ran broken = run_check({folder.path()}, true);
  const auto findings = nlohmann::json::parse(broken.out);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0]["code"], "J2004");
  EXPECT_EQ(findings[0]["file"], "bad/k.journey");
  EXPECT_EQ(findings[0]["line"], 3);
  EXPECT_EQ(findings[0]["column"], 8);
  EXPECT_THAT(broken.err, IsEmpty());
  const Ran nowhere = run_check({folder.path("nowhere")}, true);
  EXPECT_EQ(nowhere.code, kCouldNotRun);
  EXPECT_EQ(nlohmann::json::parse(nowhere.out), nlohmann::json::array());
  EXPECT_THAT(nowhere.err, HasSubstr("nowhere"));
}

TEST_F(CheckCommand, AFolderThatIsNoProjectIsTwo) {
  const TemporaryFolder other;
  const Ran ran = run_check({other.path()});
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.err, HasSubstr("no `sojourn.toml`"));
  EXPECT_EQ(run_check({folder.path(), other.path()}).code, kCouldNotRun);
}

TEST(Examples, AreAllInOrder) {
  int count = 0;
  const std::filesystem::path folder(SOJOURN_SOURCE_DIR "/examples");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!std::filesystem::exists(entry.path() / "sojourn.toml")) continue;
    const Ran ran = run_check({entry.path().string()});
    EXPECT_EQ(ran.code, kClean) << entry.path() << "\n" << ran.out << ran.err;
    ++count;
  }
  EXPECT_GE(count, 1);
}

TEST_F(GraphCommand, DrawsAJourneyInEachFormat) {
  EXPECT_THAT(run_graph(folder, "j").out, HasSubstr("flowchart"));
  EXPECT_THAT(run_graph(folder, "j", GraphFormat::kDot).out, HasSubstr("digraph"));
  const Ran json = run_graph(folder, "j", GraphFormat::kJson);
  EXPECT_EQ(json.code, kClean);
  EXPECT_EQ(nlohmann::json::parse(json.out)["journey"], "j");
}

TEST_F(GraphCommand, AnUnknownJourneyIsTwoAndSuggestsOne) {
  folder.write("good/k.journey", "journey winback { enter on signup }\n");
  const Ran ran = run_graph(folder, "winbak");
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.err, HasSubstr("did you mean `winback`?"));
}

TEST_F(GraphCommand, FaultsAreOneAndJsonIsStillJson) {
  break_it();
  const Ran ran = run_graph(folder, "j", GraphFormat::kJson);
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_EQ(nlohmann::json::parse(ran.out), nullptr);
  EXPECT_THAT(ran.err, Not(IsEmpty()));
}

}  // namespace
}  // namespace sojourn::app
