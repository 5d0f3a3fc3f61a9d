#include "tests/unit/proof/random_journey.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/engine/graph_builder.h"

namespace sojourn::proof::test {
namespace {

using engine::test::GraphBuilder;
using graph::ConditionArm;
using graph::Duration;
using graph::EventArm;
using graph::ExprId;
using graph::StepIndex;

constexpr int kDeepest = 3;

class Maker {
 public:
  explicit Maker(base::Random& random) : random_(random) {}

  graph::Graph make() {
    flag_ = builder_.user("flag");
    other_ = builder_.user("other");
    graph::Expression member;
    member.op = graph::Op::kInList;
    member.name = "vips";
    member_ = builder_.add(std::move(member));
    user_t_ = builder_.user("t");
    entry_t_ = builder_.entry("t");
    constexpr std::array kZones{"Europe/Berlin", "America/New_York", "Antarctica/Troll", "UTC"};
    builder_.zone(builder_.text(kZones[below(kZones.size())]));
    if (one_in(4)) builder_.exit_on("stop");
    if (one_in(8)) builder_.exit_when(builder_.op(graph::Op::kAnd, {flag_, other_}), "both");
    if (one_in(8)) builder_.exit_when(builder_.op(graph::Op::kAnd, {flag_, member_}), "vip");
    const StepIndex first = block(graph::kCompleted, 0);
    return builder_.build(first);
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return base::random_below(random_, bound); }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  std::string name(const char* kind) { return kind + std::string(" ") + std::to_string(++count_); }

  // Steps are made from the last to the first.
  StepIndex block(StepIndex next, int depth) {
    const std::uint64_t length = depth == 0 ? 2 + below(4) : below(3);
    for (std::uint64_t i = 0; i < length; ++i) next = step(next, depth);
    return next;
  }

  StepIndex step(StepIndex next, int depth) {
    if (depth >= kDeepest) return one_in(2) ? send(next, depth) : wait(next);
    switch (below(14)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return send(next, depth);
      case 4:
      case 5:
        return wait(next);
      case 6:
        return wait_until(next, depth);
      case 7:
      case 8:
        return wait_for(next, depth);
      case 9:
        return schedule(next, depth);
      case 10:
        return branch(next, depth);
      case 11:
        return split(next, depth);
      case 12:
        return one_in(2) ? small_step(next) : builder_.exit(name("exit").c_str());
      default:
        return one_in(3) ? loop(next, depth) : branch(next, depth);
    }
  }

  base::Millis limit() {
    constexpr std::array kLimits{base::hours(0), base::hours(1), base::days24(1), base::days24(2)};
    return kLimits[below(kLimits.size())];
  }

  StepIndex send(StepIndex next, int depth) {
    constexpr std::array kCampaigns{"mail_a", "mail_b", "push_a", "sms_a"};
    graph::Send send;
    send.campaign = kCampaigns[below(kCampaigns.size())];
    if (!one_in(4)) send.deadline = limit();
    send.again = !one_in(4);
    send.next = next;
    send.unreachable = one_in(4) && depth < kDeepest ? block(next, depth + 1) : next;
    return builder_.step(name("send"), send);
  }

  Duration duration() {
    constexpr std::array kDurations{Duration{0, 0, 3'600'000},  Duration{0, 0, 86'400'000},
                                    Duration{0, 1, 0},          Duration{0, 2, 0},
                                    Duration{0, 7, 0},          Duration{1, 0, 0},
                                    Duration{0, 1, 43'200'000}, Duration{0, 0, 0}};
    return kDurations[below(kDurations.size())];
  }

  std::optional<graph::TimeOfDay> at() {
    if (!one_in(3)) return std::nullopt;
    return graph::TimeOfDay{static_cast<std::int32_t>(below(24) * 60 + below(2) * 30)};
  }

  StepIndex wait(StepIndex next) {
    return builder_.step(name("wait"), graph::Wait{duration(), at(), next});
  }

  // `continue`, `exit`, or a block.
  StepIndex otherwise(StepIndex next, int depth) {
    switch (below(3)) {
      case 0:
        return next;
      case 1:
        return builder_.exit(name("exit").c_str());
      default:
        return block(next, depth + 1);
    }
  }

  StepIndex wait_until(StepIndex next, int depth) {
    graph::WaitUntil wait;
    wait.time = one_in(2) ? user_t_ : entry_t_;
    wait.at = at();
    if (!one_in(6)) wait.up_to = limit();
    wait.next = next;
    wait.past = otherwise(next, depth);
    wait.missing = otherwise(next, depth);
    return builder_.step(name("wait until"), wait);
  }

