// What stands before every connection: a client for public addresses only reaches
// nothing else, however its address is written.
#include "runtime/uv/curl_multi.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "runtime/uv/http_client.h"
#include "tests/unit/runtime/uv/harness.h"

namespace sojourn::uv {
namespace {

using Kind = HttpFailure::Kind;

HttpFailure fail(HttpClient& client, LoopThread& thread, const std::string& url) {
  std::promise<HttpOutcome> promise;
  thread.call([&] {
    HttpCall call;
    call.url = url;
    EXPECT_TRUE(
        client.send(std::move(call), [&](HttpOutcome outcome) { promise.set_value(outcome); }));
  });
  const HttpOutcome outcome = promise.get_future().get();
  EXPECT_FALSE(outcome) << url;
  return outcome ? HttpFailure{} : outcome.error();
}

class Gate : public testing::Test {
 protected:
  Gate() {
    HttpClientOptions options;
    options.allow_http = true;
    options.public_addresses_only = true;
    options.connect_timeout = base::seconds(5);
    thread_.call([&] { client_ = std::make_unique<HttpClient>(thread_.loop(), options); });
  }
  ~Gate() override {
    thread_.call([&] { client_.reset(); });
  }

  TestServer server_;  // on loopback: must see nobody
  LoopThread thread_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(Gate, LetsNoFormOfAPrivateAddressThrough) {
  const std::vector<std::string> hosts = {"127.0.0.1",
                                          "127.0.0.2",
                                          "127.1.2.3",
                                          "localhost",
                                          "LOCALHOST",
                                          "127.1",
                                          "127.0.1",
                                          "2130706433",
                                          "0x7f000001",
                                          "0x7f.0.0.1",
                                          "0x7F.0x0.0x0.0x1",
                                          "0177.0.0.1",
                                          "017700000001",
                                          "0x7f.1",
                                          "0177.1",
                                          "127.0.0.1.",
                                          "0",
                                          "0.0.0.0",
                                          "0x0",
                                          "00",
                                          "10.0.0.1",
                                          "167772161",
                                          "0x0a000001",
                                          "012.0.0.1",
                                          "10.1",
                                          "172.16.0.1",
                                          "0xac100001",
                                          "172.31.255.255",
                                          "192.168.0.1",
                                          "192.168.1",
                                          "0xc0a80001",
                                          "3232235521",
                                          "169.254.169.254",
                                          "2852039166",
                                          "0xa9fea9fe",
                                          "0251.0376.0251.0376",
                                          "100.64.0.1",
                                          "100.100.100.200",
                                          "192.0.0.192",
                                          "198.18.0.1",
                                          "224.0.0.1",
                                          "239.255.255.250",
                                          "240.0.0.1",
                                          "255.255.255.255",
                                          "[::1]",
                                          "[0:0:0:0:0:0:0:1]",
                                          "[::]",
                                          "[::127.0.0.1]",
                                          "[::7f00:1]",
                                          "[::ffff:127.0.0.1]",
                                          "[::ffff:7f00:1]",
                                          "[0:0:0:0:0:ffff:7f00:0001]",
                                          "[::ffff:10.0.0.1]",
                                          "[::ffff:169.254.169.254]",
                                          "[::FFFF:192.168.0.1]",
                                          "[64:ff9b::7f00:1]",
                                          "[64:ff9b::10.0.0.1]",
                                          "[64:ff9b::169.254.169.254]",
                                          "[64:ff9b:1::1]",
                                          "[fc00::1]",
                                          "[fd00:ec2::254]",
                                          "[fe80::1]",
                                          "[fec0::1]",
                                          "[ff02::1]",
                                          "[2001:db8::1]",
                                          "[2001::1]",
                                          "[2002:7f00:1::]",
                                          "[2002:a00:1::]",
                                          "[100::1]",
                                          "[3fff::1]"};
  ASSERT_GE(hosts.size(), 60u);
  for (const std::string& host : hosts) {
    const HttpFailure failure =
        fail(*client_, thread_, fmt::format("http://{}:{}/", host, server_.port()));
    // Some forms are no address to the resolver of this machine, or no URL to the client.
    EXPECT_TRUE(failure.kind == Kind::kAddressRefused || failure.kind == Kind::kDns ||
                failure.kind == Kind::kInvalidCall)
        << host << ": " << kind_name(failure.kind) << " " << failure.message;
    EXPECT_FALSE(failure.maybe_received) << host;
  }
  EXPECT_EQ(server_.stats().accepted_connections, 0u);
}

TEST_F(Gate, NamesTheReasonForTheUsualOnes) {
  for (const char* host : {"127.0.0.1", "localhost", "2130706433", "[::1]", "10.0.0.1"}) {
    const std::string url = fmt::format("http://{}:{}/", host, server_.port());
    EXPECT_EQ(fail(*client_, thread_, url).kind, Kind::kAddressRefused) << host;
  }
}

TEST_F(Gate, StandsBeforeTheClientThatIsGivenIt) {
  HttpClientOptions options;
  options.allow_http = true;
  std::unique_ptr<HttpClient> free;
  thread_.call([&] { free = std::make_unique<HttpClient>(thread_.loop(), options); });
  std::promise<int> status;
  thread_.call([&] {
    HttpCall call;
    call.url = fmt::format("http://127.0.0.1:{}/", server_.port());
    EXPECT_TRUE(free->send(std::move(call), [&](HttpOutcome outcome) {
      status.set_value(outcome ? outcome->status : 0);
    }));
  });
  EXPECT_EQ(status.get_future().get(), 200);
  thread_.call([&] { free.reset(); });
}

}  // namespace
}  // namespace sojourn::uv
