#include "runtime/intake_path.h"

#include <gtest/gtest.h>
#include <string>

#include "runtime/intake_words.h"

namespace sojourn::runtime {
namespace {

std::string plain(std::string_view method, std::string_view path) {
  const auto out = plain_path(method, path);
  return out ? *out : "refused";
}

TEST(IntakePath, GoesOnAsItWasUnderstood) {
  EXPECT_EQ(plain("DELETE", "/api/users/ada@example.com"), "/api/users/ada@example.com");
  EXPECT_EQ(plain("DELETE", "/api/users/%61da%2Bx%40example.com"),
            "/api/users/ada%2Bx@example.com");
  EXPECT_EQ(plain("DELETE", "/api/users/byUserId/u%201"), "/api/users/byUserId/u%201");
  EXPECT_EQ(plain("PATCH", "/api/subscriptions/messageType/41/user/ada@example.com"),
            "/api/subscriptions/messageType/41/user/ada@example.com");
  EXPECT_EQ(plain("DELETE", "/api/subscriptions/emailList/7/byUserId/u'1;x"),
            "/api/subscriptions/emailList/7/byUserId/u%271%3Bx");
  EXPECT_EQ(plain("PUT", "/api/subscriptions/messageType/41"), "/api/subscriptions/messageType/41");
  EXPECT_EQ(plain("DELETE", "/api/users/byUserId/a%23b%3Fc..d"), "/api/users/byUserId/a%23b%3Fc..d")
      << "written anew, these end no path";
}

TEST(IntakePath, IsRefusedWhereItCouldLeadElsewhere) {
  for (const char* path : {
           "/api/users/../lists/12",
           "/api/users/../../api/lists/12",
           "/api/users/%2e%2e/lists/12",
           "/api/users/%2E%2e",
           "/api/users/.",
           "/api/users/..%2flists%2F12",
           "/api/users/..%5clists",
           "/api/users/..\\lists",
           "/api/users/%252e%252e",
           "/api/users/a%252Fb@example.com",
           "/api/users/ada@example.com/../ben@example.com",
           "/api/users/ada@example.com/devices",
           "/api/users//ada@example.com",
           "/api/users/ada@example.com/",
           "/api/users/ada@example.com#x",
           "/api/users/ada%00@example.com",
           "/api/users/ada%0d%0a@example.com",
           "/api/users/ada%4",
           "/api/users/ada%zz",
           "/api/users/byUserId",
           "/api/users/byUser%49d",
           "/api/users/byUserId/",
           "/api/users/byUserId/..",
           "/api/users/byUserId/a/b",
           "/api/users/byUser%49d/u-1",
       }) {
    EXPECT_EQ(plain("DELETE", path), "refused") << path;
  }
  for (const char* path : {
           "/api/subscriptions/../lists",
           "/api/subscriptions/%2e%2e/lists",
           "/api/subscriptions/messageType/..",
           "/api/subscriptions/messageType/%2e%2e",
           "/api/subscriptions/messageType/41/",
           "/api/subscriptions/messageType/41%2F..",
       }) {
    EXPECT_EQ(plain("PUT", path), "refused") << path;
  }
  for (const char* path : {
           "/api/subscriptions/../../user/a@example.com",
           "/api/subscriptions/messageType/../user/a@example.com",
           "/api/subscriptions/%6dessageType/41/user/a@example.com",
           "/api/subscriptions/messageType/41/user/..",
           "/api/subscriptions/messageType/41/user/a@example.com/../..",
           "/api/subscriptions/messageType/41/user//a@example.com",
       }) {
    EXPECT_EQ(plain("PATCH", path), "refused") << path;
  }
}

TEST(IntakePath, SaysWhatIsWrong) {
  EXPECT_EQ(plain_path("DELETE", "/api/users/%2e%2e").error(), "it has a part `.` or `..`");
  EXPECT_EQ(plain_path("DELETE", "/api/users//a").error(), "it has an empty part");
}

// Names that come in bodies are written into paths later, by journeys and queued calls.
TEST(IntakePath, NoNameIsAStepInAPath) {
  for (const char* id : {".", "..", "../lists/12", "a/../b", "a/..", "a\\..\\b", "./a"}) {
    EXPECT_FALSE(well_formed_user_id(id)) << id;
  }
  for (const char* id : {"...", "a..b", "a/b", "..a", "a.", "/"}) {
    EXPECT_TRUE(well_formed_user_id(id)) << id;
  }
  EXPECT_FALSE(well_formed_email("a/../../lists@example.com"));
  EXPECT_TRUE(well_formed_email("a/b..c@example.com"));
}

}  // namespace
}  // namespace sojourn::runtime
