#include "app/replace_file.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>

#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(ReplaceFile, PutsTheNewTextInItsPlace) {
  const TemporaryFolder folder;
  folder.write("a.journey", "old, and longer than the new one");
  ASSERT_TRUE(replace_file(folder.path("a.journey"), "new").has_value());
  EXPECT_EQ(text_of(folder.path("a.journey")), "new");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(ReplaceFile, KeepsTheMode) {
  const TemporaryFolder folder;
  folder.write("a.journey", "old");
  const auto mode = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read;
  fs::permissions(folder.path("a.journey"), mode);
  ASSERT_TRUE(replace_file(folder.path("a.journey"), "new").has_value());
  EXPECT_EQ(fs::status(folder.path("a.journey")).permissions(), mode);
}

TEST(ReplaceFile, WhoeverReadsTheOldFileGoesOnReadingIt) {
  const TemporaryFolder folder;
  folder.write("a.journey", "old");
  std::ifstream reader(folder.path("a.journey"), std::ios::binary);
  ASSERT_TRUE(replace_file(folder.path("a.journey"), "new text").has_value());
  const std::string text{std::istreambuf_iterator<char>(reader), std::istreambuf_iterator<char>()};
  EXPECT_EQ(text, "old");
}

TEST(ReplaceFile, WhatIsNotThereIsNotMade) {
  const TemporaryFolder folder;
  const auto status = replace_file(folder.path("a.journey"), "new");
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().message, ::testing::HasSubstr("a.journey"));
  EXPECT_EQ(files_in(folder.path()), 0U);
}

TEST(ReplaceFile, LeavesNothingBehindWhenItFails) {
  const TemporaryFolder folder;
  folder.write("target/inside", "x");  // a folder cannot be replaced by a file
  EXPECT_FALSE(replace_file(folder.path("target"), "new").has_value());
  EXPECT_EQ(files_in(folder.path()), 1U);
}

}  // namespace
}  // namespace sojourn::app
