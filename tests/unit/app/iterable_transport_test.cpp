// What of a request the transport adds: method, key and type, on real sockets.
#include "app/iterable_transport.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <optional>

#include "runtime/uv/http_server.h"
#include "runtime/uv/loop.h"

namespace sojourn::app {
namespace {

// Answers with a limit, so that the header comes along, and writes down what it was asked.
class TransportTest : public testing::Test {
 protected:
  TransportTest() {
    const auto port = server_.listen_tcp("127.0.0.1", 0);
    EXPECT_TRUE(port.has_value());
    uv::HttpClientOptions options;
    options.allow_http = true;
    options.wanted_headers = {"retry-after"};
    transport_.emplace(loop_, options, fmt::format("http://127.0.0.1:{}", port.value_or(0)),
                       "a-key");
  }

  // "PUT /api/x a-key application/json {}"
  std::string seen(const connectors::HttpRequest& request) {
    EXPECT_TRUE(transport_->send(request, [this](connectors::Attempt attempt) {
      attempt_ = std::move(attempt);
      loop_.stop();
    }));
    loop_.run();
    return std::exchange(seen_, "");
  }

  uv::Loop loop_;
  uv::HttpServer server_{
      loop_,
      {},
      uv::HttpHandlers{[this](uv::HttpRequest&& request, uv::Responder responder) {
                         const std::string query =
                             request.query().empty() ? "" : "?" + std::string(request.query());
                         seen_ = fmt::format("{} {}{} {} {} {}", request.method(), request.path(),
                                             query, request.header("Api-Key").value_or("-"),
                                             request.header("Content-Type").value_or("-"),
                                             request.body());
                         responder.answer(uv::HttpResponse{
                             429, "{}", "application/json", {{"Retry-After", "7"}}});
                       },
                       {}}};
  std::optional<IterableTransport> transport_;
  std::string seen_;
  connectors::Attempt attempt_;
};

TEST_F(TransportTest, SendsMethodPathKeyTypeAndBody) {
  EXPECT_EQ(seen({"POST", "/api/email/target", R"({"campaignId":1})"}),
            R"(POST /api/email/target a-key application/json {"campaignId":1})");
  EXPECT_EQ(seen({"PUT", "/api/catalogs/c/items/i", R"({"value":{}})"}),
            R"(PUT /api/catalogs/c/items/i a-key application/json {"value":{}})");
  EXPECT_EQ(seen({"PATCH", "/api/catalogs/c/items/i", R"({"update":{}})"}),
            R"(PATCH /api/catalogs/c/items/i a-key application/json {"update":{}})");
  EXPECT_EQ(seen({"DELETE", "/api/catalogs/c/items", R"({"itemIds":["i"]})"}),
            R"(DELETE /api/catalogs/c/items a-key application/json {"itemIds":["i"]})");
  EXPECT_EQ(seen({"DELETE", "/api/users/a%2Bb@example.com", {}}),
            "DELETE /api/users/a%2Bb@example.com a-key application/json ");
  EXPECT_EQ(seen({"GET", "/api/inApp/getMessages?userId=u&count=1", {}}),
            "GET /api/inApp/getMessages?userId=u&count=1 a-key application/json ");
}

TEST_F(TransportTest, BringsBackStatusAndRetryAfter) {
  seen({"POST", "/api/email/target", "{}"});
  const auto& response = std::get<connectors::Response>(attempt_);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.retry_after, "7");
  EXPECT_EQ(response.body, "{}");
}

}  // namespace
}  // namespace sojourn::app
