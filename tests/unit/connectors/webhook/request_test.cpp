#include "connectors/webhook/request.h"

#include <gtest/gtest.h>

namespace sojourn::connectors::webhook {
namespace {

using graph::Value;

const base::Hash128 kKey{0x0123456789abcdefULL, 0x0000000000000001ULL};

graph::Webhook scoring(const std::string& method) {
  graph::Webhook webhook;
  webhook.name = "scoring";
  webhook.url = "https://scores.example.com/one";
  webhook.method = method;
  return webhook;
}

TEST(WebhookRequest, GivesTheFieldsAsAnObjectUnderTheKey) {
  const Request made = request(scoring("POST"), kKey,
                               {{"plan", Value("a \"b\"")}, {"seats", Value(std::int64_t{3})}});
  EXPECT_EQ(made.webhook, "scoring");
  EXPECT_EQ(made.key, "0123456789abcdef0000000000000001");
  EXPECT_EQ(made.body, R"({"plan":"a \"b\"","seats":3})");
}

TEST(WebhookRequest, WithoutDataItIsAnEmptyObject) {
  EXPECT_EQ(request(scoring("PUT"), kKey, {}).body, "{}");
}

TEST(WebhookRequest, AGetCarriesNothing) {
  EXPECT_EQ(request(scoring("GET"), kKey, {}).body, "");
  EXPECT_FALSE(carries_body(scoring("GET")));
  EXPECT_TRUE(carries_body(scoring("DELETE")));
}

}  // namespace
}  // namespace sojourn::connectors::webhook
