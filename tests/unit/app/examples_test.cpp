// What examples/ promises to those who begin with one.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "app/check_command.h"
#include "app/format_command.h"
#include "app/test_command.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

const fs::path kExamples = fs::path(SOJOURN_SOURCE_DIR) / "examples";

class Example : public ::testing::TestWithParam<std::string> {
 protected:
  static std::string project() { return (kExamples / GetParam()).string(); }
};

INSTANTIATE_TEST_SUITE_P(Folders, Example,
                         ::testing::Values("quickstart", "first_trial", "saas_trial",
                                           "gitlab_lifecycle"));

TEST(Examples, AreAllLookedAt) {
  std::set<std::string> projects;
  for (const auto& entry : fs::directory_iterator(kExamples)) {
    if (fs::exists(entry.path() / "sojourn.toml")) projects.insert(entry.path().filename());
  }
  EXPECT_EQ(projects,
            (std::set<std::string>{"quickstart", "first_trial", "saas_trial", "gitlab_lifecycle"}));
}

TEST_P(Example, HasNothingToFindFaultWith) {
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = {project()};
  EXPECT_EQ(check(options, out, err), kClean);
  EXPECT_THAT(out.str(), IsEmpty());
}

TEST_P(Example, IsInStyle) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  FormatOptions options;
  options.paths = {project()};
  options.check = true;
  EXPECT_EQ(format_files(options, in, out, err), kClean);
  EXPECT_THAT(out.str(), IsEmpty());
}

TEST_P(Example, ItsTestsPassAndReachEverything) {
  std::ostringstream out;
  std::ostringstream err;
  TestOptions options;
  options.paths = {project()};
  options.coverage = true;
  options.coverage_min = 100;
  EXPECT_EQ(test(options, out, err), kClean) << out.str();
}

TEST_P(Example, HasAReadme) {
  EXPECT_TRUE(fs::exists(fs::path(project()) / "README.md"));
}

TEST(GitlabLifecycle, AgreesWithTheIterableProjectThatComesWithIt) {
  const std::string folder = (kExamples / "gitlab_lifecycle").string();
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = {folder};
  options.against = folder + "/ids.lock";
  EXPECT_EQ(check(options, out, err), kClean) << out.str() << err.str();
}

// A template that kept the default type of the project, under a campaign that says otherwise.
TEST(GitlabLifecycle, ATemplateThatKeptTheDefaultTypeIsFound) {
  const TemporaryFolder folder;
  fs::copy(kExamples / "gitlab_lifecycle", folder.path(), fs::copy_options::recursive);
  std::string lock = folder.read("ids.lock");
  const std::size_t campaign = lock.find("\"id\":1003");
  ASSERT_NE(campaign, std::string::npos);
  const std::string type = "\"message_type\":4821";
  lock.replace(lock.find(type, campaign), type.size(), "\"message_type\":4822");
  folder.write("ids.lock", lock);
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = {folder.path()};
  options.against = folder.path("ids.lock");
  EXPECT_EQ(check(options, out, err), kFindings) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("J2153"));
  EXPECT_THAT(out.str(), HasSubstr("`trial_invite` has the message type `marketing_message`"));
}

// The default message type of an Iterable project cannot be used by mistake, also not by somebody
// who declares a campaign of it anew.
TEST(GitlabLifecycle, ASendThroughTheDefaultMessageTypeDoesNotCompile) {
  const TemporaryFolder folder;
  fs::copy(kExamples / "gitlab_lifecycle", folder.path(), fs::copy_options::recursive);
  folder.write("more.journey",
               "campaign sale = 1099 email marketing_message\n"
               "journey sale {\n"
               "  owner \"lifecycle@example.com\"\n"
               "  enter on signed_up\n"
               "  exit on account_deleted\n"
               "  send sale\n"
               "}\n");
  std::ostringstream out;
  std::ostringstream err;
  CheckOptions options;
  options.paths = {folder.path()};
  EXPECT_EQ(check(options, out, err), kFindings);
  EXPECT_THAT(out.str(), HasSubstr("J2075"));
  EXPECT_THAT(out.str(), HasSubstr("it mails people who never subscribed"));
}

}  // namespace
}  // namespace sojourn::app
