#include "base/bytes.h"

#include <gtest/gtest.h>
#include <limits>

namespace sojourn::base {
namespace {

TEST(Bytes, WhatIsWrittenIsReadBack) {
  ByteWriter out;
  out.varint(0);
  out.varint(std::numeric_limits<std::uint64_t>::max());
  out.signed_varint(std::numeric_limits<std::int64_t>::min());
  out.fixed64(0x0102030405060708);
  out.string("héllo");
  ByteReader in(out.bytes());
  EXPECT_EQ(in.varint(), 0u);
  EXPECT_EQ(in.varint(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(in.signed_varint(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(in.fixed64(), 0x0102030405060708u);
  EXPECT_EQ(in.string(), "héllo");
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.at_end());
}

TEST(Bytes, AReadPastTheEndFailsForGood) {
  ByteWriter out;
  out.varint(200);
  ByteReader in(out.bytes());
  EXPECT_EQ(in.string(), "");
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.varint(), 0u);
  EXPECT_FALSE(in.ok());
}

TEST(Bytes, AnEndlessVarintFails) {
  const std::string hostile(11, '\x80');
  ByteReader in(hostile);
  in.varint();
  EXPECT_FALSE(in.ok());
}

TEST(Bytes, ACountLargerThanTheBytesLeftFails) {
  ByteWriter out;
  out.varint(1'000'000);
  ByteReader in(out.bytes());
  EXPECT_EQ(in.count(), 0u);
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace sojourn::base
