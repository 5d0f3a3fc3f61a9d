#include "sandbox/identity.h"

#include <gtest/gtest.h>

namespace sojourn::sandbox {
namespace {

TEST(ValidEmail, TakesUsualAddresses) {
  for (const char* good : {"ada@example.com", "ada+tag@mail.example.co", "a.b-c_d@x-y.org",
                           "o'neil@example.com", "1@2.de"}) {
    EXPECT_TRUE(valid_email(good)) << good;
  }
}

TEST(ValidEmail, RefusesTheRest) {
  for (const std::string bad :
       {"", "ada", "@example.com", "ada@", "ada@example", "ada@example.c", "ada@.com", "ada@a..com",
        "ada@-a.com", "a b@example.com", ".ada@example.com", "ada.@example.com", "a..b@example.com",
        "ada@example.com ", "ada@b@example.com", "ada@example.c0m", "ada\n@example.com",
        "ada@exa mple.com"}) {
    EXPECT_FALSE(valid_email(bad)) << bad;
  }
  EXPECT_FALSE(valid_email(std::string(250, 'a') + "@a.com"));
}

TEST(ValidUserId, TakesPrintableAsciiOfUpTo52Characters) {
  EXPECT_TRUE(valid_user_id("u-77"));
  EXPECT_TRUE(valid_user_id("with blanks inside"));
  EXPECT_TRUE(valid_user_id(std::string(52, 'x')));
  EXPECT_FALSE(valid_user_id(""));
  EXPECT_FALSE(valid_user_id(std::string(53, 'x')));
  EXPECT_FALSE(valid_user_id("u "));
  EXPECT_FALSE(valid_user_id("caf\xc3\xa9"));
  EXPECT_FALSE(valid_user_id("a\tb"));
}

TEST(Subject, FilesEmailsInLowerCase) {
  EXPECT_EQ(email_subject("Ada@Example.com"), "email:ada@example.com");
  EXPECT_EQ(user_id_subject("U-77"), "user_id:U-77");
}

}  // namespace
}  // namespace sojourn::sandbox
