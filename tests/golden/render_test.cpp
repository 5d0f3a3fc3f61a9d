// The forms that tools read, over one set of findings: tests/golden/render/FORMAT.txt.
#include "dsl/render.h"

#include <algorithm>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "tests/golden/golden.h"

namespace sojourn::dsl {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Names and words that need care in one form or another.
std::vector<SourceFile> files() {
  std::vector<SourceFile> all;
  all.emplace_back("a b/100%,:.journey", "journey j {\n  send \"<&>\"\n}\n");
  all.emplace_back("fine.journey", "event signup\n");
  all.emplace_back("z.journey", "event \xE6\x97\xA5 login\nlet unused = 3\n");
  return all;
}

std::vector<Diagnostic> diagnostics() {
  return {
      diagnose(messages::kUnknownCampaign, {0, 19, 24}, "<&> \"100%\"\x1b\n\xFF")
          .label("did you mean `welcome`?")
          .note({2, 10, 15}, "declared here")
          .help("declare it: 50%, say")
          .help("or do without"),
      diagnose(messages::kUnclosedBrace, {0, 10, 26}),
      diagnose(messages::kUnusedDeclaration, {2, 20, 26}, "the constant", "unused")
          .help("remove it")
          .edit({2, 16, 31}, ""),
  };
}

std::string rendered(Format format, std::string_view failure = {}) {
  const auto all = failure.empty() ? files() : std::vector<SourceFile>();
  const auto found = failure.empty() ? diagnostics() : std::vector<Diagnostic>();
  const std::vector<FileIndex> looked_at =
      failure.empty() ? std::vector<FileIndex>{0, 1, 2} : std::vector<FileIndex>();
  return render(format, {.diagnostics = found,
                         .files = all,
                         .looked_at = looked_at,
                         .failure = failure,
                         .root = failure.empty() ? "sub/" : ""});
}

TEST(RenderGolden, EveryFormSaysWhatIsExpected) {
  for (const std::string_view name : format_names()) {
    golden::expect_file(fmt::format("tests/golden/render/{}.txt", name),
                        rendered(*format_named(name)));
  }
}

TEST(RenderGolden, EveryFormSaysThatTheRunFailed) {
  for (const std::string_view name : format_names()) {
    golden::expect_file(fmt::format("tests/golden/render/{}_failure.txt", name),
                        rendered(*format_named(name), "no `sojourn.toml` in `100%`\nor above"));
  }
}

TEST(RenderConcise, EachFindingIsOneLine) {
  const std::string text = rendered(Format::kConcise);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_EQ(text.find('\x1b'), text.npos);
}

TEST(RenderNdjson, EachLineIsAFindingOfTheArray) {
  const json array = json::parse(rendered(Format::kJson));
  std::istringstream lines(rendered(Format::kNdjson));
  std::string line;
  for (const json& finding : array) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_EQ(json::parse(line), finding);
  }
  EXPECT_FALSE(std::getline(lines, line));
  EXPECT_EQ(array[2]["fix"][0]["text"], "");
}

// The parts of the SARIF 2.1.0 schema that a reader cannot do without.
void expect_region(const json& region) {
  for (const char* key : {"startLine", "startColumn", "endLine", "endColumn"}) {
    ASSERT_TRUE(region.at(key).is_number_integer()) << key;
    EXPECT_GE(region.at(key), 1) << key;
  }
  const auto begin = std::pair(region["startLine"].get<int>(), region["startColumn"].get<int>());
  const auto end = std::pair(region["endLine"].get<int>(), region["endColumn"].get<int>());
  EXPECT_LE(begin, end);
}

void expect_place(const json& location) {
  const json& place = location.at("physicalLocation");
  const std::string uri = place.at("artifactLocation").at("uri");
  EXPECT_EQ(uri.find_first_of(" :,<>\\"), uri.npos) << uri;
  EXPECT_THAT(uri, StartsWith("sub/"));
  expect_region(place.at("region"));
}

void expect_message(const json& message) {
  EXPECT_TRUE(message.at("text").is_string());
}

void expect_result(const json& result, const json& rules) {
  const json& rule = rules.at(result.at("ruleIndex").get<std::size_t>());
  EXPECT_EQ(rule.at("id"), result.at("ruleId"));
  const std::set<std::string> levels{"error", "warning", "note", "none"};
  EXPECT_TRUE(levels.contains(result.at("level")));
  expect_message(result.at("message"));
  ASSERT_EQ(result.at("locations").size(), 1U);
  expect_place(result["locations"][0]);
  for (const json& related : result.value("relatedLocations", json::array())) {
    expect_place(related);
    expect_message(related.at("message"));
    EXPECT_TRUE(related.at("id").is_number_integer());
  }
  for (const json& fix : result.value("fixes", json::array())) {
    ASSERT_FALSE(fix.at("artifactChanges").empty());
    for (const json& change : fix["artifactChanges"]) {
      EXPECT_TRUE(change.at("artifactLocation").at("uri").is_string());
      ASSERT_FALSE(change.at("replacements").empty());
      for (const json& replacement : change["replacements"]) {
        expect_region(replacement.at("deletedRegion"));
        expect_message(replacement.at("insertedContent"));
      }
    }
  }
}

