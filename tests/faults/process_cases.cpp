// What happens to processes and their machine: they stand still, run out of descriptors, are
// started twice, and the wall clock is set under them.
#include <arpa/inet.h>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"
#include "tests/faults/process_use.h"

namespace sojourn::faults {
namespace {

constexpr const char* kImpatient = "look_up_after_seconds = 0\ntimeout_seconds = 1";
constexpr const char* kSlowAnswers = "POST /api/email/target every 1 delay 300ms";
// The fault itself, not a way to wait for something: twice the timeout.
constexpr int kStandsStillMillis = 2'000;
constexpr int kMostLooks = 10'000;

// Waits until the sandbox has so many messages of this drill.
bool await_messages(Context& context, std::size_t count) {
  for (int look = 0; look < kMostLooks; ++look) {
    if (context.sandbox().messages(context.stage().last_message).size() >= count) return true;
  }
  return false;
}

// `stopped` stands still while messages are under way, for longer than an attempt may take.
template <typename Stopped>
void stand_still(Context& context, const std::string& run, Stopped stopped) {
  Drill drill(context, {.iterable = kImpatient});
  context.sandbox().misbehave({kSlowAnswers});
  const auto daemon = drill.start();
  ASSERT_NE(daemon->port(), 0) << daemon->process().err();
  EXPECT_EQ(drill.send(*daemon), 0U);
  const e2e::Process& process = stopped(*daemon);
  process.signal(SIGSTOP);
  EXPECT_FALSE(process.ended_within(kStandsStillMillis));
  process.signal(SIGCONT);
  EXPECT_TRUE(drill.run_to_the_end(*daemon)) << daemon->process().err();
  EXPECT_EQ(daemon->stop(), 0);
  drill.finish(run);
}

void stop_the_daemon(Context& context) {
  stand_still(context, "daemon",
              [](const e2e::Daemon& daemon) -> const e2e::Process& { return daemon.process(); });
}

void stop_the_sandbox(Context& context) {
  stand_still(context, "sandbox", [&](const e2e::Daemon&) -> const e2e::Process& {
    return context.sandbox().process();
  });
}

// Connections that say nothing; closed with the object.
class Idlers {
 public:
  Idlers(int port, int count) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; ++i) {
      const int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      EXPECT_EQ(connect(one, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
      connections_.push_back(one);
    }
  }
  ~Idlers() {
    for (const int one : connections_) close(one);
  }
  Idlers(const Idlers&) = delete;
  Idlers& operator=(const Idlers&) = delete;

 private:
  std::vector<int> connections_;
};

// Fewer than it needs: it says so, and does not start.
void too_few_to_start(Context& context, int limit) {
  Drill drill(context);
  const auto daemon = drill.start({"prlimit", fmt::format("--nofile={}", limit)});
  EXPECT_EQ(daemon->port(), 0) << "with " << limit;
  EXPECT_GT(daemon->process().wait(), 0) << "a clear end, not a signal";
  EXPECT_NE(daemon->process().err().find("lets this process open"), std::string::npos)
      << daemon->process().err();
  drill.finish(fmt::format("{} descriptors: it does not start", limit));
}

// With `limit` descriptors, and more connections than that: senders are answered, everything goes
// on, and operators are, too.
void starve_of_descriptors(Context& context, int limit) {
  constexpr int kIdle = 256;
  Drill drill(context);
  const auto daemon = drill.start({"prlimit", fmt::format("--nofile={}", limit)});
  ASSERT_NE(daemon->port(), 0) << "with " << limit << '\n' << daemon->process().err();
  EXPECT_EQ(e2e::log_lines(daemon->process().err(), "connections_limited").size(), 1U);
  const Idlers idlers(daemon->port(), kIdle);
  EXPECT_EQ(drill.send(*daemon), 0U) << "with " << limit;
  EXPECT_TRUE(drill.run_to_the_end(*daemon)) << "with " << limit << '\n' << daemon->process().err();
  EXPECT_EQ(daemon->stop(), 0);
  drill.finish(fmt::format("{} descriptors", limit));
}

// A soft limit is the daemon's to raise: more come than it allows, and all are answered.
void low_soft_limit(Context& context) {
  constexpr int kIdle = 128;
  Drill drill(context);
  const auto daemon = drill.start({"prlimit", "--nofile=64:4096"});
  ASSERT_NE(daemon->port(), 0) << daemon->process().err();
  EXPECT_TRUE(e2e::log_lines(daemon->process().err(), "connections_limited").empty());
  const Idlers idlers(daemon->port(), kIdle);
  EXPECT_EQ(drill.send(*daemon), 0U);
  EXPECT_TRUE(drill.run_to_the_end(*daemon)) << daemon->process().err();
  EXPECT_EQ(daemon->stop(), 0);
  drill.finish("a soft limit of 64");
}

void few_descriptors(Context& context) {
  low_soft_limit(context);
  for (const int limit : {16, 24, 127}) too_few_to_start(context, limit);
  for (const int limit : {128, 140, 200, 300}) starve_of_descriptors(context, limit);
}

void two_daemons(Context& context) {
  Drill drill(context);
  const auto first = drill.start();
  ASSERT_NE(first->port(), 0) << first->process().err();
  EXPECT_EQ(drill.send(*first), 0U);
  const auto second = drill.start();
  EXPECT_EQ(second->port(), 0) << "it came up";
  EXPECT_GT(second->process().wait(), 0);
  EXPECT_NE(second->process().err().find("in use by another"), std::string::npos)
      << second->process().err();
  EXPECT_TRUE(drill.run_to_the_end(*first)) << "the first one is unharmed";
  EXPECT_EQ(first->stop(), 0);
  drill.finish("two");
}

// A daemon on the machine's clock, whose wall clock is set from outside; the monotonic one is not.
class SetClock {
 public:
  explicit SetClock(Context& context) : context_(context), drill_(context, {.is_real_time = true}) {
    set("+0");
    daemon_ = drill_.start({"env", "LD_PRELOAD=" + faketime_library(),
                            "FAKETIME_TIMESTAMP_FILE=" + file().string(), "FAKETIME_NO_CACHE=1",
                            "FAKETIME_DONT_FAKE_MONOTONIC=1"});
    EXPECT_NE(daemon_->port(), 0) << daemon_->process().err();
    EXPECT_EQ(drill_.send(*daemon_), 0U);
    EXPECT_TRUE(await_messages(context, drill_.events().size()));
  }