  StepIndex wait_for(StepIndex next, int depth) {
    graph::WaitFor wait;
    const std::uint64_t arms = 1 + below(2);
    for (std::uint64_t i = 0; i < arms; ++i) {
      const StepIndex then = block(next, depth + 1);
      if (one_in(3)) {
        wait.arms.emplace_back(ConditionArm{condition(), then});
      } else {
        EventArm arm;
        arm.event = one_in(2) ? "login" : "click";
        arm.since = one_in(2) ? graph::Since::kHere : graph::Since::kEntry;
        arm.next = then;
        wait.arms.emplace_back(arm);
      }
    }
    wait.up_to = limit();
    wait.timeout = block(next, depth + 1);
    return builder_.step(name("wait for"), wait);
  }

  ExprId condition() {
    switch (below(7)) {
      case 0:
        return builder_.constant(graph::Value(false));
      case 1:
        return builder_.op(graph::Op::kNot, {flag_});
      case 2:
        return other_;
      case 3:
        return member_;
      default:
        return flag_;
    }
  }

  graph::Rung rung(StepIndex schedule, int depth) {
    constexpr std::array kOffsets{Duration{0, 0, 0},        Duration{0, 1, 0},  Duration{0, 2, 0},
                                  Duration{0, 3, 0},        Duration{0, 30, 0}, Duration{1, 0, 0},
                                  Duration{0, 0, 7'200'000}};
    graph::Rung out;
    out.offset = kOffsets[below(kOffsets.size())];
    out.before = one_in(2);
    out.at = at();
    out.body = block(schedule, depth + 1);
    return out;
  }

  StepIndex schedule(StepIndex next, int depth) {
    const StepIndex at = builder_.place(name("schedule"));
    graph::Schedule schedule;
    schedule.around = one_in(2) ? user_t_ : entry_t_;
    if (!one_in(6)) schedule.up_to = base::days24(static_cast<std::int64_t>(1 + below(5)));
    const std::uint64_t rungs = 1 + below(3);
    for (std::uint64_t i = 0; i < rungs; ++i) schedule.rungs.push_back(rung(at, depth));
    schedule.next = next;
    schedule.missing = otherwise(next, depth);
    builder_.set(at, schedule);
    return at;
  }

  StepIndex branch(StepIndex next, int depth) {
    graph::Branch branch;
    branch.arms.push_back({condition(), block(next, depth + 1)});
    if (one_in(3)) branch.arms.push_back({condition(), block(next, depth + 1)});
    branch.otherwise = block(next, depth + 1);
    return builder_.step(name("if"), branch);
  }

  StepIndex split(StepIndex next, int depth) {
    graph::Split split;
    split.name = name("split");
    split.arms.push_back({"a", 5000, block(next, depth + 1)});
    split.arms.push_back({"b", 5000, block(next, depth + 1)});
    if (one_in(4)) split.arms.push_back({"none", 0, block(next, depth + 1)});
    return builder_.step(split.name, split);
  }

  StepIndex small_step(StepIndex next) {
    if (one_in(2)) return builder_.step(name("track"), graph::Track{"login", graph::kNoExpr, next});
    if (one_in(3)) return builder_.step(name("list"), graph::ChangeList{"vips", one_in(2), next});
    const ExprId fields = builder_.object({{"flag", other_}});
    return builder_.step(name("update"), graph::UpdateUser{fields, next});
  }

  // Round again while the flag is up; no way round is without an hour.
  StepIndex loop(StepIndex next, int depth) {
    const StepIndex pause = builder_.place(name("pause"));
    graph::Branch again;
    again.arms.push_back({flag_, block(pause, depth + 1)});
    again.otherwise = next;
    const StepIndex back = builder_.step(name("again"), again);
    builder_.set(pause, graph::Wait{Duration{0, 0, 3'600'000}, std::nullopt, back});
    return pause;
  }

  base::Random& random_;
  GraphBuilder builder_;
  ExprId flag_ = 0;
  ExprId other_ = 0;
  ExprId member_ = 0;
  ExprId user_t_ = 0;
  ExprId entry_t_ = 0;
  int count_ = 0;
};

}  // namespace

graph::Catalog small_catalog() {
  graph::Catalog catalog;
  for (const char* event : {"signup", "login", "click", "stop"}) {
    catalog.events.push_back({event, event, {}});
  }
  catalog.message_types.push_back({"news", 1, true, graph::ConsentPolicy::kOptIn});
  catalog.message_types.push_back({"account", 2, false, graph::ConsentPolicy::kOptOut});
  const auto campaign = [&](const char* name, graph::Medium medium, const char* type) {
    graph::Campaign out;
    out.name = name;
    out.medium = medium;
    out.message_type = type;
    catalog.campaigns.push_back(std::move(out));
  };
  campaign("mail_a", graph::Medium::kEmail, "news");
  campaign("mail_b", graph::Medium::kEmail, "account");
  campaign("push_a", graph::Medium::kPush, "news");
  campaign("sms_a", graph::Medium::kSms, "account");
  return catalog;
}

graph::Graph random_journey(base::Random& random) {
  return Maker(random).make();
}

}  // namespace sojourn::proof::test
