#include "runtime/uv/http_server.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <mutex>
#include <optional>

#include "tests/unit/runtime/uv/harness.h"

namespace sojourn::uv {
namespace {

std::string get(std::string_view path) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path);
}

HttpResponse text(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  response.content_type = "text/plain";
  return response;
}

// A handler that keeps requests for the test to answer. All but `wait_for` on the
// loop's thread.
class Desk {
 public:
  TestServer::Handler handler() {
    return [this](HttpRequest&& request, Responder responder) {
      const std::lock_guard lock(mutex_);
      kept_.push_back({std::string(request.path()), std::move(responder)});
      changed_.notify_all();
    };
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return kept_.size() >= count; });
  }
  // Answers with the request's path.
  void answer(std::size_t index) { kept_.at(index).responder->answer(text(kept_.at(index).path)); }
  void drop(std::size_t index) { kept_.at(index).responder.reset(); }
  bool wanted(std::size_t index) { return kept_.at(index).responder->wanted(); }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return kept_.size();
  }

 private:
  struct Kept {
    std::string path;
    std::optional<Responder> responder;
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Kept> kept_;
};

// Waits for what the server does in its own time, such as noticing a timeout.
template <typename Condition>
void wait_until(TestServer& server, Condition condition) {
  while (!condition(server.stats())) std::this_thread::yield();
}

TEST(HttpServer, WritesAResponseByteForByte) {
  TestServer server({}, [](HttpRequest&&, Responder responder) {
    HttpResponse response;
    response.status = 429;
    response.body = R"({"code":"RateLimitExceeded"})";
    response.headers = {{"Retry-After", "3"}};
    responder.answer(response);
  });
  Peer peer(server.port());
  peer.send(get("/"));
  EXPECT_EQ(peer.read_message(),
            "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n"
            "Content-Length: 28\r\nRetry-After: 3\r\n\r\n"
            R"({"code":"RateLimitExceeded"})");
}

TEST(HttpServer, LetsNoHeaderValueBeginAnotherHeader) {
  TestServer server({}, [](HttpRequest&&, Responder responder) {
    HttpResponse response;
    response.status = 204;
    response.headers = {{"X", "a\r\nSet-Cookie: b"}};
    responder.answer(response);
  });
  Peer peer(server.port());
  peer.send(get("/"));
  EXPECT_EQ(peer.read_message(), "HTTP/1.1 204 No Content\r\nX: a  Set-Cookie: b\r\n\r\n");
}

