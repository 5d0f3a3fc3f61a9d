// Calls that Iterable took while the shard had no room, over real sockets: a sender, the API on a
// server of its own, and somebody who answers as Iterable does.
#include "app/intake_api.h"

#include <condition_variable>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <mutex>
#include <optional>

#include "app/config.h"
#include "runtime/program.h"
#include "tests/unit/runtime/uv/harness.h"

namespace sojourn::app {
namespace {

constexpr std::string_view kTaken = R"({"code":"Success","msg":"as Iterable says it","params":{}})";

const std::string kKey = "sojourn_" + std::string(64, '1');

void answer_as_iterable(uv::HttpRequest&&, uv::Responder responder) {
  uv::HttpResponse response;
  response.content_type = "application/json";
  response.body = kTaken;
  responder.answer(response);
}

AccessKey key_of_a_sender() {
  AccessKey key;
  key.name = "shop";
  key.scopes.add(Scope::kIngest);
  key.digest = digest_of(kKey);
  return key;
}

class IntakeApiRoom : public testing::Test {
 protected:
  IntakeApiRoom() {
    config_.base_url = fmt::format("http://127.0.0.1:{}", iterable_.port());
    config_.allow_http = true;
    door_.thread().call([this] {
      forwarder_.emplace(door_.thread().loop(), config_, "a key");
      IntakeSettings settings;
      settings.forward = runtime::ForwardMode::kAsk;
      IntakeLinks links;
      links.doorkeeper = &doorkeeper_;
      links.offer = [this](runtime::IntakeRequest& request) { return offered(request); };
      links.forwarder = &*forwarder_;
      links.missed = [this](std::string_view path, const std::string& why) {
        missed_.push_back(fmt::format("{}: {}", path, why));
      };
      api_.emplace(program_, settings, random_, std::move(links));
    });
  }
  ~IntakeApiRoom() override {
    door_.destroy();
    door_.thread().call([this] {
      api_.reset();
      forwarder_.reset();
    });
  }

  // A call of somebody, when the shard has been offered it.
  uv::Peer sent(const std::string& email) {
    uv::Peer sender(door_.port());
    const std::string body = fmt::format(R"({{"email":"{}"}})", email);
    sender.send(
        fmt::format("POST /api/users/update HTTP/1.1\r\nHost: localhost\r\nApi-Key: {}\r\n"
                    "Content-Length: {}\r\n\r\n{}",
                    kKey, body.size(), body));
    std::unique_lock lock(mutex_);
    offers_came_.wait(lock, [this] { return offers_ > offers_seen_; });
    offers_seen_ = offers_;
    return sender;
  }
  std::size_t waiting() {
    return door_.thread().call([this] { return api_->waiting(); });
  }
  void finish(std::uint64_t token) {
    door_.thread().call([this, token] {
      runtime::IntakeResult result;
      result.token = token;
      result.accepted = 1;
      api_->finish(result);
    });
  }
  void room_for(std::size_t requests) {
    door_.thread().call([this, requests] {
      room_ = requests;
      api_->room_came();
    });
  }

  // Of the loop's thread.
  std::size_t room_ = 0;
  std::vector<std::uint64_t> tokens_;  // of what the shard took
  std::vector<std::string> missed_;
  std::optional<IntakeApi> api_;

 private:
  bool offered(const runtime::IntakeRequest& request) {
    const bool is_taken = room_ > 0;
    if (is_taken) {
      --room_;
      tokens_.push_back(request.token);
    }
    const std::lock_guard lock(mutex_);
    ++offers_;
    offers_came_.notify_one();
    return is_taken;
  }

  std::mutex mutex_;
  std::condition_variable offers_came_;
  std::size_t offers_ = 0;
  std::size_t offers_seen_ = 0;
  runtime::Program program_{"test", {}, {}};
  base::SeededRandom random_{1};
  Doorkeeper doorkeeper_{{key_of_a_sender()}};
  Config config_;
  std::optional<Forwarder> forwarder_;

 protected:
  uv::TestServer iterable_{{}, answer_as_iterable};
  uv::TestServer door_{{}, [this](uv::HttpRequest&& request, uv::Responder responder) {
                         api_->handle(std::move(request), std::move(responder));
                       }};
};

TEST_F(IntakeApiRoom, WhatIterableTookIsStoredOnceThereIsRoom) {
  uv::Peer first = sent("ann@example.com");
  uv::Peer second = sent("ben@example.com");
  EXPECT_EQ(waiting(), 2U);
  EXPECT_TRUE(tokens_.empty());

  room_for(1);
  ASSERT_EQ(tokens_.size(), 1U);
  EXPECT_EQ(waiting(), 2U) << "nobody is answered before it is durable";
  finish(tokens_.front());
  EXPECT_EQ(uv::summary(first.read_message()), fmt::format("200 {}", kTaken));

  room_for(1);
  ASSERT_EQ(tokens_.size(), 2U);
  finish(tokens_.back());
  EXPECT_EQ(uv::summary(second.read_message()), fmt::format("200 {}", kTaken));
  EXPECT_EQ(waiting(), 0U);
  EXPECT_TRUE(missed_.empty());
}

TEST_F(IntakeApiRoom, WhatFoundNoneIsSaidWhenTheDaemonStops) {
  uv::Peer sender = sent("ann@example.com");
  door_.thread().call([this] { api_->give_up(); });
  EXPECT_EQ(uv::summary(sender.read_message()), fmt::format("200 {}", kTaken))
      << "Iterable has it, so that its sender has no reason to say it again";
  EXPECT_EQ(missed_,
            (std::vector<std::string>{"/api/users/update: the daemon stops, and had no room"}));
  EXPECT_EQ(waiting(), 0U);
  EXPECT_TRUE(tokens_.empty());
}

}  // namespace
}  // namespace sojourn::app
