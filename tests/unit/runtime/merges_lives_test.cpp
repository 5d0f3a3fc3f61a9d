// Many made-up lives of people who turn out to be one, at any moment and with anything under way:
// nobody is sent more than the cap lets through after it, nobody is left inside a journey with
// nothing to wait for, and nothing is left of those who are gone.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using connectors::OutcomeKind;
using Json = nlohmann::json;

constexpr int kPeople = 6;
constexpr std::size_t kCap = 2;
constexpr base::Millis kCapTime = days24(3);

constexpr const char* kWorld = R"(
  user { plan string  birthday date }
  event signup
  event login
  event order { id string }
  message_type news = 1 marketing opt_out
  campaign m1 = 101 email news
  campaign m2 = 102 email news
  campaign m3 = 103 email news
  policy { timezone "UTC" deadline 5d cap marketing 2 per 72h defer up to 4d else drop }
  journey greeting {
    enter on signup reenter always
    wait 6h  send m1  wait for login up to 2d { send m2 }  send m3
  }
  journey basket { enter on order one per entry.id reenter always wait 12h send m2 wait 1d }
  journey pros { enter when user.plan == "pro" reenter always send m3 wait 2d }
)";

class Lives {
 public:
  explicit Lives(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < kPeople; ++i) people_.push_back(i);
  }

  void live(int moments) {
    for (int i = 0; i < moments; ++i) {
      step();
      look_at_what_leaves();
    }
  }

  // Until everybody has come to the end of their ways.
  void end() {
    for (int day = 0; day < 60; ++day) {
      world_.pass(hours(12));
      while (look_at_what_leaves()) {
      }
      while (!under_way_.empty()) answer(OutcomeKind::kAccepted);
    }
    std::int64_t inside = 0;
    for (const auto& [name, value] : world_.counters()) {
      if (name.starts_with("inside/")) inside += value;
    }
    EXPECT_EQ(inside, 0) << "somebody has nothing to wait for";
    EXPECT_TRUE(world_.store().deliveries({}, 10)->empty());
    EXPECT_TRUE(world_.store().due_timers(base::kNever, 10)->empty());
    EXPECT_EQ(world_.store().heads({}, 100)->size(), known_.size());
  }
  int merges() const { return merges_; }

 private:
  std::uint64_t draw(std::uint64_t below) { return random_.next() % below; }
  int somebody() { return people_[draw(people_.size())]; }
  static std::string email(int person) { return fmt::format("p{}@example.com", person); }
  void say(int person, const std::string& event, const std::string& fields) {
    known_.insert(person);
    EXPECT_EQ(world_.track(fmt::format(R"({{"email":"{}","eventName":"{}","dataFields":{}}})",
                                       email(person), event, fields)),
              "200 Success");
  }

  void step() {
    switch (draw(9)) {
      case 0:
        return say(somebody(), "signup", "{}");
      case 1:
        return say(somebody(), "login", "{}");
      case 2:
        return say(somebody(), "order", fmt::format(R"({{"id":"o-{}"}})", draw(3)));
      case 3: {
        const int person = somebody();
        known_.insert(person);
        world_.update(fmt::format(R"({{"email":"{}","dataFields":{{"plan":"{}"}}}})", email(person),
                                  draw(2) == 0 ? "pro" : "free"));
        return;
      }
      case 4:
        return answer(draw(3) == 0 ? OutcomeKind::kRetry : OutcomeKind::kAccepted);
      case 5:
        return merge();
      case 6:
        if (draw(4) == 0) restart();
        return;
      default:
        return world_.pass(hours(static_cast<std::int64_t>(1 + draw(20))));
    }
  }

  // Who is gone may come again, as somebody new.
  void merge() {
    const int source = somebody();
    const int destination = somebody();
    if (source == destination || !known_.contains(source) || !known_.contains(destination)) return;
    EXPECT_EQ(world_.post(IntakeRequest::Endpoint::kUsersMerge,
                          fmt::format(R"({{"sourceEmail":"{}","destinationEmail":"{}"}})",
                                      email(source), email(destination))),
              "200 Success");
    known_.erase(source);
    ++merges_;
    for (auto& [key, sent] : sent_) {
      if (sent.person == source) sent.person = destination;
    }
    if (draw(2) == 0) restart();
  }

  // What was under way is in doubt, and tried again.
  void restart() {
    under_way_.clear();
    world_.restart();
  }

  bool look_at_what_leaves() {
    const bool any = !world_.nothing_to_take();
    while (!world_.nothing_to_take()) {
      Outgoing message = world_.take();
      const std::string to = Json::parse(message.request.body).at("recipientEmail");
      count(message.key.message.hex(), to[1] - '0');
      under_way_.push_back(std::move(message));
    }
    return any;
  }

  // The first attempt of a message finds room under the cap, with all that both were sent.
  void count(const std::string& key, int person) {
    const auto known = sent_.find(key);
    if (known != sent_.end()) {
      known->second = {person, world_.now(), true};
      return;
    }
    std::size_t before = 0;
    for (const auto& [other, sent] : sent_) {
      if (sent.person != person || !sent.counts) continue;
      before += world_.now() - sent.at < kCapTime ? 1U : 0U;
    }
    EXPECT_LT(before, kCap) << "one more than the cap for " << person;
    sent_[key] = {person, world_.now(), true};
  }

  void answer(OutcomeKind how) {
    if (under_way_.empty()) return;
    const std::size_t which = draw(under_way_.size());
    const Outgoing message = under_way_[which];
    under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(which));
    // It may end unsent after that.
    if (how == OutcomeKind::kRetry) sent_.at(message.key.message.hex()).counts = false;
    world_.end(message, how);
  }

  struct Sent {
    int person = 0;
    base::Instant at;
    bool counts = false;
  };

  ShardWorld world_{kWorld};
  base::SeededRandom random_;
  std::vector<int> people_;
  std::set<int> known_;
  std::map<std::string, Sent> sent_;  // by message key
  std::vector<Outgoing> under_way_;
  int merges_ = 0;
};

TEST(MergesLives, NobodyIsSentMoreAndNobodyIsLeftBehind) {
  int merges = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Lives lives(seed);
    lives.live(150);
    lives.end();
    merges += lives.merges();
  }
  EXPECT_GT(merges, 30) << "else little is shown";
}

}  // namespace
}  // namespace sojourn::runtime
