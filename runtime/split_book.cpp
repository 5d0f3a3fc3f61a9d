#include "runtime/split_book.h"

#include <algorithm>
#include <fmt/core.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "runtime/counter_names.h"
#include "runtime/program.h"
#include "runtime/split_record.h"
#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

// Numbers of users begin with 1.
constexpr store::UserId kNobody{0, 0};
// Rows that are read at start: more than any project has measured splits, those of journeys
// that are gone included.
constexpr std::size_t kMaxRows = 100'000;

store::RowKey row_of(const std::string& journey, const std::string& split) {
  base::ByteWriter name;
  name.string(journey);
  name.string(split);
  return {kNobody, store::RowKind::kSplit, base::stable_hash64(name.bytes()) >> 1U};
}

std::vector<std::string> arm_names(const graph::Split& split) {
  std::vector<std::string> names;
  for (const graph::SplitArm& arm : split.arms) names.push_back(arm.name);
  return names;
}

}  // namespace

SplitBook::SplitBook(const Program& program) {
  for (const Journey& journey : program.journeys()) {
    for (const graph::Step& step : journey.graph.steps) {
      const auto* split = std::get_if<graph::Split>(&step.action);
      if (split == nullptr || !split->measure) continue;
      Entry& entry = entries_[{journey.graph.journey, split->name}];
      entry.split = split;
      entry.experiment = engine::begin_experiment(journey.graph, *split, {});
    }
  }
}

base::Status SplitBook::load(store::Store& store, base::Instant now) {
  for (auto& [key, entry] : entries_) entry.experiment.begun_at = now;
  auto rows = store.rows(kNobody, store::RowKind::kSplit, kMaxRows);
  if (!rows) return tl::unexpected(rows.error());
  for (const store::Row& row : *rows) {
    auto stored = decode_split(row.body);
    if (!stored) return tl::unexpected(stored.error());
    const auto found = entries_.find({stored->journey, stored->split});
    // It may come back with another program.
    if (found == entries_.end()) continue;
    Entry& entry = found->second;
    if (stored->experiment.rule != entry.experiment.rule) {
      give_up(*stored);
      entry.changed = true;
      continue;
    }
    entry.experiment = std::move(stored->experiment);
    know_winner(stored->journey, entry);
  }
  return {};
}

void SplitBook::give_up(const SplitRecord& stored) {
  const auto take_back = [&](std::string name, std::uint64_t count) {
    if (count > 0) given_up_.emplace_back(std::move(name), -static_cast<std::int64_t>(count));
  };
  const engine::Experiment& experiment = stored.experiment;
  for (std::size_t i = 0; i < stored.arms.size(); ++i) {
    const std::string& arm = stored.arms[i];
    const engine::ArmCounts& counts = experiment.all[i];
    take_back(counter_name({"measured", stored.journey, stored.split, arm}), counts.taken);
    take_back(counter_name({"measure_met", stored.journey, stored.split, arm}), counts.succeeded);
  }
  if (experiment.winner) {
    take_back(
        counter_name({"decided", stored.journey, stored.split, stored.arms[*experiment.winner]}),
        1);
  }
  if (experiment.unbalanced) {
    take_back(counter_name({"unbalanced", stored.journey, stored.split}), 1);
  }
}

void SplitBook::know_winner(const std::string& journey, const Entry& entry) {
  if (!entry.experiment.winner) return;
  const graph::Split& split = *entry.split;
  decided_[journey].push_back({split.name, split.arms.at(*entry.experiment.winner).name});
}

std::span<const engine::AssignedArm> SplitBook::decided(std::string_view journey) const {
  const auto found = decided_.find(journey);
  if (found == decided_.end()) return {};
  return found->second;
}

base::Instant SplitBook::counts_since(std::string_view journey) const {
  base::Instant since = base::kNever;
  for (const auto& [key, entry] : entries_) {
    if (key.first == journey) since = std::min(since, entry.experiment.begun_at);
  }
  return since;
}

SplitBook::Entry& SplitBook::entry(std::string_view journey, const graph::Split& split) {
  const auto found = entries_.find({std::string(journey), split.name});
  SOJOURN_CHECK(found != entries_.end(), "every measured split of the program has an experiment");
  return found->second;
}

void SplitBook::taken(std::string_view journey, const graph::Split& split, std::uint32_t arm,
                      TurnRecord& record) {
  Entry& counted = entry(journey, split);
  if (!engine::count_taken(counted.experiment, *counted.split, arm, record.now)) return;
  counted.changed = true;
  record.count(counter_name({"measured", journey, split.name, split.arms.at(arm).name}));
}

void SplitBook::succeeded(std::string_view journey, const graph::Split& split, std::uint32_t arm,
                          base::Instant since, TurnRecord& record) {
  Entry& counted = entry(journey, split);
  if (!engine::count_success(counted.experiment, arm, since)) return;
  counted.changed = true;
  record.count(counter_name({"measure_met", journey, split.name, split.arms.at(arm).name}));
}

bool SplitBook::close(TurnRecord& record) {
  // What was given up at the start is to be written, too.
  bool any = !given_up_.empty();
  for (auto& [key, entry] : entries_) {
    if (!engine::close_batches(entry.experiment, *entry.split, record.now)) continue;
    any = entry.changed = true;
    if (entry.experiment.is_over()) tell_end(key, entry, record);
  }
  return any;
}

void SplitBook::tell_end(const Key& key, const Entry& entry, TurnRecord& record) {
  const auto& [journey, split] = key;
  if (entry.experiment.unbalanced) {
    record.count(counter_name({"unbalanced", journey, split}));
    record.output.notes.push_back(
        {"split_unbalanced",
         fmt::format("{}/{}: people are not shared out among the arms as written; it is not "
                     "decided",
                     journey, split)});
    return;
  }
  know_winner(journey, entry);
  const std::string& arm = entry.split->arms.at(*entry.experiment.winner).name;
  record.count(counter_name({"decided", journey, split, arm}));
  record.output.notes.push_back({"split_decided", fmt::format("{}/{}: {}", journey, split, arm)});
}

base::Instant SplitBook::next_close() const {
  base::Instant next = base::kNever;
  for (const auto& [key, entry] : entries_) {
    const auto due = engine::next_close(entry.experiment, *entry.split);
    if (due) next = std::min(next, *due);
  }
  return next;
}

void SplitBook::write_to(TurnRecord& record) {
  for (auto& [name, delta] : given_up_) record.count(name, delta);
  given_up_.clear();
  for (auto& [key, entry] : entries_) {
    if (!std::exchange(entry.changed, false)) continue;
    const SplitRecord row{key.first, key.second, arm_names(*entry.split), entry.experiment};
    record.commit.put_rows.push_back({row_of(key.first, key.second), encode(row)});
  }
}

}  // namespace sojourn::runtime
