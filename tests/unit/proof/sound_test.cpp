// Proofs against the real engine: random journeys, and many random users through each.
// What they do must stay within what is proved. How often somebody comes up to the
// bound is printed; that is no condition, since walks are only a sample.
//
// SOJOURN_PROOF_JOURNEYS=100000 in the environment is the long form; SOJOURN_PROOF_SEED
// starts from another seed, SOJOURN_PROOF_WALKS sends more users through each journey, which
// comes closer to the bounds.
#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "graph/print.h"
#include "proof/always_reached.h"
#include "proof/prove.h"
#include "tests/unit/proof/random_journey.h"
#include "tests/unit/proof/walker.h"

namespace sojourn::proof::test {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// How often a bound was met, of those that exist.
struct Tightness {
  std::size_t bounds = 0;
  std::size_t met = 0;
  void note(bool is_met) {
    ++bounds;
    met += is_met ? 1 : 0;
  }
  double percent() const {
    return bounds == 0 ? 0.0 : 100.0 * static_cast<double>(met) / static_cast<double>(bounds);
  }
};

struct Tally {
  Tightness in_all;
  Tightness per_day;
  Tightness per_hour;
  Tightness ends;
  std::size_t always_reached = 0;
  std::size_t messages = 0;
};

// The most messages less than `stretch` after their first.
std::size_t most_within(const std::vector<base::Instant>& times, base::Millis stretch) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto end = std::lower_bound(times.begin(), times.end(), times[i] + stretch);
    most = std::max(most, static_cast<std::size_t>(end - times.begin()) - i);
  }
  return most;
}

class Comparison {
 public:
  Comparison(const graph::Graph& graph, const graph::Catalog& catalog, std::vector<Walked> walks)
      : graph_(graph),
        prover_(graph, catalog),
        messages_(graph, catalog),
        timed_(*timed_graph(graph)),
        walks_(std::move(walks)) {}

  void compare(Tally& tally) const {
    for (const Target& target : messages_.targets()) compare_sends(target, tally);
    compare_end(tally);
    for (graph::StepIndex step = 0; step < graph_.steps.size(); ++step) compare_reach(step, tally);
    for (const char* event : {"login", "click", "stop"}) compare_after(event);
    for (const Walked& walked : walks_) tally.messages += walked.sent.size();
  }

 private:
  std::vector<base::Instant> times(const Walked& walked, const std::vector<bool>& counted) const {
    std::vector<base::Instant> out;
    for (const auto& sent : walked.sent) {
      if (counted[sent.step]) out.push_back(sent.at);
    }
    return out;
  }

  void compare_sends(const Target& target, Tally& tally) const {
    const std::vector<bool> counted = messages_.counted(target);
    const SendTimes proved = send_times(timed_, counted, base::days24(30));
    std::size_t in_all = 0;
    std::size_t per_day = 0;
    std::size_t per_hour = 0;
    for (const Walked& walked : walks_) {
      const auto sent = times(walked, counted);
      in_all = std::max(in_all, sent.size());
      per_day = std::max(per_day, most_within(sent, base::days24(1)));
      per_hour = std::max(per_hour, most_within(sent, base::hours(1)));
      for (const base::Millis stretch : {base::Millis{1}, base::days24(7), base::days24(30)}) {
        expect_within(most_within(sent, stretch), proved.within(stretch), target);
      }
    }
    expect_within(in_all, proved.in_all(), target);
    expect_within(per_day, proved.within(base::days24(1)), target);
    expect_within(per_hour, proved.within(base::hours(1)), target);
    if (const Count most = proved.in_all()) tally.in_all.note(*most == in_all);
    if (const Count most = proved.within(base::days24(1))) tally.per_day.note(*most == per_day);
    if (const Count most = proved.within(base::hours(1))) tally.per_hour.note(*most == per_hour);
  }

  static void expect_within(std::size_t observed, const Count& proved, const Target& target) {
    if (proved) {
      EXPECT_LE(observed, *proved) << "messages of `" << target.name << "`";
    }
  }

  void compare_end(Tally& tally) const {
    const LatestEnd end = latest_end(timed_);
    if (!end.at) return;
    base::Millis longest{0};
    for (const Walked& walked : walks_) {
      if (walked.ended) longest = std::max(longest, *walked.ended - walked.entered);
    }
    EXPECT_LE(longest.count, end.at->count);
    // Waits by the calendar depend on the day: within a tenth is as good as met.
    tally.ends.note(longest.count * 10 >= end.at->count * 9);
  }

  void compare_reach(graph::StepIndex step, Tally& tally) const {
    if (way_around(timed_, step)) return;
    ++tally.always_reached;
    for (const Walked& walked : walks_) {
      if (walked.reason != "completed") continue;
      EXPECT_NE(std::ranges::find(walked.reached, step), walked.reached.end())
          << graph_.steps[step].identity;
    }
  }

  void compare_after(const std::string& event) const {
    const NoSendAfter assertion{{}, {event, {}, graph::kNoExpr}};
    if (prover_.disprove(assertion)) return;
    for (const Walked& walked : walks_) {
      for (const auto& sent : walked.sent) {
        EXPECT_EQ(std::ranges::find(sent.events, event), sent.events.end()) << event;
      }
    }
  }

  const graph::Graph& graph_;
  Prover prover_;
  Messages messages_;
  TimedGraph timed_;
  std::vector<Walked> walks_;
};

TEST(Sound, NobodyGoesBeyondWhatIsProved) {
  const std::uint64_t seed = from_environment("SOJOURN_PROOF_SEED", 20261121);
  const std::uint64_t journeys = from_environment("SOJOURN_PROOF_JOURNEYS", 2'000);
  const std::uint64_t walks_each = from_environment("SOJOURN_PROOF_WALKS", 24);
  fmt::print("seed {}, {} journeys, {} walks each\n", seed, journeys, walks_each);
  const graph::Catalog catalog = small_catalog();
  WalkZones zones;
  Tally tally;
  for (std::uint64_t i = 0; i < journeys; ++i) {
    base::SeededRandom random(seed + i);
    const graph::Graph graph = random_journey(random);
    std::vector<Walked> walks;
    for (std::uint64_t w = 0; w < walks_each; ++w) walks.push_back(walk(graph, zones, random));
    Comparison(graph, catalog, std::move(walks)).compare(tally);
    ASSERT_FALSE(::testing::Test::HasFailure())
        << "SOJOURN_PROOF_SEED=" << seed + i << " SOJOURN_PROOF_JOURNEYS=1\n"
        << graph::print_json(graph);
  }
  fmt::print("bounds met: in all {:.1f} %, per day {:.1f} %, per hour {:.1f} %, end {:.1f} %\n",
             tally.in_all.percent(), tally.per_day.percent(), tally.per_hour.percent(),
             tally.ends.percent());
  fmt::print("{} messages, {} steps proved to be always reached\n", tally.messages,
             tally.always_reached);
  // The walks are no sleepers: most of what is possible happens.
  EXPECT_GT(tally.messages, journeys * walks_each / 4);
  EXPECT_GT(tally.per_day.percent(), 50.0);
}

}  // namespace
}  // namespace sojourn::proof::test
