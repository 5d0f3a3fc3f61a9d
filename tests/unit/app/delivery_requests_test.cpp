// What `sojourn deliveries` says to the daemon reads back as it was meant, and whatever
// else comes over the socket is an error with words.
#include "app/delivery_requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using Verb = runtime::DeliveryOrder::Verb;
using runtime::DeliveryState;

constexpr const char* kKey = "00112233445566778899aabbccddeeff";

std::string error_of(const base::Result<runtime::DeliveryOrder>& order) {
  return order ? "" : order.error().message;
}

TEST(DeliveryRequests, AQuestionReadsBack) {
  runtime::DeliveryQuery query;
  query.filter.state = DeliveryState::kPutOff;
  query.filter.campaign = "hello";
  query.user = "ada+news@example.com";
  query.limit = 7;
  const std::string target = target_of(query);
  const auto read = parse_delivery_query(target.substr(target.find('?') + 1));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->filter.state, DeliveryState::kPutOff);
  EXPECT_EQ(read->filter.campaign, "hello");
  EXPECT_EQ(read->user, "ada+news@example.com");
  EXPECT_EQ(read->limit, 7U);
}

TEST(DeliveryRequests, AQuestionHasLimits) {
  EXPECT_TRUE(parse_delivery_query(""));
  EXPECT_FALSE(parse_delivery_query("limit=0"));
  EXPECT_FALSE(parse_delivery_query("limit=1001"));
  EXPECT_FALSE(parse_delivery_query("limit=7x"));
  EXPECT_FALSE(parse_delivery_query("state=lost"));
}

TEST(DeliveryRequests, AnOrderReadsBack) {
  auto filter = delivery_filter({kKey}, "refused", "hello");
  ASSERT_TRUE(filter);
  runtime::DeliveryOrder order;
  order.filter = *filter;
  order.go = true;
  order.up_to = 12;
  order.planned_by = base::Instant{-34};
  order.by = "ada";
  order.after = store::DeliveryKey{{1023, 9}, base::Hash128{1, 2}};
  const auto read = parse_delivery_order(Verb::kDrop, body_of(order));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->verb, Verb::kDrop);
  EXPECT_EQ(read->filter.keys, filter->keys);
  EXPECT_EQ(read->filter.state, DeliveryState::kRefused);
  EXPECT_EQ(read->filter.campaign, "hello");
  EXPECT_TRUE(read->go);
  EXPECT_EQ(read->up_to, 12U);
  EXPECT_EQ(read->planned_by, order.planned_by);
  EXPECT_EQ(read->after, order.after);
  EXPECT_EQ(read->by, "ada");
}

TEST(DeliveryRequests, OnlyADropIsAboutWhatWaits) {
  const auto read = parse_delivery_order(Verb::kDrop, R"({"state":"put_off"})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->filter.state, DeliveryState::kPutOff);
  EXPECT_FALSE(read->after);
  for (const char* after : {"1", "12-", "-00112233445566778899aabbccddeeff", "1-2", "x-00"}) {
    const std::string body = std::string(R"({"state":"put_off","after":")") + after + "\"}";
    EXPECT_THAT(error_of(parse_delivery_order(Verb::kDrop, body)), HasSubstr("expected {"))
        << after;
  }
}

TEST(DeliveryRequests, AnOrderSaysWhichAndARetryOnlyOfWhatHasEnded) {
  EXPECT_THAT(error_of(parse_delivery_order(Verb::kRetry, "{}")), HasSubstr("not said which"));
  EXPECT_THAT(error_of(parse_delivery_order(Verb::kRetry, R"({"state":"waiting"})")),
              HasSubstr("has not ended"));
  EXPECT_THAT(error_of(parse_delivery_order(Verb::kRetry, R"({"keys":["12"]})")),
              HasSubstr("`12` is not a message key"));
  for (const char* body : {"", "[]", R"({"keys":"a"})", R"({"keys":[1]})", R"({"state":1})",
                           R"({"state":"refused","yes":1})", R"({"state":"refused","up_to":-1})",
                           R"({"state":"refused","planned_by":"now"})"}) {
    EXPECT_THAT(error_of(parse_delivery_order(Verb::kRetry, body)), HasSubstr("expected {"))
        << body;
  }
  const std::vector<std::string> many(kMaxOrderedKeys + 1, kKey);
  EXPECT_FALSE(delivery_filter(many, "", ""));
}

}  // namespace
}  // namespace sojourn::app