  // By so much from the real time; put in place at once, as it may be read at any moment.
  void set(const std::string& offset) {
    drill_.project().write("clock.new", offset + "\n");
    std::filesystem::rename(drill_.project().folder() / "clock.new", file());
  }

  bool await_state(const std::string& state) {
    for (int look = 0; look < kMostLooks; ++look) {
      const auto clock = daemon_->settle();
      if (!clock) return false;
      if (clock->state == state) return true;
    }
    return false;
  }

  void finish(const std::string& run) {
    EXPECT_TRUE(drill_.run_to_the_end(*daemon_)) << daemon_->process().err();
    check_the_wait();
    EXPECT_EQ(daemon_->stop(), 0);
    drill_.finish(run);
  }

 private:
  std::filesystem::path file() const { return drill_.project().folder() / "clock"; }

  // By the sandbox's clock, which nobody has set: a second lies between two messages of anybody.
  void check_the_wait() {
    constexpr base::Millis kRounding{5};
    std::map<std::string, base::Instant> first;
    std::size_t pairs = 0;
    for (const e2e::Json& message : context_.sandbox().messages(context_.stage().last_message)) {
      const base::Instant at = base::parse_timestamp(message.at("time").get<std::string>()).value();
      const auto [known, is_first] = first.emplace(message.at("recipientEmail"), at);
      if (is_first) continue;
      ++pairs;
      EXPECT_GE((at - known->second).count + kRounding.count, 1'000) << message.dump();
    }
    EXPECT_EQ(pairs, drill_.events().size());
  }

  Context& context_;
  Drill drill_;
  std::unique_ptr<e2e::Daemon> daemon_;
};

void clock_ahead(Context& context) {
  SetClock clock(context);
  clock.set("+2d");
  EXPECT_TRUE(clock.await_state("doubted"));
  clock.finish("two days ahead");
}

void clock_back(Context& context) {
  SetClock clock(context);
  clock.set("-1d");
  EXPECT_TRUE(clock.await_state("behind"));
  clock.set("+0");
  EXPECT_TRUE(clock.await_state("steady"));
  clock.finish("a day back, and right again");
}

void clock_flaps(Context& context) {
  SetClock clock(context);
  for (int i = 0; i < 5; ++i) {
    clock.set("+400d");
    EXPECT_TRUE(clock.await_state("doubted"));
    clock.set("-400d");
    EXPECT_TRUE(clock.await_state("behind"));
  }
  clock.set("+0");
  clock.finish("400 days to and fro");
}

Case clock_case(const char* name, const char* injected, void (*run)(Context&)) {
  return {.name = name,
          .injected = injected,
          .needs = {Means::kFaketime},
          .is_quick = false,
          .run = run};
}

}  // namespace

void add_process_cases(Cases& cases) {
  cases.push_back({.name = "process.daemon_stopped",
                   .injected = "SIGSTOP of the daemon for 2 s, its timeout being 1 s; SIGCONT",
                   .needs = {},
                   .is_quick = true,
                   .run = stop_the_daemon});
  cases.push_back({.name = "process.sink_stopped",
                   .injected = "SIGSTOP of the sandbox for 2 s, the timeout being 1 s; SIGCONT",
                   .needs = {},
                   .is_quick = true,
                   .run = stop_the_sandbox});
  cases.push_back({.name = "process.few_descriptors",
                   .injected = "RLIMIT_NOFILE of 16 to 300, and 256 idle connections",
                   .needs = {},
                   .is_quick = true,
                   .run = few_descriptors});
  cases.push_back({.name = "process.two_daemons",
                   .injected = "a second daemon on the store of one that runs",
                   .needs = {},
                   .is_quick = true,
                   .run = two_daemons});
  cases.push_back(clock_case("clock.ahead", "the wall clock leaps two days ahead, by libfaketime",
                             clock_ahead));
  cases.push_back(
      clock_case("clock.back", "the wall clock is set back a day, and right again", clock_back));
  cases.push_back(clock_case("clock.flaps", "the wall clock leaps 400 days to and fro, five times",
                             clock_flaps));
}

}  // namespace sojourn::faults
