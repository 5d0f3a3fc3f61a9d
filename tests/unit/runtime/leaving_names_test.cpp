// The stored form of the names of an erasure.
#include "runtime/leaving_names.h"

#include <gtest/gtest.h>

namespace sojourn::runtime {
namespace {

using store::Identity;

const std::set<Identity> kNames{{Identity::Kind::kEmail, "ada@example.com"},
                                {Identity::Kind::kUserId, "u-1"}};

TEST(LeavingNames, ReadAsTheyWereWritten) {
  const auto read = decode_names(encode_names(kNames));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, kNames);
  EXPECT_TRUE(decode_names(encode_names({}))->empty());
}

TEST(LeavingNames, WhatIsCutOrChangedIsRefused) {
  const std::string whole = encode_names(kNames);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_names(whole.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(decode_names(whole + "x").has_value());
  EXPECT_FALSE(decode_names("\x02" + whole.substr(1)).has_value()) << "a version to come";
  std::string other_kind = whole;
  other_kind[2] = '\x03';
  EXPECT_FALSE(decode_names(other_kind).has_value());
  EXPECT_FALSE(decode_names("\x01\xff\xff\xff\xff\x0f").has_value()) << "a count of nothing";
}

}  // namespace
}  // namespace sojourn::runtime
