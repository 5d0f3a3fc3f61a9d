#include "runtime/dispatcher.h"

#include <gtest/gtest.h>
#include <utility>
#include <vector>

namespace sojourn::runtime {
namespace {

class NoTransport final : public Transport {
 public:
  bool send(const connectors::HttpRequest&, Done) override {
    ADD_FAILURE() << "a call is no request to Iterable";
    return false;
  }
};

class FakeCalls final : public CallTransport {
 public:
  bool call(const connectors::webhook::Request& request, Transport::Done done) override {
    if (full) return false;
    requests.push_back(request);
    waiting = std::move(done);
    return true;
  }
  bool full = false;
  std::vector<connectors::webhook::Request> requests;
  Transport::Done waiting;
};

graph::Catalog catalog() {
  graph::Webhook webhook;
  webhook.name = "scoring";
  graph::Type integer;
  integer.kind = graph::Type::Kind::kInteger;
  webhook.returns = {{"score", integer}};
  graph::Catalog catalog;
  catalog.webhooks.push_back(webhook);
  return catalog;
}

Outgoing call() {
  Outgoing out;
  out.attempt = 3;
  out.call = connectors::webhook::Request{"scoring", "k", "{}"};
  return out;
}

class DispatcherCalls : public testing::Test {
 protected:
  DispatcherCalls() { dispatcher_.carry_calls(calls_, catalog_); }

  NoTransport iterable_;
  FakeCalls calls_;
  const graph::Catalog catalog_ = catalog();
  std::vector<AttemptEnded> ended_;
  Dispatcher dispatcher_{iterable_, [this](AttemptEnded ended) { ended_.push_back(ended); }};
};

TEST_F(DispatcherCalls, BringTheReplyBackByWhatTheWebhookReturns) {
  dispatcher_.dispatch(call());
  EXPECT_EQ(dispatcher_.under_way(), 1u);
  EXPECT_EQ(calls_.requests.at(0).key, "k");
  calls_.waiting(connectors::Response{200, "", R"({"score":7,"more":1})"});
  EXPECT_EQ(dispatcher_.under_way(), 0u);
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].webhook, "scoring");
  EXPECT_EQ(ended_[0].attempt, 3u);
  EXPECT_EQ(ended_[0].outcome.kind, connectors::OutcomeKind::kAccepted);
  ASSERT_TRUE(ended_[0].reply.has_value());
  EXPECT_EQ(*ended_[0].reply,
            (std::vector<graph::Field>{{"score", graph::Value(std::int64_t{7})}}));
}

TEST_F(DispatcherCalls, OfAFullQueueAreTriedAgain) {
  calls_.full = true;
  dispatcher_.dispatch(call());
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].outcome.kind, connectors::OutcomeKind::kRetry);
  EXPECT_EQ(ended_[0].outcome.reason, "no_connection");
  EXPECT_EQ(ended_[0].health, connectors::Health::kUnknown) << "the host was not asked";
  EXPECT_FALSE(ended_[0].reply.has_value());
}

TEST_F(DispatcherCalls, SayWhetherTheHostIsToBlame) {
  dispatcher_.dispatch(call());
  calls_.waiting(connectors::Response{503, "", ""});
  dispatcher_.dispatch(call());
  calls_.waiting(connectors::Response{404, "", ""});
  ASSERT_EQ(ended_.size(), 2u);
  EXPECT_EQ(ended_[0].health, connectors::Health::kFailing);
  EXPECT_EQ(ended_[1].health, connectors::Health::kWell);
}

class FakeIterable final : public Transport {
 public:
  bool send(const connectors::HttpRequest& request, Done done) override {
    paths.push_back(request.path);
    if (full) return false;
    waiting = std::move(done);
    return true;
  }
  bool full = false;
  std::vector<std::string> paths;
  Done waiting;
};

class DispatcherLookUps : public testing::Test {
 protected:
  static Outgoing look_up() {
    Outgoing out;
    out.attempt = 2;
    out.endpoint = Endpoint::kSentMessages;
    out.request = {"GET", "/list", {}};
    out.looked_up_campaign = 101;
    return out;
  }

  FakeIterable iterable_;
  std::vector<AttemptEnded> ended_;
  Dispatcher dispatcher_{iterable_, [this](AttemptEnded ended) { ended_.push_back(ended); }};
};

TEST_F(DispatcherLookUps, BringBackWhatIsListed) {
  dispatcher_.dispatch(look_up());
  EXPECT_EQ(dispatcher_.under_way(), 1u);
  iterable_.waiting(
      connectors::Response{200, "", R"({"messages":[{"campaignId":101},{"campaignId":7}]})"});
  EXPECT_EQ(dispatcher_.under_way(), 0u);
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].attempt, 2u);
  EXPECT_EQ(ended_[0].endpoint, Endpoint::kSentMessages);
  ASSERT_TRUE(ended_[0].look_up.has_value());
  EXPECT_EQ(ended_[0].look_up->kind, connectors::iterable::LookUp::Kind::kListed);
  EXPECT_EQ(ended_[0].look_up->listed, 1u);
}

TEST_F(DispatcherLookUps, OfAFullQueueSayNothing) {
  iterable_.full = true;
  dispatcher_.dispatch(look_up());
  ASSERT_EQ(ended_.size(), 1u);
  ASSERT_TRUE(ended_[0].look_up.has_value());
  EXPECT_EQ(ended_[0].look_up->kind, connectors::iterable::LookUp::Kind::kFailed);
}

}  // namespace
}  // namespace sojourn::runtime
