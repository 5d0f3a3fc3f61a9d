// The sandbox on a real socket: what only shows there.
#include "sandbox/server.h"

#include <filesystem>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <mutex>

#include "base/driven_clock.h"
#include "tests/unit/runtime/uv/harness.h"

namespace sojourn::sandbox {
namespace {

class RunningSandbox {
 public:
  explicit RunningSandbox(SandboxOptions options = {}) {
    thread_.call([&] {
      auto started = Sandbox::start(thread_.loop(), clock_, std::move(options));
      EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().message);
      if (started) sandbox_ = std::move(*started);
    });
  }
  ~RunningSandbox() {
    thread_.call([&] { sandbox_.reset(); });
  }

  int port() { return sandbox_->port(); }
  bool idle() {
    return thread_.call([&] { return sandbox_->idle(); });
  }
  std::vector<Message> messages() {
    return thread_.call([&] { return *sandbox_->messages({}); });
  }
  WebhookStats webhooks() {
    return thread_.call([&] { return sandbox_->webhooks(); });
  }
  // Time passes.
  void pass(base::Millis length) {
    clock_.set(clock_.wall() + length);
    thread_.call([&] { sandbox_->advance(); });
  }
  void close() {
    std::promise<void> closed;
    thread_.call([&] { sandbox_->close([&] { closed.set_value(); }); });
    closed.get_future().get();
  }

 private:
  base::DrivenClock clock_{base::Instant{1'772'355'600'000}};
  uv::LoopThread thread_;
  std::unique_ptr<Sandbox> sandbox_;
};

std::string post(std::string_view path, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\nApi-Key: secret\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      path, body.size(), body);
}

std::string send_with_key(std::string_view key) {
  return post("/api/email/target",
              fmt::format(R"({{"campaignId":1001,"recipientEmail":"ada@example.com",)"
                          R"("dataFields":{{"sojournMessageKey":"{}"}}}})",
                          key));
}

std::vector<MisbehaviourRule> rules(const std::string& text) {
  return {*parse_misbehaviour(text)};
}

TEST(SandboxServer, KeepsAMessageBeforeItAnswers) {
  RunningSandbox sandbox;
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  const std::string answer = peer.read_message();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"))
      << answer;
  EXPECT_NE(answer.find("Sent triggered message to: ada@example.com"), std::string::npos);
  ASSERT_EQ(sandbox.messages().size(), 1u);
  EXPECT_EQ(sandbox.messages()[0].key, "k1");
  EXPECT_EQ(sandbox.messages()[0].time.millis, 1'772'355'600'000);
  EXPECT_TRUE(sandbox.idle());
}

TEST(SandboxServer, AnswersPipelinedRequestsInOneTurn) {
  RunningSandbox sandbox;
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1") + send_with_key("k2") + send_with_key("k3"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(peer.read_message().starts_with("HTTP/1.1 200")) << i;
  }
  EXPECT_EQ(sandbox.messages().size(), 3u);
}

