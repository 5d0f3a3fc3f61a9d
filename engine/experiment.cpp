#include "engine/experiment.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "engine/aim.h"
#include "graph/expression_text.h"

namespace sojourn::engine {
namespace {

base::Millis batch_length(const graph::SplitMeasure& measure) {
  return std::max(base::minutes(1), base::Millis{measure.within.count / kMaxOpenBatches});
}

// Batches begin at whole multiples of their length.
base::Instant batch_begin(const graph::SplitMeasure& measure, base::Instant t) {
  const std::int64_t length = batch_length(measure).count;
  const std::int64_t beyond = ((t.millis % length) + length) % length;
  return base::Instant{t.millis - beyond};
}

// `within` includes its end.
base::Instant closes_at(const graph::SplitMeasure& measure, base::Instant from) {
  return later(later(from, batch_length(measure)), measure.within);
}

void add(std::vector<ArmCounts>& sum, const std::vector<ArmCounts>& more) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i].taken += more[i].taken;
    sum[i].succeeded += more[i].succeeded;
  }
}

}  // namespace

// Bytes that are hashed (base/bytes.h): varint count, (string arm, varint share), string unit, u8
// kind, string goal, varint within, and of `decide` two varints or zeros; where units are
// counted, u8 1.
std::uint64_t rule_of(const graph::Graph& graph, const graph::Split& split) {
  SOJOURN_CHECK(split.measure.has_value(), "only a measured split is an experiment");
  base::ByteWriter bytes;
  bytes.varint(split.arms.size());
  for (const graph::SplitArm& arm : split.arms) {
    bytes.string(arm.name);
    bytes.varint(arm.share);
  }
  bytes.string(split.unit == graph::kNoExpr ? std::string() : to_string(graph, split.unit));
  bytes.u8(static_cast<std::uint8_t>(split.measure->kind));
  const bool by_goal = split.measure->kind == graph::SplitMeasure::Kind::kGoal;
  bytes.string(by_goal ? graph.goals[split.measure->goal].name : std::string());
  bytes.varint(static_cast<std::uint64_t>(split.measure->within.count));
  bytes.varint(split.decide ? split.decide->after : 0);
  bytes.varint(split.decide ? split.decide->confidence : 0);
  if (split.unit != graph::kNoExpr) bytes.u8(1);
  return base::stable_hash64(bytes.bytes());
}

Experiment begin_experiment(const graph::Graph& graph, const graph::Split& split,
                            base::Instant now) {
  Experiment experiment;
  experiment.rule = rule_of(graph, split);
  experiment.begun_at = now;
  experiment.all.resize(split.arms.size());
  experiment.closed.resize(split.arms.size());
  return experiment;
}

bool count_taken(Experiment& experiment, const graph::Split& split, std::uint32_t arm,
                 base::Instant now) {
  if (experiment.is_over()) return false;
  const base::Instant from = batch_begin(*split.measure, now);
  if (experiment.open.empty() || experiment.open.back().from < from) {
    experiment.open.push_back({from, std::vector<ArmCounts>(split.arms.size())});
  }
  ++experiment.open.back().arms.at(arm).taken;
  ++experiment.all.at(arm).taken;
  return true;
}

bool count_success(Experiment& experiment, std::uint32_t arm, base::Instant since) {
  if (experiment.is_over() || since < experiment.begun_at) return false;
  const auto after = std::ranges::upper_bound(experiment.open, since, {}, &Experiment::Batch::from);
  // Its batch is closed: the event came too late to count.
  if (after == experiment.open.begin()) return false;
  ArmCounts& counts = std::prev(after)->arms.at(arm);
  if (counts.succeeded >= counts.taken) return false;
  ++counts.succeeded;
  ++experiment.all.at(arm).succeeded;
  return true;
}

bool close_batches(Experiment& experiment, const graph::Split& split, base::Instant now) {
  bool changed = false;
  while (!experiment.is_over() && !experiment.open.empty() &&
         closes_at(*split.measure, experiment.open.front().from) <= now) {
    add(experiment.closed, experiment.open.front().arms);
    experiment.open.pop_front();
    changed = true;
    if (!split.decide) continue;
    experiment.unbalanced = is_unbalanced(split, experiment.closed);
    if (!experiment.unbalanced) experiment.winner = find_winner(split, experiment.closed);
  }
  if (experiment.is_over()) experiment.open.clear();
  return changed;
}

std::optional<base::Instant> next_close(const Experiment& experiment, const graph::Split& split) {
  if (experiment.is_over() || experiment.open.empty()) return std::nullopt;
  return closes_at(*split.measure, experiment.open.front().from);
}

}  // namespace sojourn::engine
