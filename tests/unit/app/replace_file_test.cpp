#include "app/replace_file.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/unit/app/temporary_folder.h"

namespace {

namespace fs = std::filesystem;

using SeesSync = std::function<void(const fs::path&)>;
SeesSync& sees_sync() {
  static SeesSync sees;
  return sees;
}

// Tells of every sync of this program while it lives, just before.
class Syncs {
 public:
  explicit Syncs(SeesSync sees) { sees_sync() = std::move(sees); }
  ~Syncs() { sees_sync() = nullptr; }
  Syncs(const Syncs&) = delete;
  Syncs& operator=(const Syncs&) = delete;
};

}  // namespace

// Found before that of the system's library.
extern "C" int fsync(int file) {
  if (sees_sync()) sees_sync()(fs::read_symlink("/proc/self/fd/" + std::to_string(file)));
  return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace sojourn::app {
namespace {

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

TEST(ReplaceFile, SyncsTheFileBeforeItIsInPlaceAndItsFolderAfterwards) {
  const TemporaryFolder folder;
  folder.write("a.journey", "old");
  std::vector<std::string> synced;
  const Syncs syncs([&](const fs::path& path) {
    const std::string what = path == fs::canonical(folder.path()) ? "folder" : "file";
    synced.push_back(what + ", with `" + text_of(folder.path("a.journey")) + "` in place");
  });
  ASSERT_TRUE(replace_file(folder.path("a.journey"), "new").has_value());
  EXPECT_THAT(synced,
              ::testing::ElementsAre("file, with `old` in place", "folder, with `new` in place"));
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