TEST(RenderSarif, HasWhatTheSchemaAsksFor) {
  const json log = json::parse(rendered(Format::kSarif));
  EXPECT_EQ(log.at("version"), "2.1.0");
  ASSERT_EQ(log.at("runs").size(), 1U);
  const json& run = log["runs"][0];
  EXPECT_EQ(run.at("columnKind"), "unicodeCodePoints");
  const json& driver = run.at("tool").at("driver");
  EXPECT_EQ(driver.at("name"), "sojourn");
  ASSERT_EQ(driver.at("rules").size(), 3U);
  for (const json& rule : driver["rules"]) {
    EXPECT_TRUE(rule.at("id").is_string());
    expect_message(rule.at("shortDescription"));
    expect_message(rule.at("fullDescription"));
    expect_message(rule.at("help"));
    EXPECT_TRUE(rule.at("defaultConfiguration").at("level").is_string());
  }
  ASSERT_EQ(run.at("results").size(), 3U);
  for (const json& result : run["results"]) expect_result(result, driver["rules"]);
  EXPECT_TRUE(run["results"][0].contains("relatedLocations"));
  EXPECT_TRUE(run["results"][2].contains("fixes"));
  EXPECT_EQ(run.at("invocations")[0].at("executionSuccessful"), true);
}

TEST(RenderSarif, AFailedRunIsValidAndSaysWhy) {
  const json log = json::parse(rendered(Format::kSarif, "no project here"));
  const json& run = log.at("runs").at(0);
  EXPECT_EQ(run.at("results"), json::array());
  const json& invocation = run.at("invocations").at(0);
  EXPECT_EQ(invocation.at("executionSuccessful"), false);
  EXPECT_EQ(invocation.at("toolExecutionNotifications").at(0).at("message").at("text"),
            "no project here");
}

TEST(RenderGithub, AFindingIsOneCommandAndLeavesNothingOpen) {
  const std::string text = rendered(Format::kGithub);
  std::istringstream lines(text);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_TRUE(line.starts_with("::error file=") || line.starts_with("::warning file=")) << line;
  }
  EXPECT_EQ(count, 3);
  EXPECT_THAT(text, HasSubstr("file=sub/a b/100%25%2C%3A.journey,line=2,endLine=2,col=8,"));
  // More than one line: GitHub refuses columns.
  EXPECT_THAT(text, HasSubstr("line=1,endLine=3,title="));
}

// Elements close in order, attributes are quoted, and `<`, `&` stand nowhere else.
void expect_well_formed(std::string_view xml) {
  static const std::regex kTag(R"(</?([a-z]+)((?: [a-z]+="[^"<]*")*)/?>)");
  static const std::regex kEntity("&(amp|lt|gt|quot);");
  ASSERT_TRUE(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
  xml.remove_prefix(xml.find('\n'));
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != xml.npos; at = xml.find('<', at + 1)) {
    const std::string tag(xml.substr(at, xml.find('>', at) + 1 - at));
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(tag, parts, kTag)) << tag;
    if (tag.ends_with("/>")) continue;
    if (!tag.starts_with("</")) {
      open.push_back(parts[1]);
      continue;
    }
    ASSERT_FALSE(open.empty());
    EXPECT_EQ(open.back(), parts[1]);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
  for (std::size_t at = xml.find('&'); at != xml.npos; at = xml.find('&', at + 1)) {
    const std::string entity(xml.substr(at, xml.find(';', at) + 1 - at));
    EXPECT_TRUE(std::regex_match(entity, kEntity)) << entity;
  }
}

TEST(RenderJunit, IsWellFormedWithASuiteForEachFile) {
  const std::string text = rendered(Format::kJunit);
  expect_well_formed(text);
  EXPECT_THAT(text, HasSubstr("<testsuites name=\"sojourn check\" tests=\"4\" failures=\"3\""));
  EXPECT_THAT(text, HasSubstr("<testsuite name=\"fine.journey\" tests=\"1\" failures=\"0\""));
  expect_well_formed(rendered(Format::kJunit, "it <failed> & \"how\""));
}

}  // namespace
}  // namespace sojourn::dsl
