#include "app/basic_credentials.h"

#include <gtest/gtest.h>

namespace sojourn::app {
namespace {

TEST(BasicCredentials, TheUserNameIsRead) {
  EXPECT_EQ(basic_user("Basic d3JpdGUta2V5Og=="), "write-key");
  EXPECT_EQ(basic_user("basic d3JpdGUta2V5Og"), "write-key") << "padding may be missing";
  EXPECT_EQ(basic_user("Basic YTpiOmM="), "a") << "a password may have colons";
}

TEST(BasicCredentials, WhatIsNotWellFormedNamesNobody) {
  for (const char* header :
       {"", "Basic", "Basic ", "Bearer d3JpdGUta2V5Og==", "Basic d3Jp!GU=", "Basic d3JpdGU="}) {
    EXPECT_FALSE(basic_user(header).has_value()) << header;
  }
}

}  // namespace
}  // namespace sojourn::app
