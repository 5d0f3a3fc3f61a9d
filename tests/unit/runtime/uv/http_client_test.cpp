#include "runtime/uv/http_client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <optional>

#include "runtime/uv/parsed_urls.h"
#include "tests/unit/runtime/uv/harness.h"
#include "tests/unit/runtime/uv/tls_peer.h"

namespace sojourn::uv {
namespace {

using Kind = HttpFailure::Kind;

HttpClientOptions plain() {
  HttpClientOptions options;
  options.allow_http = true;
  return options;
}

std::string url(int port, std::string_view path = "/", std::string_view scheme = "http") {
  return fmt::format("{}://127.0.0.1:{}{}", scheme, port, path);
}

HttpCall post(std::string address, std::string body = "{}") {
  HttpCall call;
  call.url = std::move(address);
  call.body = std::move(body);
  return call;
}

HttpCall get(std::string address) {
  HttpCall call = post(std::move(address));
  call.method = HttpCall::Method::kGet;
  return call;
}

// A client on a loop's thread, used from the test's.
class TestClient {
 public:
  explicit TestClient(HttpClientOptions options = plain()) {
    thread_.call([&] { client_ = std::make_unique<HttpClient>(thread_.loop(), options); });
  }
  ~TestClient() { destroy(); }

  std::future<HttpOutcome> send(HttpCall call) {
    auto promise = std::make_shared<std::promise<HttpOutcome>>();
    thread_.call([&] {
      EXPECT_TRUE(client_->send(std::move(call), [promise](HttpOutcome outcome) {
        promise->set_value(std::move(outcome));
      }));
    });
    return promise->get_future();
  }
  HttpOutcome ask(HttpCall call) { return send(std::move(call)).get(); }
  HttpFailure fail(HttpCall call) {
    HttpOutcome outcome = ask(std::move(call));
    EXPECT_FALSE(outcome) << "status " << outcome->status;
    return outcome ? HttpFailure{} : outcome.error();
  }
  HttpClientStats stats() {
    return thread_.call([&] { return client_->stats(); });
  }
  void destroy() {
    thread_.call([&] { client_.reset(); });
  }
  LoopThread& thread() { return thread_; }
  HttpClient& client() { return *client_; }