TEST(SandboxServer, ShowsItsPagesWithoutAKey) {
  RunningSandbox sandbox;
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  peer.read_message();
  peer.send("GET /sandbox/messages.txt?key=k1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string page = peer.read_message();
  EXPECT_NE(page.find("Content-Type: text/plain"), std::string::npos) << page;
  EXPECT_NE(page.find("ada@example.com"), std::string::npos) << page;
}

TEST(SandboxServer, RefusesByRuleAndKeepsNothing) {
  SandboxOptions options;
  options.misbehaviour = rules("POST /api/email/target every 2 429 retry-after 7");
  RunningSandbox sandbox(std::move(options));
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  EXPECT_TRUE(peer.read_message().starts_with("HTTP/1.1 200"));
  peer.send(send_with_key("k2"));
  const std::string refused = peer.read_message();
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 429 Too Many Requests\r\n")) << refused;
  EXPECT_NE(refused.find("\r\nRetry-After: 7\r\n"), std::string::npos) << refused;
  EXPECT_NE(refused.find(R"("code":"RateLimitExceeded","params":{}})"), std::string::npos);
  EXPECT_EQ(sandbox.messages().size(), 1u);
}

TEST(SandboxServer, CutsTheConnectionAfterItKeptTheMessage) {
  SandboxOptions options;
  options.misbehaviour = rules("POST /api/email/target 100% accept_then_reset");
  RunningSandbox sandbox(std::move(options));
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  EXPECT_EQ(peer.read_all(), "");
  ASSERT_EQ(sandbox.messages().size(), 1u);
  EXPECT_TRUE(sandbox.idle());
}

TEST(SandboxServer, AnswersLaterByRuleAndIsNotIdleUntilThen) {
  SandboxOptions options;
  options.misbehaviour = rules("POST /api/email/target every 2 delay 50ms");
  RunningSandbox sandbox(std::move(options));
  uv::Peer quick(sandbox.port());
  uv::Peer late(sandbox.port());
  quick.send(send_with_key("k1"));
  quick.read_message();
  late.send(send_with_key("k2"));
  while (sandbox.messages().size() < 2) std::this_thread::yield();
  // Kept, but not answered; every other request is served meanwhile.
  quick.send(send_with_key("k3"));
  EXPECT_TRUE(quick.read_message().starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(late.read_message().starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(sandbox.idle());
}

TEST(SandboxServer, AnswersDelayedRequestsBeforeItIsClosed) {
  SandboxOptions options;
  options.misbehaviour = rules("* /api/* 100% delay 50ms");
  RunningSandbox sandbox(std::move(options));
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  while (sandbox.messages().empty()) std::this_thread::yield();
  sandbox.close();
  EXPECT_TRUE(peer.read_all().starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(sandbox.idle());
}

TEST(SandboxServer, MayBeDestroyedWithRequestsUnderWay) {
  SandboxOptions options;
  options.misbehaviour = rules("* /api/* 100% delay 10m");
  auto sandbox = std::make_unique<RunningSandbox>(std::move(options));
  uv::Peer peer(sandbox->port());
  peer.send(send_with_key("k1"));
  while (sandbox->messages().empty()) std::this_thread::yield();
  EXPECT_FALSE(sandbox->idle());
  sandbox.reset();
  EXPECT_EQ(peer.read_all(), "");
}

TEST(SandboxServer, IsToldToMisbehaveWhileItRuns) {
  RunningSandbox sandbox;
  uv::Peer peer(sandbox.port());
  peer.send(post("/sandbox/misbehave", R"({"rules":["POST /api/email/target 100% 503"]})"));
  EXPECT_TRUE(peer.read_message().starts_with("HTTP/1.1 200"));
  peer.send(send_with_key("k1"));
  EXPECT_TRUE(peer.read_message().starts_with("HTTP/1.1 503"));
}

TEST(SandboxServer, TakesEitherSpellingOfTheKeysHeader) {
  SandboxOptions options;
  options.service.api_key = "right";
  RunningSandbox sandbox(std::move(options));
  uv::Peer peer(sandbox.port());
  const auto get_user = [](std::string_view header) {
    return fmt::format("GET /api/users/ada@example.com HTTP/1.1\r\nHost: localhost\r\n{}\r\n\r\n",
                       header);
  };
  for (const char* good : {"Api-Key: right", "api_key: right", "API-KEY:right"}) {
    peer.send(get_user(good));
    EXPECT_TRUE(peer.read_message().starts_with("HTTP/1.1 200")) << good;
  }
  peer.send(get_user("Api-Key: wrong"));
  EXPECT_TRUE(peer.read_message().starts_with("HTTP/1.1 401"));
}

TEST(SandboxServer, RefusesABodyOverTheLimitInIterablesShape) {
  RunningSandbox sandbox;
  uv::Peer peer(sandbox.port());
  peer.send(
      "POST /api/users/bulkUpdate HTTP/1.1\r\nHost: localhost\r\nApi-Key: k\r\n"
      "Content-Length: 5000000\r\n\r\n");
  const std::string answer = peer.read_message();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
  EXPECT_NE(answer.find("\"code\":\"BatchTooLarge\""), std::string::npos) << answer;
}

// Takes webhooks, the first of which it refuses if told to.
class Receiver {
 public:
  explicit Receiver(bool refuses_first = false)
      : server_({}, [this, refuses_first](uv::HttpRequest&& request, uv::Responder responder) {
          const std::lock_guard lock(mutex_);
          const bool refused = refuses_first && seen_.empty();
          seen_.push_back(std::string(request.header("X-Secret").value_or("no secret")) + " " +
                          request.body());
          responder.answer({.status = refused ? 500 : 200, .body = {}, .headers = {}});
        }) {}

  std::string url() { return fmt::format("http://127.0.0.1:{}/hooks", server_.port()); }
  // Waits for so many.
  std::vector<std::string> seen(std::size_t count) {
    while (true) {
      {
        const std::lock_guard lock(mutex_);
        if (seen_.size() >= count) return seen_;
      }
      std::this_thread::yield();
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> seen_;
  uv::TestServer server_;
};

SandboxOptions telling(Receiver& receiver, std::uint32_t open) {
  SandboxOptions options;
  options.webhooks.url = receiver.url();
  options.webhooks.headers = {{"X-Secret", "s3cret"}};
  options.webhooks.people = {
      .bounce = 0, .open = open, .click = 0, .complaint = 0, .unsubscribe = 0};
  return options;
}

TEST(SandboxServer, TellsOfWhatItSent) {
  Receiver receiver;
  RunningSandbox sandbox(telling(receiver, 1'000'000));
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  peer.read_message();
  sandbox.pass(base::seconds(10));
  std::string first = receiver.seen(1).front();
  EXPECT_TRUE(first.starts_with("s3cret {")) << first;
  EXPECT_NE(first.find(R"("eventName":"emailSend")"), std::string::npos) << first;
  EXPECT_NE(first.find(R"("transactionalData":{"sojournMessageKey":"k1"})"), std::string::npos);
  sandbox.pass(base::hours(9));
  EXPECT_NE(receiver.seen(2)[1].find(R"("eventName":"emailOpen")"), std::string::npos);
  while (sandbox.webhooks().taken < 2) std::this_thread::yield();
  EXPECT_EQ(sandbox.webhooks().waiting, 0u);
}

TEST(SandboxServer, TellsAgainWhatWasRefused) {
  Receiver receiver(true);
  RunningSandbox sandbox(telling(receiver, 0));
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  peer.read_message();
  sandbox.pass(base::seconds(10));
  receiver.seen(1);
  while (sandbox.webhooks().refused == 0) std::this_thread::yield();
  sandbox.pass(base::seconds(10));
  const auto seen = receiver.seen(2);
  EXPECT_EQ(seen[0], seen[1]);
  while (sandbox.webhooks().taken == 0) std::this_thread::yield();
  peer.send("GET /sandbox/summary HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string summary = peer.read_message();
  EXPECT_NE(summary.find(R"("notices":[{"name":"emailSend","told":1}])"), std::string::npos)
      << "it is kept once, however often it was tried: " << summary;
}

TEST(SandboxServer, KeepsWhatIsLostAndTellsNobody) {
  Receiver receiver;
  SandboxOptions options = telling(receiver, 0);
  options.webhooks.people.lost = 1'000'000;
  RunningSandbox sandbox(std::move(options));
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  peer.read_message();
  sandbox.pass(base::seconds(10));
  EXPECT_EQ(sandbox.webhooks().lost, 1u);
  EXPECT_EQ(sandbox.webhooks().in_flight, 0u);
  peer.send("GET /sandbox/summary HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(peer.read_message().find(R"({"name":"emailSend lost","told":1})"), std::string::npos);
  EXPECT_TRUE(receiver.seen(0).empty());
}

TEST(SandboxServer, IsInNoHasteToTellAgain) {
  Receiver receiver(true);
  SandboxOptions options = telling(receiver, 0);
  options.webhooks.speed = 10'000;
  RunningSandbox sandbox(std::move(options));
  uv::Peer peer(sandbox.port());
  peer.send(send_with_key("k1"));
  peer.read_message();
  // At this speed it is told at once, and refused before any time has passed.
  while (sandbox.webhooks().refused == 0) std::this_thread::yield();
  sandbox.pass(base::Millis{999});
  EXPECT_EQ(sandbox.webhooks().waiting, 1u);
  sandbox.pass(base::Millis{1});
  EXPECT_EQ(receiver.seen(2).size(), 2u);
}

TEST(SandboxServer, TellsSomebodyElseFromNowOn) {
  Receiver first;
  Receiver second;
  RunningSandbox sandbox(telling(first, 0));
  uv::Peer peer(sandbox.port());
  peer.send(post("/sandbox/webhooks", "{}"));
  EXPECT_TRUE(peer.read_message().starts_with("HTTP/1.1 400"));
  peer.send(post("/sandbox/webhooks", fmt::format(R"({{"url":"{}"}})", second.url())));
  EXPECT_TRUE(peer.read_message().starts_with("HTTP/1.1 200"));
  peer.send(send_with_key("k1"));
  peer.read_message();
  sandbox.pass(base::seconds(10));
  EXPECT_EQ(second.seen(1).size(), 1u);
  EXPECT_TRUE(first.seen(0).empty());
}

TEST(SandboxServer, TellsOfAScheduledMessageWhenItIsSent) {
  Receiver receiver;
  RunningSandbox sandbox(telling(receiver, 0));
  uv::Peer peer(sandbox.port());
  peer.send(post("/api/email/target", R"({"campaignId":1,"recipientEmail":"ada@example.com",)"
                                      R"("sendAt":"2026-03-01 10:00:00"})"));
  peer.read_message();
  sandbox.pass(base::minutes(30));
  EXPECT_EQ(sandbox.webhooks().waiting, 0u);
  sandbox.pass(base::minutes(31));
  sandbox.pass(base::seconds(10));
  EXPECT_NE(receiver.seen(1)[0].find("2026-03-01 10:00:0"), std::string::npos);
}

TEST(SandboxServer, ShowsItsPageWithoutAKey) {
  RunningSandbox sandbox;
  uv::Peer peer(sandbox.port());
  peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string answer = peer.read_message();
  EXPECT_NE(answer.find("Content-Type: text/html; charset=utf-8"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Newest messages"), std::string::npos) << answer;
}

TEST(SandboxServer, ListensOnLoopbackOnly) {
  uv::Loop loop;
  base::DrivenClock clock(base::Instant{0});
  SandboxOptions options;
  options.host = "0.0.0.0";
  const auto started = Sandbox::start(loop, clock, std::move(options));
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().message, "the sandbox listens on loopback only, not on `0.0.0.0`");
}

TEST(SandboxServer, SaysWhyItCannotStart) {
  uv::Loop loop;
  base::DrivenClock clock(base::Instant{0});
  SandboxOptions options;
  options.record_file = "/nowhere/at/all.sqlite";
  const auto started = Sandbox::start(loop, clock, std::move(options));
  ASSERT_FALSE(started.has_value());
  EXPECT_NE(started.error().message.find("store `/nowhere/at/all.sqlite`: cannot open it"),
            std::string::npos)
      << started.error().message;
}

}  // namespace
}  // namespace sojourn::sandbox
