#include "proof/prove.h"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <utility>

#include "graph/engagement.h"
#include "graph/graph.h"
#include "proof/always_reached.h"

namespace sojourn::proof {
namespace {

using base::Millis;

constexpr Millis kDay = base::days24(1);
constexpr Millis kWeek = base::days24(7);
// Places times messages: beyond that, a witness is not looked for.
constexpr std::size_t kMaxWitnessCells = 2'000'000;

std::string messages_text(std::size_t count, const Target& target) {
  const std::string_view noun = count == 1 ? "message" : "messages";
  if (target.kind == Target::Kind::kAll) return fmt::format("{} {}", count, noun);
  return fmt::format("{} {} of `{}`", count, noun, target.name);
}

// Also of a journey that ends, when there are more than are counted.
std::string unbounded_text(const Target& target) {
  return fmt::format("more than {}", messages_text(kMostCounted, target));
}

Count sum(Count a, Count b) {
  return a && b ? Count(*a + *b) : std::nullopt;
}

}  // namespace

Prover::Prover(const graph::Graph& graph, const graph::Catalog& catalog)
    : graph_(graph), messages_(graph, catalog), timed_(timed_graph(graph)) {}

std::optional<Disproof> Prover::disprove(const Assertion& assertion) const {
  if (!timed_) {
    return Disproof{
        .why = fmt::format("the journey has more than {} places to look at", kMaxPlaces),
        .witness = std::nullopt,
        .culprit = std::nullopt,
        .hint = "put fewer schedules inside each other"};
  }
  return std::visit([&](const auto& c) { return check(c); }, assertion);
}

std::optional<Disproof> Prover::check(const AtMost& assertion) const {
  const std::vector<bool> counted = messages_.counted(assertion.target);
  const SendTimes times = send_times(*timed_, counted, assertion.per.value_or(Millis{0}));
  const std::size_t in_a_row = enrollments_of(graph_).in_a_row;
  const Count once = assertion.per ? times.within(*assertion.per) : times.in_all();
  const Count count = proof::times(once, in_a_row);
  if (count && *count <= assertion.most) return std::nullopt;
  Disproof out;
  out.why =
      fmt::format("one enrollment can send {}", count ? messages_text(*count, assertion.target)
                                                      : unbounded_text(assertion.target));
  if (assertion.per) out.why += " within " + length_text(*assertion.per);
  if (!count && timed_->has_cycle) out.hint = "a way that sends leads back to itself";
  // The witness is of one enrollment, so it shows the part that one of them sends.
  std::size_t shown = std::size_t{assertion.most} + 1;
  if (once && *once < shown) {
    shown = *once;
    out.hint = fmt::format(
        "each of up to {} enrollments in a row sends so much: `while enrolled restart`", in_a_row);
  }
  if (shown * timed_->places.size() <= kMaxWitnessCells) {
    out.witness = way_to_send(*timed_, counted, shown, assertion.per);
  }
  return out;
}

// With the time in the queue of `pace`, which comes before everything else.
LatestEnd Prover::end() const {
  LatestEnd end = latest_end(*timed_);
  if (!graph_.pace || !end.at) return end;
  if (graph_.pace->up_to) {
    end.at = plus(*end.at, *graph_.pace->up_to);
  } else {
    end = LatestEnd{};
    end.endless_queue = true;
  }
  return end;
}

std::optional<Disproof> Prover::check(const EndsWithin& assertion) const {
  const LatestEnd end = this->end();
  if (end.at && *end.at <= assertion.limit) return std::nullopt;
  Disproof out;
  if (end.endless_queue) {
    out.why = "one enrollment can wait in the queue of `pace` for ever";
    out.hint = "give `pace` an `up to` and how long, then `else drop`";
    return out;
  }
  if (end.at) {
    out.why = fmt::format("one enrollment can last {}", length_text(*end.at));
    out.witness = longest_way(*timed_);
    if (graph_.pace) {
      out.hint = fmt::format("up to {} of it in the queue of `pace`, before the first step",
                             length_text(*graph_.pace->up_to));
    }
    return out;
  }
  out.culprit = end.endless;
  const std::string& step = graph_.steps[end.endless].identity;
  out.why = fmt::format("`{}` has no proved end", step);
  out.hint = end.endless_by_cycle ? "it leads back to itself" : "give it `up to` and how long";
  return out;
}

// An event may come while a message is on its way to leave, unless it ends everything.
std::optional<Disproof> Prover::check(const NoSendAfter& assertion) const {
  if (always_exits(graph_, assertion.event)) return std::nullopt;
  auto witness = way_to_send(*timed_, messages_.counted(assertion.target), 1, std::nullopt);
  if (!witness) return std::nullopt;
  Disproof out;
  out.why = fmt::format("a message can leave after `{}`", graph::told(assertion.event.event));
  out.hint = fmt::format("add `exit on {}`{}", graph::told(assertion.event.event),
                         assertion.event.where == graph::kNoExpr ? "" : " with the same `where`");
  // The event comes just before the message leaves.
  witness->event_before_last = assertion.event.event;
  out.witness = std::move(witness);
  return out;
}

std::optional<Disproof> Prover::check(const Reaches& assertion) const {
  auto witness = way_around(*timed_, assertion.step);
  if (!witness) return std::nullopt;
  Disproof out;
  out.why = fmt::format("one enrollment can complete without `{}`",
                        graph_.steps[assertion.step].identity);
  out.witness = std::move(witness);
  return out;
}

JourneyBounds Prover::bounds() const {
  JourneyBounds out;
  out.enrollments =
      enrollments_of(graph_, timed_ ? latest_end(*timed_).at : std::optional<Millis>());
  const std::size_t in_a_row = out.enrollments.in_a_row;
  for (Target& target : messages_.targets()) {
    SendBounds bounds;
    if (timed_) {
      const SendTimes times = send_times(*timed_, messages_.counted(target), kWeek);
      bounds.in_all = proof::times(times.in_all(), in_a_row);
      bounds.per_day = proof::times(times.within(kDay), in_a_row);
      bounds.per_week = proof::times(times.within(kWeek), in_a_row);
    }
    bounds.target = std::move(target);
    out.sends.push_back(std::move(bounds));
  }
  if (timed_) out.end = end();
  return out;
}

std::vector<SendBounds> sum_per_user(const std::vector<JourneyBounds>& journeys) {
  std::map<Target, SendBounds> sums;
  for (const JourneyBounds& journey : journeys) {
    for (const SendBounds& sends : journey.sends) {
      auto& out = sums.try_emplace(sends.target, SendBounds{sends.target, 0, 0, 0}).first->second;
      const Enrollments& count = journey.enrollments;
      out.in_all = sum(out.in_all, times(sends.in_all, count.in_all));
      out.per_day = sum(out.per_day, times(sends.per_day, count.per_day));
      out.per_week = sum(out.per_week, times(sends.per_week, count.per_week));
    }
  }
  std::vector<SendBounds> out;
  out.reserve(sums.size());
  for (auto& [target, bounds] : sums) out.push_back(std::move(bounds));
  return out;
}

}  // namespace sojourn::proof