 private:
  LoopThread thread_;
  std::unique_ptr<HttpClient> client_;
};

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST(HttpClient, SendsMethodHeadersAndBody) {
  HandServer server;
  TestClient client;
  HttpCall call = post(url(server.port(), "/api/email/target"), R"({"a":1})");
  call.headers = make_header_set({{"Content-Type", "application/json"}, {"Api-Key", "k"}});
  std::future<HttpOutcome> outcome = client.send(std::move(call));
  Peer peer = server.accept();
  EXPECT_EQ(peer.read_message(),
            fmt::format("POST /api/email/target HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                        "User-Agent: sojourn\r\nAccept: */*\r\nContent-Type: application/json\r\n"
                        "Api-Key: k\r\nContent-Length: 7\r\n\r\n{{\"a\":1}}",
                        server.port()));
  peer.send("HTTP/1.1 429 Slow Down\r\nRETRY-AFTER: 7\r\nX: y\r\nContent-Length: 2\r\n\r\n{}");
  const HttpOutcome got = outcome.get();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 429);
  EXPECT_EQ(got->body, "{}");
  ASSERT_NE(got->header("Retry-After"), nullptr);
  EXPECT_EQ(*got->header("Retry-After"), "7");
  EXPECT_EQ(got->header("X"), nullptr);
}

// What it says goes into logs and to senders.
TEST(HttpClient, PassesNoKeyOnThatItsPeerQuotes) {
  HandServer server;
  TestClient client;
  for (const auto& [header, value] :
       {std::pair("Api-Key", "a-key-of-iterable"), std::pair("api-key", "a-key-of-iterable"),
        std::pair("Authorization", "Bearer a-key-of-iterable"),
        std::pair("Authorization", "a-key-of-iterable")}) {
    HttpCall call = post(url(server.port()));
    call.headers = make_header_set({{header, value}, {"X-Other", "not a secret"}});
    auto outcome = client.send(std::move(call));
    Peer peer = server.accept();
    EXPECT_NE(peer.read_message().find("a-key-of-iterable"), std::string::npos) << "it is sent";
    const std::string body =
        "no a-key-of-iterable, a%2Dkey%2dof-iterable, YS1rZXktb2YtaXRlcmFibGU6; not a secret";
    peer.send(
        fmt::format("HTTP/1.1 401 Unauthorized\r\nRetry-After: a-key-of-iterable\r\n"
                    "Connection: close\r\nContent-Length: {}\r\n\r\n{}",
                    body.size(), body));
    const HttpOutcome got = outcome.get();
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->body, "no [secret], [secret], [secret]U6; not a secret");
    EXPECT_EQ(*got->header("retry-after"), "[secret]");
  }
}

TEST(HttpClient, UsesOneHandleForAllMethods) {
  TestServer server;
  HttpClientOptions options = plain();
  options.max_connections = 1;
  TestClient client(options);
  EXPECT_EQ(client.ask(post(url(server.port(), "/1"), "one"))->body, "POST /1 [one]");
  EXPECT_EQ(client.ask(get(url(server.port(), "/2?q=r")))->body, "GET /2?q=r []");
  EXPECT_EQ(client.ask(post(url(server.port(), "/3"), ""))->body, "POST /3 []");
  const auto by = [&](HttpCall::Method method, const std::string& path) {
    HttpCall call = post(url(server.port(), path), "body");
    call.method = method;
    return client.ask(std::move(call))->body;
  };
  EXPECT_EQ(by(HttpCall::Method::kPut, "/4"), "PUT /4 [body]");
  EXPECT_EQ(by(HttpCall::Method::kPatch, "/5"), "PATCH /5 [body]");
  EXPECT_EQ(by(HttpCall::Method::kDelete, "/6"), "DELETE /6 [body]");
  EXPECT_EQ(by(HttpCall::Method::kGet, "/7"), "GET /7 []");
  EXPECT_EQ(by(HttpCall::Method::kPost, "/8"), "POST /8 [body]");
}

TEST(HttpClient, ACallMayHaveATimeoutOfItsOwn) {
  HandServer server;
  HttpClientOptions options = plain();
  options.max_connections = 1;
  TestClient client(options);
  HttpCall call = post(url(server.port()));
  call.timeout = base::Millis{50};
  EXPECT_EQ(client.fail(std::move(call)).kind, Kind::kTimeoutAfterSend);
  // The next one on the same handle has the client's again.
  std::future<HttpOutcome> patient = client.send(post(url(server.port())));
  const Peer given_up = server.accept();
  Peer peer = server.accept();
  peer.read_message();
  peer.send(kOk);
  EXPECT_EQ(patient.get()->status, 200);
}

TEST(HttpClient, AsksForMoreUrlsThanItKeepsParsed) {
  TestServer server;
  TestClient client;
  for (std::size_t i = 0; i < ParsedUrls::kMaxUrls + 10; ++i) {
    const std::string path = fmt::format("/{}?{}", i, i);
    EXPECT_EQ(client.ask(get(url(server.port(), path)))->body, fmt::format("GET {} []", path));
  }
  EXPECT_EQ(client.ask(get(url(server.port(), "/0?0")))->body, "GET /0?0 []");
}

TEST(HttpClient, KeepsItsConnections) {
  TestServer server;
  TestClient client;
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.ask(post(url(server.port())))->status, 200);
  EXPECT_EQ(server.stats().accepted_connections, 1u);
  EXPECT_EQ(client.stats().connections_opened, 1u);
  EXPECT_EQ(client.stats().calls, 50u);
}

TEST(HttpClient, HasNoMoreUnderWayThanConnections) {
  TestServer server;
  HttpClientOptions options = plain();
  options.max_connections = 4;
  TestClient client(options);
  std::vector<std::future<HttpOutcome>> outcomes;
  for (int i = 0; i < 200; ++i) outcomes.push_back(client.send(post(url(server.port()))));
  for (std::future<HttpOutcome>& outcome : outcomes) EXPECT_EQ(outcome.get()->status, 200);
  EXPECT_LE(server.stats().accepted_connections, 4u);
}

TEST(HttpClient, ServesItsQueueInOrder) {
  std::string order;  // the server's thread only
  TestServer server({}, [&](HttpRequest&& request, Responder responder) {
    order += request.body();
    responder.answer({});
  });
  HttpClientOptions options = plain();
  options.max_connections = 1;
  TestClient client(options);
  std::vector<std::future<HttpOutcome>> outcomes;
  for (const char* body : {"a", "b", "c", "d", "e"}) {
    outcomes.push_back(client.send(post(url(server.port()), body)));
  }
  for (std::future<HttpOutcome>& outcome : outcomes) EXPECT_TRUE(outcome.get());
  EXPECT_EQ(order, "abcde");
}

TEST(HttpClient, SaysWhenItsQueueIsFull) {
  HandServer server;
  HttpClientOptions options = plain();
  options.max_connections = 1;
  options.max_queued = 2;
  TestClient client(options);
  client.thread().call([&] {
    EXPECT_TRUE(client.client().send(post(url(server.port())), [](HttpOutcome) {}));
    EXPECT_TRUE(client.client().send(post(url(server.port())), [](HttpOutcome) {}));
    EXPECT_FALSE(client.client().send(post(url(server.port())), [](HttpOutcome) {}));
    EXPECT_EQ(client.client().stats().calls, 2u);
  });
}

TEST(HttpClient, MaySendFromAnAnswersCall) {
  TestServer server;
  TestClient client;
  std::promise<int> last;
  std::function<void(int)> send = [&](int left) {
    const bool taken =
        client.client().send(post(url(server.port())), [&, left](HttpOutcome outcome) {
          if (left > 0) {
            send(left - 1);
          } else {
            last.set_value(outcome ? outcome->status : 0);
          }
        });
    EXPECT_TRUE(taken);
  };
  client.thread().call([&] { send(20); });
  EXPECT_EQ(last.get_future().get(), 200);
}

TEST(HttpClient, SendsALargeBodyWithoutWaitingForAnInvitation) {
  TestServer server;
  HttpClientOptions options = plain();
  options.max_response_bytes = 4 * 1024 * 1024;
  TestClient client(options);
  const std::string body(2'000'000, 'b');
  EXPECT_EQ(client.ask(post(url(server.port()), body))->body, "POST / [" + body + "]");
}

TEST(HttpClient, DoesNotFollowRedirects) {
  TestServer server({}, [](HttpRequest&&, Responder responder) {
    HttpResponse response;
    response.status = 302;
    response.headers = {{"Location", "/elsewhere"}};
    responder.answer(response);
  });
  TestClient client;
  EXPECT_EQ(client.ask(post(url(server.port())))->status, 302);
  EXPECT_EQ(server.stats().requests, 1u);
}

TEST(HttpClient, IsForgottenWithItsCallsWhenDestroyed) {
  HandServer server;
  TestClient client;
  auto owned = std::make_shared<int>(1);
  bool called = false;
  client.thread().call([&] {
    EXPECT_TRUE(client.client().send(post(url(server.port())),
                                     [owned, &called](HttpOutcome) { called = true; }));
  });
  Peer peer = server.accept();
  peer.read_message();
  client.destroy();
  EXPECT_TRUE(peer.at_end());
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_FALSE(called);
}

// --- what may have been received -----------------------------------------------------

TEST(HttpClientFailure, RefusedConnection) {
  HandServer server;
  const int port = server.port();
  server.close();
  TestClient client;
  const HttpFailure failure = client.fail(post(url(port)));
  EXPECT_EQ(failure.kind, Kind::kConnect);
  EXPECT_FALSE(failure.maybe_received);
  EXPECT_NE(failure.message.find("127.0.0.1"), std::string::npos);
}

TEST(HttpClientFailure, NameWithoutAddress) {
  TestClient client;
  // Too long for a name, so no server has to be asked.
  const HttpFailure failure = client.fail(post("http://" + std::string(70, 'a') + ".invalid/"));
  EXPECT_EQ(failure.kind, Kind::kDns);
  EXPECT_FALSE(failure.maybe_received);
}

TEST(HttpClientFailure, UrlThatCannotBeUsed) {
  TestClient client;
  for (const char* address : {"http://", "ftp://127.0.0.1/", "no url at all"}) {
    const HttpFailure failure = client.fail(post(address));
    EXPECT_EQ(failure.kind, Kind::kInvalidCall) << address;
    EXPECT_FALSE(failure.maybe_received) << address;
  }
}

TEST(HttpClientFailure, PlainHttpUnlessAllowed) {
  TestServer server;
  TestClient client{HttpClientOptions{}};
  const HttpFailure failure = client.fail(post(url(server.port())));
  EXPECT_EQ(failure.kind, Kind::kInvalidCall);
  EXPECT_FALSE(failure.maybe_received);
  EXPECT_EQ(server.stats().accepted_connections, 0u);
}

TEST(HttpClientFailure, ResetAfterTheRequest) {
  HandServer server;
  TestClient client;
  std::future<HttpOutcome> outcome = client.send(post(url(server.port())));
  Peer peer = server.accept();
  peer.read_message();
  peer.reset();
  const HttpOutcome got = outcome.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::kResetAfterSend);
  EXPECT_TRUE(got.error().maybe_received);
}

TEST(HttpClientFailure, CloseAfterTheRequestOnAConnectionUsedBefore) {
  HandServer server;
  HttpClientOptions options = plain();
  options.total_timeout = base::seconds(10);
  TestClient client(options);
  std::future<HttpOutcome> first = client.send(post(url(server.port()), "first"));
  Peer peer = server.accept();
  peer.read_message();
  peer.send(kOk);
  ASSERT_TRUE(first.get());

  std::future<HttpOutcome> second = client.send(post(url(server.port()), "second"));
  EXPECT_NE(peer.read_message().find("second"), std::string::npos);
  peer.reset();
  const HttpOutcome got = second.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::kResetAfterSend);
  EXPECT_TRUE(got.error().maybe_received);

  // Nobody sent it again: the next request that arrives is the third.
  std::future<HttpOutcome> third = client.send(post(url(server.port()), "third"));
  // Curl had connected for a repeat before it was stopped.
  std::optional<Peer> next;
  std::string request;
  while (request.empty()) {
    next.emplace(server.accept());
    request = next->read_message();
  }
  EXPECT_NE(request.find("third"), std::string::npos) << request;
  next->send(kOk);
  EXPECT_TRUE(third.get());
}

TEST(HttpClient, TakesANewConnectionWhenTheIdleOneWasClosed) {
  HandServer server;
  TestClient client;
  for (int i = 0; i < 3; ++i) {
    std::future<HttpOutcome> outcome = client.send(post(url(server.port())));
    Peer peer = server.accept();
    peer.read_message();
    peer.send(kOk);
    EXPECT_TRUE(outcome.get());
  }
}

TEST(HttpClientFailure, NoAnswerInTime) {
  HandServer server;
  HttpClientOptions options = plain();
  options.total_timeout = base::seconds(1);
  TestClient client(options);
  std::future<HttpOutcome> outcome = client.send(post(url(server.port())));
  Peer peer = server.accept();
  const HttpOutcome got = outcome.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::kTimeoutAfterSend);
  EXPECT_TRUE(got.error().maybe_received);
}

TEST(HttpClientFailure, NoSecureChannelInTime) {
  HandServer server;
  HttpClientOptions options;
  options.connect_timeout = base::Millis{100};
  TestClient client(options);
  const HttpFailure failure = client.fail(post(url(server.port(), "/", "https")));
  EXPECT_EQ(failure.kind, Kind::kTimeoutBeforeSend);
  EXPECT_FALSE(failure.maybe_received);
}

TEST(HttpClientFailure, PeerThatDoesNotSpeakTls) {
  HandServer server;
  TestClient client;
  std::future<HttpOutcome> outcome = client.send(post(url(server.port(), "/", "https")));
  Peer peer = server.accept();
  peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  const HttpOutcome got = outcome.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::kTls);
  EXPECT_FALSE(got.error().maybe_received);
}

TEST(HttpClientFailure, AnswerCutShort) {
  HandServer server;
  TestClient client;
  std::future<HttpOutcome> outcome = client.send(post(url(server.port())));
  {
    Peer peer = server.accept();
    peer.read_message();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  }
  const HttpOutcome got = outcome.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::kResetAfterSend);
  EXPECT_TRUE(got.error().maybe_received);
  EXPECT_EQ(got.error().status, 200);
}

TEST(HttpClientFailure, AnswerThatIsNotHttp) {
  HandServer server;
  TestClient client;
  std::future<HttpOutcome> outcome = client.send(post(url(server.port())));
  {
    Peer peer = server.accept();
    peer.read_message();
    peer.send("220 mail.example ESMTP\r\n");
  }
  const HttpOutcome got = outcome.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::kBadAnswer);
  EXPECT_TRUE(got.error().maybe_received);
}

TEST(HttpClientFailure, AnswerOverItsLimit) {
  HttpClientOptions options = plain();
  options.max_response_bytes = 1000;
  TestClient client(options);
  const std::string body(1001, 'b');
  for (const std::string& answer :
       {fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n{}", body),
        fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n{}\r\n0\r\n\r\n",
                    body),
        fmt::format("HTTP/1.1 200 OK\r\n\r\n{}", body)}) {
    HandServer server;
    std::future<HttpOutcome> outcome = client.send(post(url(server.port())));
    Peer peer = server.accept();
    peer.read_message();
    peer.send(answer);
    const HttpOutcome got = outcome.get();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::kBodyTooLarge);
    EXPECT_TRUE(got.error().maybe_received);
    EXPECT_EQ(got.error().status, 200);
  }
}

// --- TLS -----------------------------------------------------------------------------

TEST(HttpClientTls, TrustsTheAuthorityItIsGiven) {
  TlsPeer server("IP:127.0.0.1");
  server.serve(std::string(kOk));
  HttpClientOptions options;
  options.ca_file = server.certificate_file();
  TestClient client(options);
  const HttpOutcome got = client.ask(get(url(server.port(), "/secret", "https")));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "ok");
  EXPECT_EQ(server.received().substr(0, 21), "GET /secret HTTP/1.1\r");
}

TEST(HttpClientTls, TrustsNobodyElse) {
  TlsPeer server("IP:127.0.0.1");
  server.serve(std::string(kOk));
  TestClient client{HttpClientOptions{}};
  const HttpFailure failure = client.fail(get(url(server.port(), "/", "https")));
  EXPECT_EQ(failure.kind, Kind::kTls);
  EXPECT_FALSE(failure.maybe_received);
  EXPECT_EQ(server.received(), "");
}

TEST(HttpClientTls, WantsTheNameItAskedFor) {
  TlsPeer server("DNS:iterable.example");
  server.serve(std::string(kOk));
  HttpClientOptions options;
  options.ca_file = server.certificate_file();
  TestClient client(options);
  const HttpFailure failure = client.fail(get(url(server.port(), "/", "https")));
  EXPECT_EQ(failure.kind, Kind::kTls);
  EXPECT_FALSE(failure.maybe_received);
  EXPECT_EQ(server.received(), "");
}

}  // namespace
}  // namespace sojourn::uv
