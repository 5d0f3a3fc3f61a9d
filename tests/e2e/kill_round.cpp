#include "tests/e2e/kill_round.h"

#include <atomic>
#include <csignal>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <thread>

namespace sojourn::e2e {
namespace {

constexpr int kSenders = 3;
constexpr int kMostPolls = 100'000;

constexpr const char* kJourney = R"(
event signup
message_type account = 1 transactional opt_out
campaign m1 = 201 email account
campaign m2 = 202 email account
policy { timezone user.timeZone default "Europe/Berlin" }

journey race {
  owner "lifecycle@example.com"
  enter on signup
  send m1
  wait 1s
  send m2
}
)";

class Round {
 public:
  Round(Sandbox& sandbox, int number) : sandbox_(sandbox), number_(number) {
    ProjectSettings settings;
    // Message keys are made of it: rounds must not share them.
    settings.name = fmt::format("round_{}", number);
    settings.iterable_port = sandbox.port();
    // The worst case: whatever is in doubt is sent again.
    settings.iterable = "look_up_after_seconds = 0";
    project_.configure(settings);
    project_.write("race.journey", kJourney);
    result_.join.campaigns = {"m1", "m2"};
    for (int i = 0; i < kEventsPerRound; ++i) {
      result_.join.events.push_back({fmt::format("p{}.r{}@example.com", i, number), false, {}});
    }
    const auto before = sandbox.messages();
    if (!before.empty()) before_ = before.back().at("sequence");
  }

  // A daemon until it is killed.
  void live(const KillPoint& point) {
    const bool slow = point.at == KillPoint::At::kMessage;
    // So that some answers are still to come when the kill comes.
    sandbox_.misbehave(slow ? Words{"POST /api/email/target 60% delay 100ms"} : Words{}, number_);
    // Counted before there is anybody who sends: once the senders run, some may have come already,
    // and the last of a round would never be reached.
    const auto last = sandbox_.summary().at("received").get<std::uint64_t>() +
                      static_cast<std::uint64_t>(point.n);
    Daemon daemon(project_, next_start(), log_name());
    ASSERT_NE(daemon.port(), 0) << daemon.process().err();
    std::atomic<bool> over{false};
    std::atomic<bool> reached{false};
    std::thread watcher([&] {
      if (slow) reached = kill_at_message(daemon, last, over);
    });
    const bool killed = send_unacknowledged(daemon, slow ? 0 : point.n);
    // Fails when the kill comes in the middle.
    daemon.run_to_the_end();
    over = true;
    watcher.join();
    result_.kills += killed || reached ? 1 : 0;
    if (lives_++ == 0) result_.acknowledged_at_first_kill = acknowledged();
    EXPECT_EQ(daemon.kill9(), -SIGKILL) << "it ended by itself: " << daemon.process().err();
    note_doubts(daemon);
  }

  // The last daemon, which is let finish.
  void finish() {
    sandbox_.misbehave({});
    Daemon daemon(project_, next_start(), log_name());
    ASSERT_NE(daemon.port(), 0) << daemon.process().err();
    send_unacknowledged(daemon, 0);
    EXPECT_EQ(acknowledged(), kEventsPerRound);
    EXPECT_TRUE(daemon.run_to_the_end());
    for (SentEvent& event : result_.join.events) event.report = daemon.report(event.email);
    result_.join.received = sandbox_.messages(before_);
    EXPECT_EQ(daemon.stop(), 0);
    note_doubts(daemon);
  }

  RoundResult result() { return std::move(result_); }

 private:
  // Later than anything an earlier life saw, so some timers are overdue.
  std::string next_start() const { return fmt::format("2026-03-01T{:02}:00:00Z", 9 + lives_); }
  std::string log_name() const { return fmt::format("life{}", lives_); }

  int acknowledged() const {
    int sum = 0;
    for (const SentEvent& event : result_.join.events) sum += event.acknowledged ? 1 : 0;
    return sum;
  }

  // Several senders, one event after the other each. Kills at the `kill_at`-th
  // acknowledgement (0: never); answers whether it came to that.
  bool send_unacknowledged(Daemon& daemon, int kill_at) {
    std::atomic<int> answers{0};
    std::atomic<bool> killed{false};
    const auto send = [&](int sender) {
      Http http(daemon.port());
      for (int i = sender; i < kEventsPerRound; i += kSenders) {
        SentEvent& event = result_.join.events[static_cast<std::size_t>(i)];
        if (event.acknowledged) continue;
        const Json body{{"email", event.email},
                        {"eventName", "signup"},
                        {"id", fmt::format("e-{}-{}", number_, i)}};
        event.acknowledged = http.post("/api/events/track", body.dump(),
                                       {"Api-Key: " + std::string(Project::kIntakeKey)})
                                 .status == 200;
        if (event.acknowledged && ++answers == kill_at) {
          daemon.process().signal(SIGKILL);
          killed = true;
        }
      }
    };
    std::vector<std::thread> senders;
    for (int sender = 0; sender < kSenders; ++sender) senders.emplace_back(send, sender);
    for (std::thread& sender : senders) sender.join();
    return killed;
  }

  // Watches from beside until the sandbox has received `last` in all; answers whether it has.
  bool kill_at_message(Daemon& daemon, std::uint64_t last, const std::atomic<bool>& over) const {
    Http http(sandbox_.port());
    const auto count = [&http] {
      return http.get("/sandbox/summary").json().at("received").get<std::uint64_t>();
    };
    for (int poll = 0; poll < kMostPolls; ++poll) {
      // Asked before the count: of what came last it is told, too.
      const bool is_last_look = over;
      if (count() >= last) {
        daemon.process().signal(SIGKILL);
        return true;
      }
      if (is_last_look) return false;
    }
    return false;
  }

  void note_doubts(Daemon& daemon) {
    result_.join.in_doubt.merge(keys_in_doubt(daemon.process().err()));
  }

  Sandbox& sandbox_;
  const int number_;
  Project project_;
  std::uint64_t before_ = 0;  // the sandbox's last message before this round
  int lives_ = 0;
  RoundResult result_;
};

}  // namespace

RoundResult run_round(Sandbox& sandbox, int number, const std::vector<KillPoint>& points) {
  Round round(sandbox, number);
  for (const KillPoint& point : points) round.live(point);
  round.finish();
  return round.result();
}

}  // namespace sojourn::e2e