TEST(HttpServer, AnswersHeadWithoutABody) {
  TestServer server;
  Peer peer(server.port());
  peer.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.half_close();
  EXPECT_EQ(peer.read_all(),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n");
}

TEST(HttpServer, KeepsAnHttp10ConnectionOnlyWhenAsked) {
  TestServer server;
  Peer peer(server.port());
  peer.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(peer.read_message().find("\r\nConnection: keep-alive\r\n"), std::string::npos);
  peer.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_NE(peer.read_message().find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_TRUE(peer.at_end());
}

TEST(HttpServer, KeepsOneConnectionForManyRequests) {
  TestServer server;
  Peer peer(server.port());
  for (int i = 0; i < 100; ++i) {
    peer.send(get(fmt::format("/{}", i)));
    EXPECT_EQ(summary(peer.read_message()), fmt::format("200 GET /{} []", i));
  }
  EXPECT_EQ(server.stats().accepted_connections, 1u);
  EXPECT_EQ(server.stats().requests, 100u);
}

TEST(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  Desk desk;
  TestServer server({}, desk.handler());
  Peer peer(server.port());
  peer.send(get("/0") + get("/1") + get("/2") + get("/3"));
  desk.wait_for(4);
  server.thread().call([&] {
    desk.answer(2);
    desk.answer(1);
    desk.answer(0);
  });
  EXPECT_EQ(summary(peer.read_message()), "200 /0");
  EXPECT_EQ(summary(peer.read_message()), "200 /1");
  EXPECT_EQ(summary(peer.read_message()), "200 /2");
  server.thread().call([&] { desk.answer(3); });
  EXPECT_EQ(summary(peer.read_message()), "200 /3");
}

TEST(HttpServer, ReadsNoMorePipelinedRequestsThanItMay) {
  HttpServerOptions options;
  options.max_pipelined = 2;
  Desk desk;
  TestServer server(options, desk.handler());
  Peer peer(server.port());
  std::string requests;
  for (int i = 0; i < 10; ++i) requests += get(fmt::format("/{}", i));
  peer.send(requests);
  for (std::size_t i = 0; i < 10; ++i) {
    desk.wait_for(i + 1);
    EXPECT_LE(desk.count(), i + 2);
    server.thread().call([&] { desk.answer(i); });
    EXPECT_EQ(summary(peer.read_message()), fmt::format("200 /{}", i));
  }
}

TEST(HttpServer, DoesNotPileUpAnswersThatAreNotRead) {
  constexpr int kRequests = 1'000;
  const std::string body(64 * 1024, 'a');
  std::atomic<int> read = 0;
  int answered = 0;
  int most_unread = 0;
  TestServer server({}, [&](HttpRequest&&, Responder responder) {
    most_unread = std::max(most_unread, ++answered - read.load());
    responder.answer(text(body));
  });
  Peer peer(server.port());
  std::string requests;
  for (int i = 0; i < kRequests; ++i) requests += get("/");
  peer.send(requests);
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_GT(peer.read_message().size(), body.size());
    ++read;
  }
  // What the sockets' own buffers hold, some MiB, and a little.
  EXPECT_LT(server.thread().call([&] { return most_unread; }), kRequests / 2);
}

TEST(HttpServer, AnswersADroppedRequestWith500) {
  Desk desk;
  TestServer server({}, desk.handler());
  Peer peer(server.port());
  peer.send(get("/0") + get("/1"));
  desk.wait_for(2);
  server.thread().call([&] {
    desk.answer(1);
    desk.drop(0);
  });
  EXPECT_EQ(summary(peer.read_message()), "500 the request was not answered");
  EXPECT_EQ(summary(peer.read_message()), "200 /1");
}

TEST(HttpServer, CutsAConnectionInsteadOfAnswering) {
  TestServer server({}, [](HttpRequest&& request, Responder responder) {
    if (request.path() == "/cut") return responder.reset();
    responder.answer(text("answered"));
  });
  Peer peer(server.port());
  peer.send(get("/"));
  EXPECT_EQ(summary(peer.read_message()), "200 answered");
  peer.send(get("/cut") + get("/"));
  EXPECT_EQ(peer.read_all(), "");
  EXPECT_EQ(server.stats().requests, 2u);
  EXPECT_EQ(server.stats().open_connections, 0u);
}

TEST(HttpServer, ForgetsAnswersToAConnectionThatHasGone) {
  Desk desk;
  TestServer server({}, desk.handler());
  Peer peer(server.port());
  peer.send(get("/0") + get("/1"));
  desk.wait_for(2);
  server.thread().call([&] { EXPECT_TRUE(desk.wanted(0)); });
  peer.reset();
  wait_until(server, [](const HttpServerStats& stats) { return stats.open_connections == 0; });
  server.thread().call([&] {
    EXPECT_FALSE(desk.wanted(0));
    desk.answer(0);
    desk.drop(1);
  });
}

TEST(HttpServer, MayBeDestroyedWhileRequestsWait) {
  Desk desk;
  TestServer server({}, desk.handler());
  Peer peer(server.port());
  peer.send(get("/0"));
  desk.wait_for(1);
  server.destroy();
  EXPECT_EQ(peer.read_all(), "");
  server.thread().call([&] { desk.answer(0); });
}

TEST(HttpServer, AnswersWhatWasAskedBeforeThePeerStoppedSending) {
  Desk desk;
  TestServer server({}, desk.handler());
  Peer peer(server.port());
  peer.send(get("/0") + "GET /half HTTP");
  peer.half_close();
  desk.wait_for(1);
  server.thread().call([&] { desk.answer(0); });
  EXPECT_EQ(summary(peer.read_all()), "200 /0");
}

TEST(HttpServer, CarriesLargeBodiesBothWaysAtThePeersPace) {
  TestServer server;
  Peer peer(server.port());
  const std::string body(3'000'000, 'b');
  std::string requests;
  for (int i = 0; i < 3; ++i) {
    requests += fmt::format("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}",
                            body.size(), body);
  }
  // The answers fill every buffer on the way before the first is read.
  std::thread sender([&] { peer.send(requests); });
  wait_until(server, [](const HttpServerStats& stats) { return stats.requests >= 1; });
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(summary(peer.read_message()), "200 POST / [" + body + "]");
  }
  sender.join();
}

