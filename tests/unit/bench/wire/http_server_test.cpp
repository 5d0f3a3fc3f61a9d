#include "bench/wire/http_server.h"

#include <gtest/gtest.h>
#include <memory>
#include <vector>

#include "bench/wire/http_channel.h"

namespace sojourn::bench {
namespace {

// Channels to a server, both on one poller.
class HttpServerTest : public testing::Test, public ChannelOwner {
 protected:
  HttpServerTest() { EXPECT_TRUE(server_.listen(0)); }

  void on_response(std::size_t, const HttpMessage&) override { ++answers_; }
  void on_broken(std::size_t) override { ++answers_; }

  // Sends the request on the channel and turns until it is answered.
  void exchange(HttpChannel& channel, std::string_view method, std::string_view body = "{}") {
    std::string request;
    append_request(request, method, "/", "", body);
    channel.send(request);
    const int before = answers_;
    while (answers_ == before) {
      poller_.turn(1000);
      server_.flush();
    }
  }

  std::unique_ptr<HttpChannel> connected() {
    auto channel = std::make_unique<HttpChannel>(poller_, *this, 0);
    EXPECT_TRUE(channel->connect(server_.port()));
    return channel;
  }

  Poller poller_;
  int answers_ = 0;
  HttpServer server_{poller_, [](const HttpMessage&, std::string& answer) {
                       append_response(answer, "200 OK", "{}");
                     }};
};

TEST_F(HttpServerTest, CountsTheConnectionsThatBroughtSomethingAtOnce) {
  const auto asks = connected();
  exchange(*asks, "GET");
  EXPECT_EQ(server_.most_senders(), 0u);
  const auto first = connected();
  exchange(*first, "POST");
  exchange(*first, "POST");
  EXPECT_EQ(server_.most_senders(), 1u);
  const auto second = connected();
  exchange(*second, "POST");
  EXPECT_EQ(server_.most_senders(), 2u);
}

}  // namespace
}  // namespace sojourn::bench
