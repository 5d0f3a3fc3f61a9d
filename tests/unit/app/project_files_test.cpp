#include "app/project_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const std::string& root) {
  const auto files = read_journey_files(root);
  EXPECT_TRUE(files.has_value());
  std::vector<std::string> names;
  for (const dsl::SourceText& file : *files) names.push_back(file.path);
  return names;
}

TEST(ProjectRoot, IsTheNearestFolderWithTheFileUpwards) {
  const TemporaryFolder folder;
  folder.write("project/sojourn.toml", "");
  folder.write("project/a/b/c.journey", "");
  const auto root = find_project_root(folder.path("project/a/b/c.journey"));
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(*root, std::filesystem::canonical(folder.path("project")).string());
}

TEST(ProjectRoot, IsNotSoughtAboveARepository) {
  const TemporaryFolder folder;
  folder.write("sojourn.toml", "");
  folder.write("repository/.git/HEAD", "");
  folder.write("repository/a/x.journey", "");
  const auto root = find_project_root(folder.path("repository/a"));
  ASSERT_FALSE(root.has_value());
  EXPECT_THAT(root.error().message, HasSubstr("no `sojourn.toml`"));
}

TEST(ProjectRoot, OfAPathThatDoesNotExistIsAnError) {
  EXPECT_FALSE(find_project_root("/nowhere/at/all").has_value());
}

TEST(JourneyFiles, AreThoseOfTheProjectInOrder) {
  const TemporaryFolder folder;
  folder.write("sojourn.toml", "");
  folder.write("z.journey", "z");
  folder.write("b/a.journey", "a");
  folder.write("b/readme.md", "");
  folder.write(".hidden/x.journey", "");
  folder.write("other/sojourn.toml", "");
  folder.write("other/x.journey", "");
  EXPECT_THAT(names(folder.path()), ElementsAre("b/a.journey", "z.journey"));
}

TEST(JourneyFiles, ThatGitIgnoresAreLeftOut) {
  const TemporaryFolder folder;
  folder.write(".git/HEAD", "");
  folder.write(".git/info/exclude", "private.journey\n");
  folder.write(".gitignore", "/project/out/\n*.draft.journey\n");
  folder.write("project/sojourn.toml", "");
  folder.write("project/a.journey", "");
  folder.write("project/private.journey", "");
  folder.write("project/b.draft.journey", "");
  folder.write("project/out/c.journey", "");
  folder.write("project/sub/.gitignore", "d.journey\n!kept.draft.journey\n");
  folder.write("project/sub/d.journey", "");
  folder.write("project/sub/kept.draft.journey", "");
  EXPECT_THAT(names(folder.path("project")), ElementsAre("a.journey", "sub/kept.draft.journey"));
}

TEST(JourneyFiles, LinksAreNotFollowed) {
  const TemporaryFolder folder;
  folder.write("sojourn.toml", "");
  folder.write("a/x.journey", "");
  std::filesystem::create_directory_symlink(folder.path(), folder.path("a/loop"));
  EXPECT_THAT(names(folder.path()), ElementsAre("a/x.journey"));
}

TEST(JourneyFiles, AFileThatIsTooLongIsAnErrorThatNamesIt) {
  const TemporaryFolder folder;
  folder.write("sojourn.toml", "");
  folder.write("long.journey", std::string(17U << 20U, '#'));
  const auto files = read_journey_files(folder.path());
  ASSERT_FALSE(files.has_value());
  EXPECT_THAT(files.error().message, HasSubstr("long.journey"));
}

TEST(PathInRepository, IsWhatStandsBeforeTheProject) {
  const TemporaryFolder folder;
  folder.write("a/b/sojourn.toml", "");
  EXPECT_EQ(path_in_repository(folder.path("a/b")), "");
  folder.write(".git/HEAD", "");
  EXPECT_EQ(path_in_repository(folder.path("a/b")), "a/b/");
  folder.write("a/b/.git/HEAD", "");
  EXPECT_EQ(path_in_repository(folder.path("a/b")), "");
}

}  // namespace
}  // namespace sojourn::app
