#include "bench/load/load.h"

#include <atomic>
#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "bench/wire/http_server.h"

namespace sojourn::bench {
namespace {

// A server in a thread of its own, for as long as the test runs.
class Server {
 public:
  explicit Server(HttpServer::Handler handler) : server_(poller_, std::move(handler)) {
    EXPECT_TRUE(server_.listen(0).has_value());
    thread_ = std::thread([this] {
      while (!stop_) {
        poller_.turn(10);
        server_.flush();
      }
    });
  }
  ~Server() {
    stop_ = true;
    thread_.join();
  }
  std::uint16_t port() const { return server_.port(); }

 private:
  Poller poller_;
  HttpServer server_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

LoadOptions options_for(const Server& server) {
  LoadOptions options;
  options.port = server.port();
  options.connections = 4;
  options.max_events = 50;
  return options;
}

TEST(Load, SendsEveryEventOnce) {
  std::multiset<std::string> ids;
  base::Result<LoadReport> report;
  {
    Server server([&](const HttpMessage& request, std::string& answer) {
      ids.insert(nlohmann::json::parse(request.body)["id"]);
      append_response(answer, "200 OK", "{}");
    });
    report = run_load(options_for(server));
  }
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->acknowledged, 50u);
  EXPECT_EQ(ids.size(), 50u);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 50u);
}

TEST(Load, TheLastBulkRequestIsShort) {
  std::multiset<std::size_t> sizes;
  base::Result<LoadReport> report;
  {
    Server server([&](const HttpMessage& request, std::string& answer) {
      const auto body = nlohmann::json::parse(request.body);
      sizes.insert(body.contains("events") ? body["events"].size() : 1);
      append_response(answer, "200 OK", "{}");
    });
    LoadOptions options = options_for(server);
    options.events_per_request = 20;
    report = run_load(options);
  }
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->acknowledged, 50u);
  EXPECT_EQ(sizes, (std::multiset<std::size_t>{10, 20, 20}));
}

TEST(Load, ARefusedEventIsSentAgainWithItsIdAfterTheTimeAsked) {
  std::multiset<std::string> ids;
  base::Result<LoadReport> report;
  {
    Server server([&](const HttpMessage& request, std::string& answer) {
      const std::string id = nlohmann::json::parse(request.body)["id"];
      ids.insert(id);
      if (id == "r0-e3" && ids.count(id) == 1) {
        answer += "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
      } else {
        append_response(answer, "200 OK", "{}");
      }
    });
    report = run_load(options_for(server));
  }
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->acknowledged, 50u);
  EXPECT_EQ(report->refused, 1u);
  EXPECT_EQ(ids.count("r0-e3"), 2u);
  EXPECT_EQ(ids.size(), 51u);
  EXPECT_GE(report->seconds(), 1.0);
}

TEST(Load, AnyOtherAnswerEndsTheRunAndIsShown) {
  Server server([](const HttpMessage&, std::string& answer) {
    append_response(answer, "401 Unauthorized", R"({"msg":"bad key"})");
  });
  const auto report = run_load(options_for(server));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, R"(an event was answered 401: {"msg":"bad key"})");
}

TEST(Load, NobodyThereIsAnError) {
  LoadOptions options;
  {
    Server server([](const HttpMessage&, std::string&) {});
    options = options_for(server);
  }
  const auto report = run_load(options);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("cannot connect to 127.0.0.1"), std::string::npos);
}

}  // namespace
}  // namespace sojourn::bench
