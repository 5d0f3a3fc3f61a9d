// The commands as a shell sees them: exit codes and where the words go.

#include <gmock/gmock.h>
#include <set>
#include <sstream>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class CommandsTest : public testing::Test {
 protected:
  CommandsTest() {
    project.write("catalog.journey", kWelcomeCatalog);
    project.write("welcome.journey", kWelcomeJourney);
    project.configure({});
  }

  Finished run(const Words& words) const {
    return run_to_end(sojourn(words), project.folder() / "command");
  }
  Finished check(const Words& more = {}) const {
    Words words{"check", project.folder().string()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  Project project;
};

TEST_F(CommandsTest, CheckIsCleanWithZero) {
  EXPECT_EQ(check().code, 0);
}

// A report that was cut off is not a clean one, and a key that nobody saw is none.
TEST_F(CommandsTest, WhatCannotBeWrittenIsAnError) {
  const auto to_a_full_disk = [this](const Words& words) {
    Words full{"sh", "-c", "exec \"$@\" >/dev/full", "sh"};
    for (const std::string& word : sojourn(words)) full.push_back(word);
    return run_to_end(full, project.folder() / "command");
  };
  const std::string folder = project.folder().string();
  const Finished report = to_a_full_disk({"check", folder, "--format", "json"});
  EXPECT_EQ(report.code, 2);
  EXPECT_THAT(report.err, HasSubstr("the output could not be written"));
  EXPECT_EQ(to_a_full_disk({"--help"}).code, 2);

  const Finished made =
      to_a_full_disk({"key", "new", "shop", "--scope", "ingest", "--project", folder});
  EXPECT_EQ(made.code, 2);
  EXPECT_THAT(made.err, HasSubstr("the key could not be written out"));
  EXPECT_THAT(run({"key", "list", "--project", folder}).out, Not(HasSubstr("shop")));
}

TEST_F(CommandsTest, CheckShowsFindingsAndEndsWithOne) {
  std::string slip(kWelcomeJourney);
  slip.replace(slip.find("send free_tips"), 14, "send free_tops");
  project.write("welcome.journey", slip);
  const Finished text = check();
  EXPECT_EQ(text.code, 1);
  EXPECT_THAT(text.out, HasSubstr("did you mean `free_tips`?"));

  const Finished json = check({"--format", "json"});
  EXPECT_EQ(json.code, 1);
  const Json findings = Json::parse(json.out);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.at(0).at("severity"), "error");
  EXPECT_EQ(findings.at(0).at("line"), 12);
}

TEST_F(CommandsTest, CheckWritesAValidFormWhenItsOptionsMakeNoSense) {
  const Finished json = check({"--format", "json", "--nonsense"});
  EXPECT_EQ(json.code, 2);
  EXPECT_EQ(Json::parse(json.out), Json::array());
  EXPECT_THAT(json.err, HasSubstr("--nonsense"));
  const Finished twice = check({"--format", "sarif", "--format", "github"});
  EXPECT_EQ(twice.code, 2);
  EXPECT_EQ(Json::parse(twice.out).at("version"), "2.1.0");
  EXPECT_THAT(twice.err, HasSubstr("two formats would share stdout"));
}

TEST_F(CommandsTest, ExplainPrintsThePageOfAMessage) {
  const Finished page = run({"explain", "unknown-campaign"});
  EXPECT_EQ(page.code, 0);
  EXPECT_THAT(page.out, StartsWith("error[J2004] unknown-campaign"));
  EXPECT_EQ(run({"explain", "J2004", "--list"}).code, 2);
  EXPECT_EQ(run({"explain", "--list"}).out, run({"explain"}).out);
}

TEST_F(CommandsTest, CheckThatCannotRunEndsWithTwo) {
  const Finished finished = run({"check", (project.folder() / "nowhere").string()});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, StartsWith("error: "));
  EXPECT_THAT(finished.out, IsEmpty());
}

TEST_F(CommandsTest, GraphDrawsAJourneyInThreeForms) {
  const std::string folder = project.folder().string();
  EXPECT_THAT(run({"graph", "welcome", "--project", folder}).out, StartsWith("flowchart"));
  EXPECT_THAT(run({"graph", "welcome", "--project", folder, "--format", "dot"}).out,
              StartsWith("digraph"));
  const Finished json = run({"graph", "welcome", "--project", folder, "--format", "json"});
  EXPECT_EQ(json.code, 0);
  EXPECT_TRUE(Json::parse(json.out).is_object());
}

TEST_F(CommandsTest, GraphOfNoJourneyEndsWithTwoAndOfAFaultyOneWithOne) {
  const std::string folder = project.folder().string();
  const Finished unknown = run({"graph", "welcom", "--project", folder});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no journey named `welcom`"));
  project.write("welcome.journey", "journey welcome { enter on signup send hello");
  EXPECT_EQ(run({"graph", "welcome", "--project", folder}).code, 1);
}

TEST_F(CommandsTest, RunWithFindingsEndsWithOneAndStartsNothing) {
  project.write("welcome.journey", "journey welcome { enter on sign_up }");
  const Finished finished = run({"run", "--project", project.folder().string()});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.out, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(project.folder() / "data"));
}

TEST_F(CommandsTest, RunWithoutItsKeyEndsWithTwo) {
  std::filesystem::remove(project.folder() / "intake.key");
  const Finished finished = run({"run", "--project", project.folder().string()});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("intake.key"));
}

TEST_F(CommandsTest, StatusWithoutADaemonEndsWithTwo) {
  const Finished finished = run({"status", "--project", project.folder().string()});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("start it with `sojourn run`"));
}

TEST_F(CommandsTest, UnknownWordsEndWithTwo) {
  EXPECT_EQ(run({"chek"}).code, 2);
  EXPECT_EQ(run({"--help"}).code, 0);
}

// A histogram is announced once for all its series.
std::string family_of(const std::string& series) {
  for (const std::string_view part : {"_bucket", "_sum", "_count"}) {
    if (series.ends_with(part)) return series.substr(0, series.size() - part.size());
  }
  return series;
}

// Prometheus' text format: `name{label="value",…} number`, each name announced once.
void expect_metrics(const std::string& text) {
  std::set<std::string> announced;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(announced.insert(name).second) << line;
      continue;
    }
    if (line.starts_with("# HELP ")) continue;
    const std::size_t blank = line.rfind(' ');
    ASSERT_NE(blank, std::string::npos) << line;
    std::size_t used = 0;
    std::stod(line.substr(blank + 1), &used);
    EXPECT_EQ(used, line.size() - blank - 1) << line;
    const std::string series = line.substr(0, blank);
    EXPECT_TRUE(announced.contains(family_of(series.substr(0, series.find('{'))))) << line;
    EXPECT_EQ(series.find('{') == std::string::npos, series.back() != '}') << line;
  }
}

using HealthTest = WelcomeTest;

TEST_F(HealthTest, HealthAndMetricsAnswerWithoutAKey) {
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(daemon.settle());
  const Answer health = daemon.http().get("/healthz");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.json(), (Json{{"status", "ok"}}));
  const Answer metrics = daemon.http().get("/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_THAT(metrics.headers.at("content-type"), StartsWith("text/plain; version=0.0.4"));
  expect_metrics(metrics.body);
  EXPECT_THAT(metrics.body,
              HasSubstr("sojourn_enrollments_entered_total{journey=\"welcome\"} 1\n"));
  EXPECT_THAT(metrics.body,
              HasSubstr("sojourn_messages_accepted_total{journey=\"welcome\",campaign=\"hello\"} "
                        "1\n"));
}

}  // namespace
}  // namespace sojourn::e2e