TEST(HttpServer, InvitesABodyThatWaitsForIt) {
  TestServer server;
  Peer peer(server.port());
  peer.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(peer.read_message(), "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("hi");
  EXPECT_EQ(summary(peer.read_message()), "200 POST / [hi]");
}

TEST(HttpServer, LetsTheCallerWordTheAnswerToAnOversizeBody) {
  LoopThread thread;
  std::unique_ptr<HttpServer> server;
  const int port = thread.call([&] {
    HttpServerOptions options;
    options.max_body_bytes = 10;
    HttpHandlers handlers{answer_with_what_was_seen, [](const HttpRequest& request) {
                            HttpResponse response = text(fmt::format("{} too big", request.path()));
                            response.status = 413;
                            return response;
                          }};
    server = std::make_unique<HttpServer>(thread.loop(), options, std::move(handlers));
    return server->listen_tcp("127.0.0.1", 0).value();
  });
  Peer peer(port);
  // The peer sends all of it before it looks for the answer, which still arrives.
  peer.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  peer.send(std::string(3'000'000, 'b'));
  EXPECT_EQ(summary(peer.read_all()), "413 /x too big");
  thread.call([&] { server.reset(); });
}

TEST(HttpServer, ReadsNoLongBodyOfWhomItsCallerDoesNotLetIn) {
  std::size_t asked = 0;
  std::size_t handled = 0;
  LoopThread thread;
  std::unique_ptr<HttpServer> server;
  const int port = thread.call([&] {
    server = std::make_unique<HttpServer>(
        thread.loop(), HttpServerOptions{},
        HttpHandlers{[&](HttpRequest&&, Responder responder) {
                       ++handled;
                       responder.answer(text("taken"));
                     },
                     {},
                     [&](const HttpRequest& request) -> std::optional<HttpResponse> {
                       ++asked;
                       if (request.header("api-key") == "good") return std::nullopt;
                       HttpResponse response = text("who are you?");
                       response.status = 401;
                       return response;
                     }});
    return *server->listen_tcp("127.0.0.1", 0);
  });
  const auto head = [](std::string_view key) {
    return fmt::format(
        "POST /x HTTP/1.1\r\nHost: a\r\nApi-Key: {}\r\nContent-Length: 300000\r\n\r\n", key);
  };
  Peer stranger(port);
  stranger.send(head("bad"));
  EXPECT_EQ(summary(stranger.read_all()), "401 who are you?") << "though no byte of the body came";
  Peer waiting(port);
  waiting.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(summary(waiting.read_all()), "401 who are you?") << "it is not invited";
  Peer known(port);
  known.send(head("good"));
  known.send(std::string(100'000, 'b'));
  known.send(std::string(200'000, 'b'));
  EXPECT_EQ(summary(known.read_message()), "200 taken");
  known.send(head("good") + std::string(300'000, 'b'));
  EXPECT_EQ(summary(known.read_message()), "200 taken");
  thread.call([&] {
    EXPECT_EQ(asked, 4U) << "once of each request, also of the second on a connection";
    EXPECT_EQ(handled, 2U);
    EXPECT_EQ(server->stats().unfinished_bytes, 0U);
    server.reset();
  });
}

TEST(HttpServer, HasALimitForAllUnfinishedBodiesTogether) {
  HttpServerOptions options;
  options.max_unfinished_bytes = 1'000;
  TestServer server(options);
  const std::string head = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n";
  Peer first(server.port());
  first.send(head + std::string(600, 'a'));
  wait_until(server, [](const HttpServerStats& stats) { return stats.unfinished_bytes == 600; });
  Peer second(server.port());
  second.send(head + std::string(600, 'b'));
  const std::string refused = second.read_all();
  EXPECT_EQ(summary(refused), "503 too many bodies are on their way");
  EXPECT_NE(refused.find("Retry-After: 1"), std::string::npos);
  first.send(std::string(300, 'a'));
  EXPECT_EQ(summary(first.read_message()), "200 POST /x [" + std::string(900, 'a') + "]");
  {
    Peer third(server.port());
    third.send(head + std::string(600, 'c'));
    wait_until(server, [](const HttpServerStats& stats) { return stats.unfinished_bytes == 600; });
  }
  wait_until(server, [](const HttpServerStats& stats) { return stats.unfinished_bytes == 0; });
}

TEST(HttpServer, HangsUpOnAnIdleConnection) {
  HttpServerOptions options;
  options.idle_timeout = base::Millis{20};
  TestServer server(options);
  Peer peer(server.port());
  EXPECT_EQ(peer.read_all(), "");
  EXPECT_EQ(server.stats().timeouts, 1u);
}

TEST(HttpServer, RefusesAHeadThatDoesNotEnd) {
  HttpServerOptions options;
  options.head_timeout = base::Millis{20};
  TestServer server(options);
  Peer peer(server.port());
  peer.send("GET / HT");
  EXPECT_EQ(summary(peer.read_all()), "408 the request took too long");
  EXPECT_EQ(server.stats().timeouts, 1u);
}

TEST(HttpServer, RefusesABodyThatDoesNotEnd) {
  HttpServerOptions options;
  options.body_timeout = base::Millis{20};
  TestServer server(options);
  Peer peer(server.port());
  peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
  EXPECT_EQ(summary(peer.read_all()), "408 the request took too long");
  EXPECT_EQ(server.stats().timeouts, 1u);
}

TEST(HttpServer, GivesUpOnAPeerThatDoesNotReadItsAnswer) {
  HttpServerOptions options;
  options.write_timeout = base::Millis{30};
  TestServer server(options, [](HttpRequest&&, Responder responder) {
    responder.answer(text(std::string(32 * 1024 * 1024, 'a')));
  });
  Peer peer(server.port());
  peer.send(get("/"));
  wait_until(server, [](const HttpServerStats& stats) { return stats.timeouts == 1; });
  EXPECT_EQ(server.stats().open_connections, 0u);
}

TEST(HttpServer, DoesNotTimeOutARequestThatIsBeingAnswered) {
  HttpServerOptions options;
  options.idle_timeout = base::Millis{100};
  Desk desk;
  TestServer server(options, desk.handler());
  // The loop stands still meanwhile, so the request is there when it first looks.
  auto waiting = server.thread().call([&] {
    Peer peer(server.port());
    peer.send(get("/0"));
    return peer;
  });
  desk.wait_for(1);
  Peer idle(server.port());
  // By the time the idle one is thrown out, the waiting one has waited longer.
  EXPECT_TRUE(idle.at_end());
  server.thread().call([&] { desk.answer(0); });
  EXPECT_EQ(summary(waiting.read_message()), "200 /0");
}

TEST(HttpServer, TurnsAwayWhoComesWhileAllWaitForTheHandler) {
  HttpServerOptions options;
  options.max_connections = 2;
  Desk desk;
  TestServer server(options, desk.handler());
  Peer first(server.port());
  Peer second(server.port());
  first.send(get("/0"));
  second.send(get("/1"));
  desk.wait_for(2);
  Peer third(server.port());
  EXPECT_EQ(third.read_all(),
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
            "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(server.stats().turned_away_connections, 1u);
  server.thread().call([&] {
    desk.answer(0);
    desk.answer(1);
  });
  EXPECT_NE(first.read_message(), "");
  EXPECT_NE(second.read_message(), "");
  EXPECT_EQ(server.stats().displaced_connections, 0u);
}

TEST(HttpServer, WhoKeepsItWaitingLongestGivesWay) {
  HttpServerOptions options;
  options.max_connections = 2;
  TestServer server(options);
  Peer first(server.port());
  Peer second(server.port());
  Peer third(server.port());
  EXPECT_EQ(first.read_all(), "");
  for (Peer* peer : {&second, &third}) {
    peer->send(get("/x"));
    EXPECT_EQ(summary(peer->read_message()), "200 GET /x []");
  }
  EXPECT_EQ(server.stats().displaced_connections, 1u);
  EXPECT_EQ(server.stats().turned_away_connections, 0u);
  EXPECT_EQ(server.stats().open_connections, 2u);
}

// Says of each request for /in that its sender may ask.
void let_some_in(HttpRequest&& request, Responder responder) {
  if (request.path() == "/in") responder.let_in();
  answer_with_what_was_seen(std::move(request), std::move(responder));
}

TEST(HttpServer, StrangersDisplaceEachOtherAndNobodyWhoWasLetIn) {
  HttpServerOptions options;
  options.max_connections = 4;
  TestServer server(options, let_some_in);
  Peer first(server.port());
  Peer second(server.port());
  for (Peer* peer : {&first, &second}) {
    peer->send(get("/in"));
    EXPECT_EQ(summary(peer->read_message()), "200 GET /in []");
  }
  std::vector<Peer> strangers;
  for (int i = 0; i < 40; ++i) {
    Peer& stranger = strangers.emplace_back(server.port());
    if (i % 2 == 0) continue;
    stranger.send(get("/x"));
    EXPECT_EQ(summary(stranger.read_message()), "200 GET /x []");
  }
  EXPECT_EQ(server.stats().displaced_connections, 38u);
  for (Peer* peer : {&first, &second}) {
    peer->send(get("/y"));
    EXPECT_EQ(summary(peer->read_message()), "200 GET /y []") << "whoever waited longest";
  }
}

TEST(HttpServer, WhereAllWereLetInTheOneWaitedForLongestGivesWay) {
  HttpServerOptions options;
  options.max_connections = 2;
  TestServer server(options, let_some_in);
  Peer first(server.port());
  Peer second(server.port());
  for (Peer* peer : {&first, &second}) {
    peer->send(get("/in"));
    EXPECT_EQ(summary(peer->read_message()), "200 GET /in []");
  }
  Peer third(server.port());
  EXPECT_EQ(first.read_all(), "");
  third.send(get("/in"));
  EXPECT_EQ(summary(third.read_message()), "200 GET /in []");
  EXPECT_EQ(server.stats().displaced_connections, 1u);
}

// Each holds one of the hundred connections that may be, and says as little as it can.
TEST(HttpServer, HundredsWhoSaySlowlyOrNothingKeepNobodyOut) {
  HttpServerOptions options;
  options.max_connections = 100;
  TestServer server(options);
  const std::vector<std::string> beginnings{
      "", "G", "GET / HTTP/1.1\r\nHost: a\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n"};
  std::vector<Peer> slow;
  for (int i = 0; i < 300; ++i) {
    slow.emplace_back(server.port())
        .send(beginnings[static_cast<std::size_t>(i) % beginnings.size()]);
    if (i % 50 != 49) continue;
    Peer prober(server.port());
    prober.send(get("/healthz"));
    EXPECT_EQ(summary(prober.read_message()), "200 GET /healthz []") << i;
  }
  const HttpServerStats stats = server.stats();
  EXPECT_EQ(stats.turned_away_connections, 0u);
  EXPECT_LE(stats.open_connections, 100u);
  EXPECT_GE(stats.displaced_connections, 200u);
}

TEST(HttpServer, ClosesGracefully) {
  Desk desk;
  TestServer server({}, desk.handler());
  Peer idle(server.port());
  Peer busy(server.port());
  busy.send(get("/0") + get("/1") + "GET /half HTTP");
  desk.wait_for(2);
  bool done = false;
  server.thread().call([&] {
    server.server()->close([&] { done = true; });
    EXPECT_FALSE(done);
  });
  EXPECT_EQ(idle.read_all(), "");
  server.thread().call([&] {
    EXPECT_FALSE(done);
    desk.answer(1);
  });
  server.thread().call([&] { desk.answer(0); });
  EXPECT_EQ(summary(busy.read_message()), "200 /0");
  const std::string last = busy.read_message();
  EXPECT_EQ(summary(last), "200 /1");
  EXPECT_NE(last.find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_TRUE(busy.at_end());
  wait_until(server,
             [&](const HttpServerStats&) { return server.thread().call([&] { return done; }); });
}

TEST(HttpServer, ClosesAtOnceWhenNobodyIsConnected) {
  TestServer server;
  server.close();
}

}  // namespace
}  // namespace sojourn::uv
