// The part of Shard that erases again, at a start, whom the ledger of erasures has and the store
// has not: the store is a backup that was put back, or the last process ended between the two.
#include <fmt/format.h>
#include <utility>

#include "runtime/shard.h"
#include "runtime/turn.h"

namespace sojourn::runtime {
namespace {

// Users, or names, in one step.
constexpr std::size_t kReplayBatch = 500;

}  // namespace

base::Status Shard::catch_up() {
  ErasureLedger* const ledger = settings_.turn.ledger;
  if (ledger == nullptr) return {};
  const auto missing = missing_erasures(*ledger, store_, forgotten_);
  if (!missing) return tl::unexpected(missing.error());
  if (missing->lines == 0) return {};
  std::size_t people = 0;
  if (auto erased = erase_again(*missing, people); !erased) return erased;
  return note_caught_up(*missing, people);
}

// Names are found only by going through all users: a keyed hash says nothing of its name.
base::Status Shard::erase_again(const MissingErasures& missing, std::size_t& people) {
  std::optional<store::UserId> after;
  while (true) {
    auto heads = store_.heads(after, kReplayBatch);
    if (!heads) return tl::unexpected(heads.error());
    if (heads->empty()) return {};
    after = heads->back().key.user;
    auto request = runtime::erase_again(*heads, missing, forgotten_);
    if (!request) return tl::unexpected(request.error());
    if (request->items.empty()) continue;
    people += request->items.size();
    std::vector<ShardInput> inputs;
    inputs.emplace_back(std::move(*request));
    Turn turn(context_, now_);
    stop_claiming(base::kNever);
    if (auto ran = turn.run(std::move(inputs), false); !ran) return ran;
    // Nobody has asked.
    turn.output().results.clear();
    if (auto done = finish(turn); !done) return done;
  }
}

// What the ledger says of names, and that all of it has been seen. If the process ends before, all
// of it is done once more.
base::Status Shard::note_caught_up(const MissingErasures& missing, std::size_t people) {
  TurnRecord record(now_);
  store::ReadSet read;
  for (const auto& [name, is_forgotten] : missing.forgotten) read.identities.push_back(name);
  const auto stored = store_.load(read);
  if (!stored) return tl::unexpected(stored.error());
  std::size_t place = 0;
  for (const auto& [name, is_forgotten] : missing.forgotten) {
    const bool was_forgotten = stored->identities[place++].has_value();
    if (was_forgotten == is_forgotten) continue;
    forgotten_.changed(is_forgotten, record);
    if (is_forgotten) {
      record.commit.put_identities.emplace_back(name, store::UserId{0, 0});
    } else {
      record.commit.remove_identities.push_back(name);
    }
  }
  record.count(kErasuresInLedger, static_cast<std::int64_t>(missing.lines));
  for (const auto& [name, delta] : record.counts) record.commit.counters.push_back({name, delta});
  record.output.sequence = store_.sequence() + 1;
  record.output.counters = record.commit.counters;
  record.output.notes.push_back(
      {"erased_again", fmt::format("lines={} people={}", missing.lines, people)});
  return commit_then_publish(store_, record.commit, std::move(record.output), publisher_);
}

}  // namespace sojourn::runtime
