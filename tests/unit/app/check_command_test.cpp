#include "app/check_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/graph_command.h"
#include "app/ids_lock_file.h"
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
  CheckOptions options;
  options.paths = std::move(paths);
  if (json) options.outputs = {{dsl::Format::kJson, {}}};
  const int code = check(options, out, err);
  return {code, out.str(), err.str()};
}

Ran run_formats(const std::vector<std::string>& formats, std::vector<std::string> paths) {
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = std::move(paths);
  options.outputs = read_outputs(formats).value();
  const int code = check(options, out, err);
  return {code, out.str(), err.str()};
}

Ran run_fix(std::vector<std::string> paths) {
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = std::move(paths);
  options.fix = true;
  const int code = check(options, out, err);
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

TEST_F(CheckCommand, WritesSeveralFormsAtOnce) {
  break_it();
  const Ran ran = run_formats({"text", "sarif:" + folder.path("out.sarif")}, {folder.path()});
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_THAT(ran.out, HasSubstr("error[J2004]"));
  const auto sarif = nlohmann::json::parse(folder.read("out.sarif"));
  EXPECT_EQ(sarif["runs"][0]["results"][0]["ruleId"], "J2004");
}

TEST_F(CheckCommand, AMachineFormIsAloneOnStdout) {
  break_it();
  const Ran ran = run_formats({"sarif"}, {folder.path()});
  EXPECT_EQ(nlohmann::json::parse(ran.out)["version"], "2.1.0");
  EXPECT_THAT(ran.err, IsEmpty());
}

TEST_F(CheckCommand, PathsAreThoseOfTheRepository) {
  folder.write("repository/.git/HEAD", "");
  folder.write("repository/sub/sojourn.toml", "");
  folder.write("repository/sub/a.journey", "event login\nlet x = y\n");
  const Ran github = run_formats({"github"}, {folder.path("repository/sub")});
  EXPECT_THAT(github.out, HasSubstr("file=sub/a.journey,line=2,"));
  EXPECT_THAT(run_formats({"concise"}, {folder.path("repository/sub")}).out,
              HasSubstr("a.journey:2:9: error[J2001] unknown-name: "));
}

TEST_F(CheckCommand, AFileThatCannotBeWrittenIsTwoAndTheOtherIsWritten) {
  break_it();
  const Ran ran = run_formats({"junit:" + folder.path("nowhere/out.xml"), "json"}, {folder.path()});
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_EQ(nlohmann::json::parse(ran.out).size(), 1U);
  EXPECT_THAT(ran.err, HasSubstr("cannot write"));
}

TEST_F(CheckCommand, AProjectThatIsNoneIsSaidInEachForm) {
  const Ran ran = run_formats({"sarif"}, {folder.path("nowhere")});
  EXPECT_EQ(ran.code, kCouldNotRun);
  const auto sarif = nlohmann::json::parse(ran.out);
  EXPECT_EQ(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

TEST(CheckOutputs, AreReadFromFormatAndFile) {
  const auto outputs = read_outputs({"json", "sarif:a:b.sarif"});
  ASSERT_TRUE(outputs.has_value());
  EXPECT_EQ((*outputs)[0].format, dsl::Format::kJson);
  EXPECT_EQ((*outputs)[0].file, "");
  EXPECT_EQ((*outputs)[1].format, dsl::Format::kSarif);
  EXPECT_EQ((*outputs)[1].file, "a:b.sarif");
  EXPECT_EQ(read_outputs({})->at(0).format, dsl::Format::kText);
}

TEST(CheckOutputs, WhatMakesNoSenseIsAnErrorWithAHint) {
  EXPECT_EQ(read_outputs({"sarfi"}).error().hint, "did you mean `sarif`?");
  EXPECT_THAT(read_outputs({"yaml"}).error().hint, HasSubstr("concise"));
  EXPECT_THAT(read_outputs({"json:"}).error().message, HasSubstr("names no file"));
  EXPECT_THAT(read_outputs({"json", "text"}).error().message, HasSubstr("share stdout"));
}

std::string unusable(const std::vector<std::string>& words) {
  std::ostringstream out;
  report_unusable_check(words, "no such option", out);
  return out.str();
}

TEST(CheckOutputs, AMachineFormIsValidWhateverTheCommandLine) {
  EXPECT_EQ(nlohmann::json::parse(unusable({"--format", "json", "--nonsense"})),
            nlohmann::json::array());
  const auto sarif = nlohmann::json::parse(unusable({"--nonsense", "--format=sarif"}));
  EXPECT_EQ(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
  EXPECT_THAT(unusable({"--format", "junit", "--format", "json"}), HasSubstr("</testsuites>\n"));
  EXPECT_THAT(unusable({"--format", "junit", "--format", "json"}), Not(HasSubstr("[]")));
  EXPECT_THAT(unusable({"--format"}), IsEmpty());
  EXPECT_THAT(unusable({"--format", "sarfi", "--nonsense"}), IsEmpty());
}

TEST_F(CheckCommand, FixMendsFilesAndShowsWhatIsLeft) {
  folder.write("bad/k.journey",
               "let unused = 1\njourney k {\n  enter on signup\n  sned welcome\n"
               "  send welcom\n}\n");
  const Ran ran = run_fix({folder.path()});
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_EQ(folder.read("bad/k.journey"),
            "let unused = 1\njourney k {\n  enter on signup\n  send welcome\n  send welcom\n}\n");
  EXPECT_THAT(ran.err, HasSubstr("1 fix made in bad/k.journey\n"));
  EXPECT_THAT(ran.out, HasSubstr("error[J2004]"));
  EXPECT_THAT(ran.out, Not(HasSubstr("J1010")));
  EXPECT_THAT(run_fix({folder.path()}).err, Not(HasSubstr("made")));
}

TEST_F(CheckCommand, FixTouchesOnlyThePathsAskedAbout) {
  const std::string text = "let unused = 1\n";
  folder.write("bad/k.journey", text);
  EXPECT_EQ(run_fix({folder.path("good")}).code, kClean);
  EXPECT_EQ(folder.read("bad/k.journey"), text);
  EXPECT_EQ(run_fix({folder.path("bad")}).code, kClean);
  EXPECT_EQ(folder.read("bad/k.journey"), "");
}

TEST_F(CheckCommand, AFolderThatIsNoProjectIsTwo) {
  const TemporaryFolder other;
  const Ran ran = run_check({other.path()});
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.err, HasSubstr("no `sojourn.toml`"));
  EXPECT_EQ(run_check({folder.path(), other.path()}).code, kCouldNotRun);
}

// What an ids.lock has to say of the project.
Ran run_against(const TemporaryFolder& folder, const std::string& lock) {
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = {folder.path()};
  options.outputs = {{dsl::Format::kConcise, {}}};
  options.against = folder.path(lock);
  const int code = check(options, out, err);
  return {code, out.str(), err.str()};
}

class AgainstTest : public CommandTest {
 protected:
  AgainstTest() {
    folder.write("sojourn.toml",
                 "project = \"test\"\n[env.staging.campaigns]\nwelcome = 7\n"
                 "[env.staging.message_types]\nnews = 5\n");
    dsl::IdsLock lock;
    lock.message_types = {{5, "News", 31, "opt_in"}};
    lock.campaigns = {{7, "Welcome", "triggered", "running", "email", 9, 5}};
    folder.write("ids.lock", render_lock(lock));
    lock.environment = "staging";
    folder.write("ids.staging.lock", render_lock(lock));
  }
};

TEST_F(AgainstTest, WhatHasNoIdIsAFinding) {
  const Ran ran = run_against(folder, "ids.lock");
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_EQ(ran.out,
            "catalog.journey:3:14: error[J2150] no-id: the message type `news` has no id in "
            "Iterable\n"
            "catalog.journey:4:10: error[J2150] no-id: the campaign `welcome` has no id in "
            "Iterable\n");
}

TEST_F(AgainstTest, TheIdsAreThoseOfTheEnvironmentOfTheLock) {
  const Ran ran = run_against(folder, "ids.staging.lock");
  EXPECT_EQ(ran.code, kClean) << ran.out << ran.err;
}

TEST_F(AgainstTest, AProjectWithFaultsShowsThoseOnly) {
  break_it();
  const Ran ran = run_against(folder, "ids.lock");
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_THAT(ran.out, HasSubstr("J2004"));
  EXPECT_THAT(ran.out, Not(HasSubstr("J2150")));
}

TEST_F(AgainstTest, ALockThatCannotBeReadIsTwo) {
  folder.write("ids.lock", "<<<<<<< HEAD\n");
  const Ran ran = run_against(folder, "ids.lock");
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.err, HasSubstr("it is not JSON"));
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
