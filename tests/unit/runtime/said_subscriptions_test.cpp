#include "runtime/said_subscriptions.h"

#include <gtest/gtest.h>
#include <string>

namespace sojourn::runtime {
namespace {

class SaidSubscriptionsTest : public testing::Test {
 protected:
  SaidSubscriptionsTest() { catalog_.lists = {{"vips", 21}, {"asleep", 22}, {"unnumbered", {}}}; }

  tl::expected<SaidSubscriptions, WrongArray> read(const std::string& body) {
    return said_subscriptions(parser_.parse(body), catalog_);
  }
  std::string fault(const std::string& body) {
    const auto said = read(body);
    return said ? "none" : std::string(said.error().name) + ": " + said.error().expected;
  }

  graph::Catalog catalog_;
  simdjson::dom::parser parser_;
};

graph::Value ids(std::initializer_list<std::int64_t> numbers) {
  graph::List list;
  for (const std::int64_t number : numbers) list.emplace_back(number);
  return graph::Value(std::move(list));
}

TEST_F(SaidSubscriptionsTest, EachArrayReplacesAFieldOfTheProfile) {
  const auto said = read(R"({"email":"a@example.com","unsubscribedMessageTypeIds":[3,1,3],
                             "subscribedMessageTypeIds":[],"unsubscribedChannelIds":[9]})");
  ASSERT_TRUE(said.has_value());
  EXPECT_EQ(said->fields.size(), 3U);
  EXPECT_EQ(graph::find_field(said->fields, "unsubscribedMessageTypeIds"), ids({3, 1}));
  EXPECT_EQ(graph::find_field(said->fields, "subscribedMessageTypeIds"), ids({}));
  EXPECT_EQ(graph::find_field(said->fields, "unsubscribedChannelIds"), ids({9}));
  EXPECT_FALSE(said->lists.has_value());
}

TEST_F(SaidSubscriptionsTest, WhatIsNotThereOrNullSaysNothing) {
  const auto said =
      read(R"({"userId":"u-1","unsubscribedMessageTypeIds":null,"validateChannelAlignment":true})");
  ASSERT_TRUE(said.has_value());
  EXPECT_TRUE(said->fields.empty());
  EXPECT_FALSE(said->lists.has_value());
}

TEST_F(SaidSubscriptionsTest, ListsGoByTheirDeclaredNames) {
  EXPECT_EQ(read(R"({"emailListIds":[22,77,21]})")->lists,
            (std::vector<std::string>{"vips", "asleep"}));
  EXPECT_EQ(read(R"({"emailListIds":[]})")->lists, std::vector<std::string>{});
}

TEST_F(SaidSubscriptionsTest, WhatIsNoListOfIdsIsNamed) {
  EXPECT_EQ(fault(R"({"subscribedMessageTypeIds":7})"),
            "subscribedMessageTypeIds: Array value expected");
  EXPECT_EQ(fault(R"({"unsubscribedMessageTypeIds":[1,"2"]})"),
            "unsubscribedMessageTypeIds: Integer values expected");
  EXPECT_EQ(fault(R"({"emailListIds":{}})"), "emailListIds: Array value expected");
}

TEST_F(SaidSubscriptionsTest, AnArrayHasItsLimit) {
  std::string many = "0";
  for (std::size_t i = 1; i < kMaxSubscriptionIds; ++i) many += "," + std::to_string(i);
  EXPECT_EQ(fault(R"({"unsubscribedChannelIds":[)" + many + "]}"), "none");
  EXPECT_EQ(fault(R"({"unsubscribedChannelIds":[)" + many + ",1000]}"),
            "unsubscribedChannelIds: at most 1000 ids expected");
}

}  // namespace
}  // namespace sojourn::runtime
