#include "graph/value.h"

#include <bit>
#include <gtest/gtest.h>
#include <limits>

#include "base/bytes.h"
#include "base/random.h"

namespace sojourn::graph {
namespace {

std::string encoded(const Value& value) {
  base::ByteWriter out;
  encode_value(value, out);
  return out.take();
}

// The missing value and false when the bytes are not exactly one value.
std::pair<Value, bool> decoded(std::string_view bytes) {
  base::ByteReader in(bytes);
  Value value = decode_value(in);
  return {value, in.ok() && in.at_end()};
}

std::vector<Value> one_of_each_kind() {
  return {Value(),
          Value(true),
          Value(false),
          Value(std::numeric_limits<std::int64_t>::min()),
          Value(std::numeric_limits<std::int64_t>::max()),
          Value(-2.5),
          Value(1e300),
          Value("h\xC3\xA9llo"),
          Value(base::Instant{1'772'355'600'123}),
          Value(Date{-1}),
          Value(TimeOfDay{1439}),
          Value(Duration{-14, 3, -1}),
          Value(List{Value("a"), Value(), Value(List{})}),
          Value(Object{{"", Value(std::int64_t{1})}, {"b", Value(Object{})}})};
}

TEST(Value, EveryKindIsEncodedAndDecoded) {
  for (const Value& value : one_of_each_kind()) {
    const auto [back, whole] = decoded(encoded(value));
    EXPECT_TRUE(whole);
    EXPECT_EQ(back, value);
  }
}

TEST(Value, ItsFormatOnDiskNeverChanges) {
  EXPECT_EQ(encoded(Value()), std::string("\x00", 1));
  EXPECT_EQ(encoded(Value(true)), "\x01\x01");
  EXPECT_EQ(encoded(Value(std::int64_t{-1})), "\x02\x01");
  EXPECT_EQ(encoded(Value(1.0)), std::string("\x03\x3f\xf0\x00\x00\x00\x00\x00\x00", 9));
  EXPECT_EQ(encoded(Value("ab")),
            "\x04\x02"
            "ab");
  EXPECT_EQ(encoded(Value(base::Instant{1})), "\x05\x02");
  EXPECT_EQ(encoded(Value(Date{1})), "\x06\x02");
  EXPECT_EQ(encoded(Value(TimeOfDay{1})), "\x07\x01");
  EXPECT_EQ(encoded(Value(Duration{1, -1, 2})), "\x08\x02\x01\x04");
  EXPECT_EQ(encoded(Value(List{Value(true)})), "\x09\x01\x01\x01");
  EXPECT_EQ(encoded(Value(Object{{"k", Value(true)}})), "\x0a\x01\x01k\x01\x01");
}

TEST(Value, EqualityIsOfKindAndContent) {
  const std::vector<Value> values = one_of_each_kind();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) EXPECT_EQ(values[i] == values[j], i == j);
  }
  EXPECT_NE(Value(std::int64_t{1}), Value(1.0));
  EXPECT_EQ(Value(List{Value("a")}), Value(List{Value("a")}));
}

TEST(Value, EqualNumbersHaveEqualBytes) {
  ASSERT_EQ(Value(0.0), Value(-0.0));
  EXPECT_EQ(encoded(Value(0.0)), encoded(Value(-0.0)));
}

TEST(ValueDeathTest, ReadingTheWrongKindIsABug) {
  EXPECT_DEATH(Value("1").as_integer(), "read as the kind it has");
  EXPECT_DEATH(Value().as_list(), "read as the kind it has");
}

TEST(ValueDecode, WhatIsNoValueFails) {
  const std::string infinity = "\x03\x7f\xf0" + std::string(6, '\0');
  const std::string negative_zero = "\x03\x80" + std::string(7, '\0');
  const std::string date_past_32_bits = "\x06\x80\x80\x80\x80\x80\x01";
  for (const std::string& bytes :
       {std::string(), std::string("\x0b"), std::string("\xff"), std::string("\x01\x02"), infinity,
        negative_zero, date_past_32_bits, std::string("\x07\xa0\x0b"),
        std::string("\x04\x05"
                    "ab"),
        std::string("\x09\xff\xff\xff\x7f")}) {
    EXPECT_FALSE(decoded(bytes).second);
  }
}

TEST(ValueDecode, AnObjectOutOfOrderOrWithANameTwiceFails) {
  EXPECT_TRUE(decoded(std::string("\x0a\x02\x01"
                                  "a\x00\x01"
                                  "b\x00",
                                  8))
                  .second);
  EXPECT_FALSE(decoded(std::string("\x0a\x02\x01"
                                   "b\x00\x01"
                                   "a\x00",
                                   8))
                   .second);
  EXPECT_FALSE(decoded(std::string("\x0a\x02\x01"
                                   "a\x00\x01"
                                   "a\x00",
                                   8))
                   .second);
}

TEST(ValueDecode, NestingHasALimit) {
  const auto nested = [](int depth) {
    Value value(true);
    for (int i = 1; i < depth; ++i) value = Value(List{value});
    return encoded(value);
  };
  EXPECT_TRUE(decoded(nested(kMaxValueDepth)).second);
  EXPECT_FALSE(decoded(nested(kMaxValueDepth + 1)).second);
  // A hostile depth fails at the limit, not at the end of the stack.
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "\x09\x01";
  EXPECT_FALSE(decoded(deep).second);
}

TEST(ValueDecode, DamagedBytesNeverDoHarm) {
  base::SeededRandom random(7);
  const std::string original = encoded(Value(List(one_of_each_kind())));
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = original.substr(0, 1 + base::random_below(random, original.size()));
    bytes[base::random_below(random, bytes.size())] = static_cast<char>(random.next());
    const auto [value, whole] = decoded(bytes);
    EXPECT_TRUE(!whole || decoded(encoded(value)).first == value);
  }
}

TEST(FindField, GivesTheValueOrTheMissingValue) {
  const std::vector<Field> fields{{"a", Value("x")}, {"b", Value(true)}};
  EXPECT_EQ(find_field(fields, "b"), Value(true));
  EXPECT_TRUE(find_field(fields, "c").is_missing());
}

}  // namespace
}  // namespace sojourn::graph
