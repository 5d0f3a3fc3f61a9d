// What journeys/ promises to those who copy from it.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "app/check_command.h"
#include "app/format_command.h"
#include "app/prove_command.h"
#include "app/test_command.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace fs = std::filesystem;

const fs::path kLibrary = fs::path(SOJOURN_SOURCE_DIR) / "journeys";

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The parameter is the folder of a project in the library, and empty for the library itself.
class JourneysLibrary : public ::testing::TestWithParam<std::string> {
 protected:
  static fs::path folder() { return kLibrary / GetParam(); }
  static std::string project() { return folder().string(); }

  // The files but the catalog, without `.journey`.
  static std::set<std::string> files() {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder())) {
      const fs::path& path = entry.path();
      if (path.extension() == ".journey") names.insert(path.stem().string());
    }
    names.erase("catalog");
    return names;
  }

  static nlohmann::json bounds() {
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(prove({"", true, project()}, out, err), kClean) << err.str();
    return nlohmann::json::parse(out.str());
  }
};

INSTANTIATE_TEST_SUITE_P(Projects, JourneysLibrary, ::testing::Values("", "back_in_stock"));

TEST_P(JourneysLibrary, HasNothingToFindFaultWith) {
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = {project()};
  EXPECT_EQ(check(options, out, err), kClean);
  EXPECT_THAT(out.str(), IsEmpty());
}

TEST_P(JourneysLibrary, IsInStyle) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  FormatOptions options;
  options.paths = {project()};
  options.check = true;
  EXPECT_EQ(format_files(options, in, out, err), kClean);
  EXPECT_THAT(out.str(), IsEmpty());
}

TEST_P(JourneysLibrary, HasOneJourneyInEachFileOfItsName) {
  const nlohmann::json report = bounds();
  std::set<std::string> journeys;
  for (const auto& journey : report.at("journeys")) journeys.insert(journey.at("journey"));
  EXPECT_THAT(journeys, Not(IsEmpty()));
  EXPECT_EQ(journeys, files());
}

TEST_P(JourneysLibrary, TheReadmeKnowsEachOfThem) {
  const std::string readme = text_of(kLibrary / "README.md");
  for (const std::string& name : files()) EXPECT_THAT(readme, HasSubstr("[" + name + "]("));
}

TEST_P(JourneysLibrary, EachAsserts) {
  const nlohmann::json report = bounds();
  for (const auto& journey : report.at("journeys")) {
    EXPECT_GE(journey.at("asserts"), 2) << journey.at("journey");
  }
}

// So each of them has all three, as long as there is nothing to find fault with.
TEST_P(JourneysLibrary, ThePolicyAsksForOwnerExitAndGoal) {
  const TemporaryFolder bare;
  bare.write("sojourn.toml", text_of(folder() / "sojourn.toml"));
  bare.write("catalog.journey", text_of(folder() / "catalog.journey"));
  bare.write("bare.journey", "journey bare {\n  enter on account_deleted\n  wait 1d\n}\n");
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = {bare.path()};
  EXPECT_EQ(check(options, out, err), kFindings);
  for (const std::string clause : {"owner", "exit", "goal"}) {
    EXPECT_THAT(out.str(), HasSubstr("requires a line `" + clause + "` in the journey `bare`"));
  }
}

// A project, and all of it: no finding, tests that pass and reach everything.
void expect_whole(const fs::path& folder) {
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions checked;
  checked.paths = {folder.string()};
  EXPECT_EQ(check(checked, out, err), kClean) << out.str();
  TestOptions tested;
  tested.paths = {folder.string()};
  tested.coverage = true;
  tested.coverage_min = 100;
  EXPECT_EQ(test(tested, out, err), kClean) << out.str();
}

TEST(Examples, AreWholeProjects) {
  for (const char* name : {"first_trial", "saas_trial"}) {
    SCOPED_TRACE(name);
    expect_whole(fs::path(SOJOURN_SOURCE_DIR) / "examples" / name);
  }
}

TEST_P(JourneysLibrary, ItsTestsPassAndReachEverything) {
  std::ostringstream out;
  std::ostringstream err;
  TestOptions options;
  options.paths = {project()};
  options.json = true;
  options.coverage = true;
  EXPECT_EQ(test(options, out, err), kClean) << err.str();
  const nlohmann::json report = nlohmann::json::parse(out.str());
  for (const auto& one : report.at("tests")) EXPECT_TRUE(one.at("passed")) << one.dump(1);
  std::set<std::string> tested;
  for (const auto& journey : report.at("coverage")) {
    tested.insert(journey.at("journey"));
    EXPECT_THAT(journey.at("never_reached"), IsEmpty()) << journey.at("journey");
  }
  EXPECT_EQ(tested, files());
}

}  // namespace
}  // namespace sojourn::app
