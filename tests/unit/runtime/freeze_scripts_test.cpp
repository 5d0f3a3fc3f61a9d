// Made-up journeys of lengths and nothing else: what happens in them with a freeze of length L
// is what happens without one, L later from then on. Kills lie in between.
#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::minutes;

constexpr std::uint64_t kSeeds = 12;
constexpr int kPeople = 5;
// Everything lies at whole tens of minutes but the pause, which lies between two of them.
constexpr base::Millis kTick = minutes(10);
constexpr std::int64_t kTicksOfEvents = 6 * 24 * 6;
constexpr std::int64_t kTicksAfter = 6 * 24 * 6;

struct Happening {
  std::int64_t tick = 0;
  int user = 0;
  std::string what;  // an event, or a plan
};

// Half a tick after `tick`, so many ticks long; none, if that is 0.
struct Pause {
  std::int64_t tick = 0;
  std::int64_t length = 0;
};

// When, to whom, what.
using Sent = std::tuple<std::int64_t, std::string, std::int64_t>;

// What became of people.
struct Outcome {
  std::vector<Sent> sent;
  std::int64_t exits = 0;
};

base::Millis ticks(std::int64_t count) {
  return {kTick.count * count};
}

class Script {
 public:
  explicit Script(std::uint64_t seed) : random_(seed) {
    journey_ = made_up_journey();
    for (int i = 0; i < 60; ++i) {
      static constexpr const char* kWhat[] = {"signup", "signup", "signup", "login",
                                              "login",  "leave",  "free",   "pro"};
      happenings_.push_back({below(kTicksOfEvents), static_cast<int>(below(kPeople)),
                             kWhat[below(std::size(kWhat))]});
    }
    std::ranges::sort(happenings_, {}, &Happening::tick);
    pause_ = {below(kTicksOfEvents), 1 + below(300)};
  }

  const std::string& journey() const { return journey_; }
  const Pause& pause() const { return pause_; }
  // From when on everything comes later, and by how much.
  std::int64_t paused_at() const { return (begin_ + ticks(pause_.tick)).millis; }
  std::int64_t moved_by() const { return ticks(pause_.length).count; }

  Outcome run(const Pause& pause) {
    ShardWorld world(journey_);
    begin_ = world.now();
    Outcome outcome;
    bool paused_before = pause.length == 0;
    for (const Happening& it : happenings_) {
      if (!paused_before && it.tick > pause.tick) {
        freeze(world, pause, outcome);
        paused_before = true;
      }
      const std::int64_t tick = it.tick > pause.tick ? it.tick + pause.length : it.tick;
      go_to(world, begin_ + ticks(tick), outcome);
      if (pause.length > 0 && below(5) == 0) world.restart();
      happen(world, it);
      take(world, outcome);
    }
    if (!paused_before) freeze(world, pause, outcome);
    go_to(world, begin_ + ticks(kTicksOfEvents + kTicksAfter + pause.length), outcome);
    for (const auto& [name, value] : world.counters()) {
      if (name.starts_with("exited/")) outcome.exits += value;
    }
    std::ranges::sort(outcome.sent);
    return outcome;
  }

