#include "app/disk_room.h"

#include <filesystem>
#include <gtest/gtest.h>

#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

constexpr std::int64_t kMark = 64 << 10;
constexpr std::int64_t kEnough = kMark + kMark / 4;  // beside the ballast

// The ballast is a real file; how much is free beside it is what a test says.
class DiskRoomTest : public ::testing::Test {
 protected:
  DiskRoom room(std::int64_t mark = kMark) {
    return DiskRoom(folder_.path(), mark, [this] { return free_; });
  }
  // For a write that fails with nothing happening meanwhile.
  static bool make_room(DiskRoom& disk) { return disk.make_room(disk.room_given()); }
  bool has_file() const { return std::filesystem::exists(folder_.path("ballast")); }

  TemporaryFolder folder_;
  base::Result<std::int64_t> free_ = std::int64_t{1} << 40;
};

TEST_F(DiskRoomTest, NothingIsTakenInBeforeTheBallastIsMade) {
  DiskRoom disk = room();
  EXPECT_FALSE(disk.takes_in());
  EXPECT_TRUE(disk.look());
  EXPECT_TRUE(disk.takes_in());
  EXPECT_EQ(std::filesystem::file_size(folder_.path("ballast")), kMark);
  EXPECT_EQ(disk.report().ballast_bytes, kMark);
}

TEST_F(DiskRoomTest, BelowTheMarkTheDoorIsShutAndTheBallastGivenUp) {
  DiskRoom disk = room();
  disk.look();
  free_ = kMark;
  EXPECT_FALSE(disk.look()) << "at the mark there is room";
  free_ = kMark - 1;
  EXPECT_TRUE(disk.look());
  EXPECT_FALSE(disk.takes_in());
  EXPECT_FALSE(has_file());
  EXPECT_EQ(disk.report().ballast_bytes, 0);
}

TEST_F(DiskRoomTest, ItOpensOnlyWhenThereIsRoomForTheBallastAndMoreThanTheMark) {
  DiskRoom disk = room();
  disk.look();
  free_ = 0;
  disk.look();
  EXPECT_EQ(disk.report().wanted_bytes, kMark + kEnough);
  free_ = kMark + kEnough - 1;
  EXPECT_FALSE(disk.look());
  EXPECT_FALSE(has_file());
  free_ = kMark + kEnough;
  EXPECT_TRUE(disk.look());
  EXPECT_TRUE(disk.takes_in());
  EXPECT_TRUE(has_file());
}

TEST_F(DiskRoomTest, RoomThatAWriteHadToAskForShutsTheDoorAtTheNextLook) {
  DiskRoom disk = room();
  disk.look();
  EXPECT_TRUE(make_room(disk));
  EXPECT_FALSE(has_file());
  EXPECT_FALSE(make_room(disk)) << "there is only one ballast";
  // The room that it gave is no reason to go on.
  free_ = kMark + kMark;
  EXPECT_TRUE(disk.look());
  EXPECT_FALSE(disk.takes_in());
}

TEST_F(DiskRoomTest, AWriteThatFailsWhileALookGivesTheBallastUpIsDoneAgain) {
  DiskRoom disk = room();
  disk.look();
  const std::uint64_t before_the_write = disk.room_given();
  free_ = 0;
  disk.look();
  EXPECT_FALSE(has_file());
  EXPECT_TRUE(disk.make_room(before_the_write));
  EXPECT_FALSE(make_room(disk)) << "of a write that came after it";
}

TEST_F(DiskRoomTest, AWriteThatFailsWhileABallastIsNotMadeWholeIsDoneAgain) {
  // The system takes no such size, but only once the file is there.
  DiskRoom disk = room(-1);
  const std::uint64_t before_the_write = disk.room_given();
  EXPECT_FALSE(disk.look());
  EXPECT_NE(disk.report().problem.find("cannot allocate "), std::string::npos)
      << disk.report().problem;
  EXPECT_FALSE(has_file());
  EXPECT_TRUE(disk.make_room(before_the_write));
  EXPECT_FALSE(make_room(disk));
}

TEST_F(DiskRoomTest, WhatAnEarlierProcessLeftIsKeptOrGivenUp) {
  room().look();
  ASSERT_TRUE(has_file());
  DiskRoom kept = room();
  free_ = kEnough;
  EXPECT_TRUE(kept.look());
  EXPECT_TRUE(kept.takes_in());
  DiskRoom given_up = room();
  free_ = kEnough - 1;
  EXPECT_FALSE(given_up.look());
  EXPECT_FALSE(given_up.takes_in());
  EXPECT_FALSE(has_file());
}

TEST_F(DiskRoomTest, ABallastOfAnotherSizeIsMadeAnew) {
  folder_.write("ballast", "what an interrupted start left");
  DiskRoom disk = room();
  EXPECT_TRUE(disk.look());
  EXPECT_EQ(std::filesystem::file_size(folder_.path("ballast")), kMark);
}

TEST_F(DiskRoomTest, ABallastOfAnotherSizeIsGivenUpWhenTheDiskIsFull) {
  folder_.write("ballast", "what another configuration left");
  DiskRoom at_a_look = room();
  free_ = 0;
  EXPECT_FALSE(at_a_look.look());
  EXPECT_FALSE(has_file());
  folder_.write("ballast", "what another configuration left");
  DiskRoom at_a_write = room();
  EXPECT_TRUE(make_room(at_a_write));
  EXPECT_FALSE(has_file());
  EXPECT_FALSE(make_room(at_a_write));
}

TEST_F(DiskRoomTest, ABallastThatIsNotWantedAnyMoreIsGivenUp) {
  folder_.write("ballast", "what another configuration left");
  DiskRoom disk = room(0);
  EXPECT_FALSE(disk.look());
  EXPECT_TRUE(disk.takes_in());
  EXPECT_FALSE(has_file());
}

TEST_F(DiskRoomTest, WhereTheBallastCannotBeMadeTheDoorStaysShutAndSaysWhy) {
  folder_.write("ballast/in_the_way", "");
  DiskRoom disk = room();
  EXPECT_FALSE(disk.look());
  EXPECT_FALSE(disk.takes_in());
  EXPECT_NE(disk.report().problem.find("cannot make " + folder_.path() + "/ballast: "),
            std::string::npos)
      << disk.report().problem;
}

TEST_F(DiskRoomTest, AFileSystemThatDoesNotAnswerChangesNothing) {
  DiskRoom disk = room();
  disk.look();
  free_ = base::failure(base::Error::Kind::kUnavailable, "no answer");
  EXPECT_FALSE(disk.look());
  EXPECT_TRUE(disk.takes_in());
  EXPECT_EQ(disk.report().problem, "no answer");
}

TEST_F(DiskRoomTest, WithoutABallastEverythingIsTakenIn) {
  DiskRoom disk = room(0);
  free_ = 0;
  EXPECT_TRUE(disk.takes_in());
  EXPECT_FALSE(disk.look());
  EXPECT_TRUE(disk.takes_in());
  EXPECT_FALSE(make_room(disk));
  EXPECT_FALSE(has_file());
}

TEST(FreeBytes, AreThoseOfTheFileSystem) {
  const TemporaryFolder folder;
  const auto free = free_bytes(folder.path());
  ASSERT_TRUE(free) << free.error().message;
  EXPECT_GT(*free, 0);
  EXPECT_FALSE(free_bytes(folder.path("missing")));
}

}  // namespace
}  // namespace sojourn::app
