#include "app/wanted_paths.h"

#include <filesystem>
#include <gtest/gtest.h>

#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

class WantedPathsTest : public ::testing::Test {
 protected:
  WantedPathsTest() {
    folder.write("a/one.journey", "");
    folder.write("ab/two.journey", "");
  }
  WantedPaths wanted(const std::vector<std::string>& paths) const {
    return WantedPaths::resolve(paths, root()).value();
  }
  std::string root() const { return std::filesystem::canonical(folder.path()).string(); }
  TemporaryFolder folder;
};

TEST_F(WantedPathsTest, TheFolderOfTheProjectIsAllOfIt) {
  EXPECT_TRUE(wanted({folder.path()}).include("ab/two.journey"));
}

TEST_F(WantedPathsTest, AFolderIsWhatIsBelowItAndNoNeighbour) {
  EXPECT_TRUE(wanted({folder.path("a")}).include("a/one.journey"));
  EXPECT_FALSE(wanted({folder.path("a")}).include("ab/two.journey"));
  EXPECT_FALSE(wanted({folder.path("a/one.journey")}).include("a/one.journey2"));
}

TEST_F(WantedPathsTest, APathOutsideTheProjectIsAnError) {
  EXPECT_FALSE(WantedPaths::resolve({folder.path("missing")}, root()).has_value());
  EXPECT_FALSE(WantedPaths::resolve({"/"}, root()).has_value());
}

TEST_F(WantedPathsTest, FindsThePathWithoutAFile) {
  const WantedPaths both = wanted({folder.path("a"), folder.path("ab")});
  EXPECT_EQ(both.first_without({"a/one.journey", "ab/two.journey"}), "");
  EXPECT_EQ(both.first_without({"a/one.journey"}), folder.path("ab"));
}

}  // namespace
}  // namespace sojourn::app
