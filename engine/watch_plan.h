// The entries of a program that people are watched for (`enter on` a date, `enter when`,
// `enter every`, `enter at`), by what can move them. Made once for all journeys; refers to their
// graphs, which outlive it. Immutable, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace sojourn::engine {

struct WatchRule {
  const graph::Graph* graph = nullptr;
  std::uint32_t watched = 0;  // in Graph::watched
  // Of the journey and what the rule says: the same rule in another version of the
  // journey has the same key, another rule has another, also where a line stands twice.
  std::uint64_t key = 0;

  const graph::WatchedEntry& what() const { return graph->watched[watched]; }
  const std::string& event() const { return graph->entries[what().entry].event; }
};

// Counts in WatchPlan::rules().
using RuleIndex = std::uint32_t;

class WatchPlan {
 public:
  explicit WatchPlan(std::span<const graph::Graph* const> graphs);

  const std::vector<WatchRule>& rules() const { return rules_; }
  // The rule of this key.
  std::optional<RuleIndex> find(std::uint64_t key) const;
  // Of all rules together, and of what decides when a schedule comes beside its words: the
  // zones, the days that `workday` means.
  std::uint64_t fingerprint() const { return fingerprint_; }
  // Those whose answer may change with the profile field, with an event that is kept.
  std::span<const RuleIndex> reading_field(std::string_view field) const;
  std::span<const RuleIndex> reading_event(std::string_view event) const;
  // Or with what the user belongs to: lists, journeys.
  std::span<const RuleIndex> reading_memberships() const { return of_memberships_; }

 private:
  using Readers = std::map<std::string, std::vector<RuleIndex>, std::less<>>;
  std::vector<WatchRule> rules_;
  std::map<std::uint64_t, RuleIndex> by_key_;
  std::uint64_t fingerprint_ = 0;
  Readers of_field_;
  Readers of_event_;
  std::vector<RuleIndex> of_memberships_;
};

}  // namespace sojourn::engine