 private:
  void freeze(ShardWorld& world, const Pause& pause, Outcome& outcome) {
    const base::Instant from = begin_ + ticks(pause.tick) + minutes(5);
    go_to(world, from, outcome);
    world.freeze("j");
    for (std::int64_t tick = 0; tick < pause.length; tick += 1 + below(pause.length)) {
      go_to(world, from + ticks(tick), outcome);
      world.restart();
    }
    go_to(world, from + ticks(pause.length), outcome);
    world.command(JourneyCommand::What::kResume, "j");
    // What was held back is put on its new times.
    go_to(world, from + ticks(pause.length) + base::seconds(1), outcome);
  }

  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(
        base::random_below(random_, static_cast<std::uint64_t>(limit)));
  }
  // A length between ten minutes and about two days.
  std::string some_length() {
    switch (below(3)) {
      case 0:
        return fmt::format("{}m", 10 * (1 + below(30)));
      case 1:
        return fmt::format("{}h", 1 + below(40));
      default:
        return fmt::format("{}d", 1 + below(2));
    }
  }
  std::string hours() { return fmt::format("{}h", 1 + below(40)); }

  std::string made_up_step(int number) {
    const std::int64_t kind = below(5);
    const std::string first = hours();
    const std::string second = some_length();
    switch (kind) {
      case 0:
        return fmt::format("wait for login up to {} {{ send m{} }} timeout {{ wait {} }}\n", first,
                           number, second);
      case 1:
        return fmt::format("collect login as all{} for {}\n", number, first);
      case 2:
        return fmt::format("repeat up to {} times {{ wait {} send m{} again }}\n", 1 + below(3),
                           second, number);
      default:
        return fmt::format("wait {}\n", second);
    }
  }

  std::string made_up_journey() {
    std::string text = R"(
      user { plan string }
      event signup
      event login
      event leave
      message_type account = 1 transactional opt_out
      policy { timezone "UTC" }
    )";
    std::string steps;
    for (int i = 0; i < 6; ++i) {
      text += fmt::format("campaign m{} = {} email account\n", i, 101 + i);
      text += fmt::format("campaign n{} = {} email account\n", i, 201 + i);
      steps += made_up_step(i) + fmt::format("send n{}\n", i);
    }
    text += "journey j {\n enter on signup\n reenter always\n exit on leave\n";
    if (below(2) == 0) {
      text += fmt::format("exit when user.plan == \"free\" for {} as long\n", hours());
    }
    if (below(2) == 0) text += fmt::format("pace 1 per {}m\n", 10 * (1 + below(12)));
    return text + steps + "}\n";
  }

  static void happen(ShardWorld& world, const Happening& it) {
    const std::string email = fmt::format("u{}@example.com", it.user);
    if (it.what == "free" || it.what == "pro") {
      EXPECT_EQ(world.update(fmt::format(R"({{"email":"{}","dataFields":{{"plan":"{}"}}}})", email,
                                         it.what)),
                "200 Success");
      return;
    }
    EXPECT_EQ(world.track(fmt::format(R"({{"email":"{}","eventName":"{}"}})", email, it.what)),
              "200 Success");
  }

  // From due timer to due timer.
  static void go_to(ShardWorld& world, base::Instant when, Outcome& outcome) {
    while (world.now() < when) {
      const auto next = *world.store().next_timer();
      world.pass((next && *next > world.now() ? std::min(*next, when) : when) - world.now());
      take(world, outcome);
    }
  }

  static void take(ShardWorld& world, Outcome& outcome) {
    while (!world.nothing_to_take()) {
      const Outgoing outgoing = world.take();
      const auto body = nlohmann::json::parse(outgoing.request.body);
      outcome.sent.emplace_back(world.now().millis, body["recipientEmail"], body["campaignId"]);
      world.accept(outgoing);
    }
  }

  base::SeededRandom random_;
  std::string journey_;
  std::vector<Happening> happenings_;
  Pause pause_;
  base::Instant begin_;
};

TEST(FreezeScripts, AFreezeOfLengthsComesToTheSameOnlyLater) {
  std::size_t moved = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Script script(seed);
    SCOPED_TRACE(fmt::format("seed {}, frozen after tick {} for {}:\n{}", seed, script.pause().tick,
                             script.pause().length, script.journey()));
    Outcome expected = script.run({});
    for (auto& [at, user, campaign] : expected.sent) {
      if (at <= script.paused_at()) continue;
      at += script.moved_by();
      ++moved;
    }
    const Outcome outcome = script.run(script.pause());
    EXPECT_EQ(outcome.sent, expected.sent);
    EXPECT_EQ(outcome.exits, expected.exits);
    if (HasFailure()) return;
  }
  EXPECT_GT(moved, 100U) << "or it says little";
}

}  // namespace
}  // namespace sojourn::runtime
