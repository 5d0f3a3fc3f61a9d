#include "runtime/split_book.h"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>

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
// Of all experiments together: four million units, read at start.
constexpr std::size_t kMaxUnitRows = 16'000;
// A commit removes so many of them.
constexpr std::size_t kMaxDroppedUnitRows = 500;

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

UnitsOwner units_owner(const std::string& journey, const std::string& split,
                       const engine::Experiment& experiment) {
  return {journey, split, experiment.rule, experiment.begun_at, 0, {}};
}

bool owns(const engine::Experiment& experiment, const SplitUnitsRecord& units) {
  return !experiment.is_over() && experiment.rule == units.rule &&
         experiment.begun_at == units.begun_at;
}

}  // namespace

SplitBook::SplitBook(const Program& program, std::size_t max_units) : max_units_(max_units) {
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
  // When an experiment begins is durable before anybody leaves the journey: were it known only
  // from the first arm on, who counts would depend on when the daemon was last started.
  for (auto& [key, entry] : entries_) {
    entry.experiment.begun_at = now;
    entry.changed = true;
  }
  if (auto loaded = load_experiments(store); !loaded) return loaded;
  return load_units(store);
}

base::Status SplitBook::load_experiments(store::Store& store) {
  auto rows = store.rows(kNobody, store::RowKind::kSplit, kMaxRows);
  if (!rows) return tl::unexpected(rows.error());
  for (const store::Row& row : *rows) {
    auto stored = decode_split(row.body);
    if (!stored) return tl::unexpected(stored.error());
    const auto found = entries_.find({stored->journey, stored->split});
    // It may come back with another program.
    if (found == entries_.end()) {
      if (!stored->experiment.is_over()) {
        absent_[{stored->journey, stored->split}] = stored->experiment.begun_at;
      }
      continue;
    }
    Entry& entry = found->second;
    if (stored->experiment.rule != entry.experiment.rule) {
      give_up(*stored);
      continue;
    }
    entry.experiment = std::move(stored->experiment);
    entry.changed = false;
    know_winner(stored->journey, entry);
  }
  return {};
}

// Units of an experiment that is over, or was given up, may be left from a turn that never came.
base::Status SplitBook::load_units(store::Store& store) {
  auto rows = store.rows(kNobody, store::RowKind::kSplitUnits, kMaxUnitRows);
  if (!rows) return tl::unexpected(rows.error());
  unit_rows_ = rows->size();
  for (const store::Row& row : *rows) {
    auto stored = decode_split_units(row.body);
    if (!stored) return tl::unexpected(stored.error());
    const Key key{stored->journey, stored->split};
    const auto found = entries_.find(key);
    const auto absent = absent_.find(key);
    if (found != entries_.end() && owns(found->second.experiment, *stored)) {
      found->second.units.take_up(std::move(*stored));
    } else if (absent == absent_.end() || absent->second != stored->begun_at) {
      unit_rows_to_drop_.push_back(row.key);
    }
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

bool SplitBook::taken(std::string_view journey, const graph::Split& split, const engine::Note& note,
                      TurnRecord& record) {
  Entry& counted = entry(journey, split);
  if (counted.experiment.is_over()) return false;
  if (note.unit && !settle({std::string(journey), split.name}, counted, *note.unit, record)) {
    return false;
  }
  if (!note.measured) return false;
  engine::count_taken(counted.experiment, *counted.split, note.number, record.now);
  counted.changed = true;
  record.count(counter_name({"measured", journey, split.name, split.arms.at(note.number).name}));
  return true;
}

std::size_t SplitBook::most_units() const {
  std::size_t most = 0;
  for (const auto& [key, entry] : entries_) most = std::max(most, entry.units.size());
  return most;
}

bool SplitBook::has_room(const Entry& entry) const {
  return entry.units.size() < max_units_ && (!entry.units.needs_row() || unit_rows_ < kMaxUnitRows);
}

bool SplitBook::settle(const Key& key, Entry& entry, std::uint64_t unit, TurnRecord& record) {
  if (entry.units.contains(unit)) return false;
  if (!has_room(entry)) {
    if (!std::exchange(entry.said_full, true)) {
      record.output.notes.push_back(
          {"split_full", fmt::format("{}/{}: {} units are counted; new ones are not", key.first,
                                     key.second, entry.units.size())});
    }
    return false;
  }
  if (entry.units.needs_row()) ++unit_rows_;
  entry.units.add(unit);
  // When it began is part of what names its units, so that is to be durable with them.
  entry.changed = true;
  return true;
}

void SplitBook::drop_units(const Key& key, Entry& entry) {
  const UnitsOwner owner = units_owner(key.first, key.second, entry.experiment);
  for (std::uint32_t i = 0; i < entry.units.rows(); ++i) {
    unit_rows_to_drop_.push_back(units_row(owner, i));
  }
  entry.units = {};
}

void SplitBook::succeeded(std::string_view journey, const graph::Split& split, std::uint32_t arm,
                          base::Instant since, TurnRecord& record) {
  Entry& counted = entry(journey, split);
  if (!engine::count_success(counted.experiment, arm, since)) return;
  counted.changed = true;
  record.count(counter_name({"measure_met", journey, split.name, split.arms.at(arm).name}));
}

bool SplitBook::close(TurnRecord& record) {
  // What was given up is to be written, too.
  bool any = !given_up_.empty() || !unit_rows_to_drop_.empty();
  for (auto& [key, entry] : entries_) {
    if (!engine::close_batches(entry.experiment, *entry.split, record.now)) continue;
    any = entry.changed = true;
    if (!entry.experiment.is_over()) continue;
    tell_end(key, entry, record);
    drop_units(key, entry);
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
    const UnitsOwner owner = units_owner(key.first, key.second, entry.experiment);
    std::ranges::move(entry.units.take_changed(owner), std::back_inserter(record.commit.put_rows));
  }
  drop_unit_rows(record);
}

void SplitBook::drop_unit_rows(TurnRecord& record) {
  const std::size_t count = std::min(unit_rows_to_drop_.size(), kMaxDroppedUnitRows);
  const auto from = unit_rows_to_drop_.end() - static_cast<std::ptrdiff_t>(count);
  record.commit.remove_rows.insert(record.commit.remove_rows.end(), from, unit_rows_to_drop_.end());
  unit_rows_to_drop_.erase(from, unit_rows_to_drop_.end());
  unit_rows_ -= count;
}

}  // namespace sojourn::runtime
