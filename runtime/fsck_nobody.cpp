// The part of a check that is about rows of nobody: what the shard keeps of the file as a whole,
// and the queues of what paused journeys hold back.
#include <fmt/format.h>

#include "runtime/census.h"
#include "runtime/counter_names.h"
#include "runtime/dead_letter.h"
#include "runtime/fsck_run.h"
#include "runtime/last_lived.h"
#include "runtime/operation_record.h"
#include "runtime/pace_book.h"
#include "runtime/split_record.h"

namespace sojourn::runtime {
namespace {

using store::RowKey;
using store::RowKind;

template <typename Decoded>
void expect_read(FsckRun& run, const RowKey& key, const Decoded& decoded) {
  if (!decoded) run.found(kUnreadable, name_of(key), decoded.error().message);
}

void check_letter(FsckRun& run, const RowKey& key, std::string_view body) {
  const auto letter = decode_dead_letter(body);
  expect_read(run, key, letter);
  ++run.sums["dead_letters_kept"];
  if (!letter || letter->record.kind == DeliveryRecord::Kind::kForward) return;
  if (run.has_head(letter->key.user)) return;
  run.found(kNobodys, name_of(key), "the user of what ended unsent is not there");
}

void check_queue(FsckRun& run, const Operation& operation) {
  std::uint64_t missing = 0;
  for (std::uint64_t place = operation.first; place < operation.next; ++place) {
    const RowKey key = held_row(operation.queue, place);
    const auto body = run.survey.row(key);
    if (!body) {
      ++missing;
      continue;
    }
    const auto held = decode_held(*body);
    expect_read(run, key, held);
    if (!held) continue;
    if (const auto* timer = std::get_if<store::TimerKey>(&held->what)) {
      run.held_timers.insert(*timer);
    } else {
      run.held_deliveries.insert({held->user, std::get<base::Hash128>(held->what)});
    }
  }
  if (missing == 0) return;
  run.found(kHeld, operation.journey,
            fmt::format("{} of the {} places of its queue that are taken have no row", missing,
                        operation.held()));
}

void check_operations(FsckRun& run, const RowKey& key, std::string_view body) {
  const auto operations = decode_operations(body);
  expect_read(run, key, operations);
  if (!operations) return;
  for (const Operation& operation : *operations) {
    const auto expect = [&](bool on, std::string_view state) {
      if (on) ++run.sums[counter_name({"operation", operation.journey, state})];
    };
    expect(operation.paused_at.has_value(), "paused");
    expect(operation.clock_stands, "frozen");
    expect(operation.entries == Operation::Entries::kDraining, "draining");
    expect(operation.entries == Operation::Entries::kStopped, "stopped");
    if (operation.held() > 0) {
      run.sums[counter_name({"held_back", operation.journey})] +=
          static_cast<std::int64_t>(operation.held());
    }
    check_queue(run, operation);
  }
}

void check_row(FsckRun& run, const RowKey& key, std::string_view body) {
  switch (key.kind) {
    case RowKind::kPace:
      return expect_read(run, key, decode_places(body));
    case RowKind::kWatch:
      return expect_read(run, key, decode_census(body));
    case RowKind::kSplit:
      return expect_read(run, key, decode_split(body));
    case RowKind::kSplitUnits:
      return expect_read(run, key, decode_split_units(body));
    case RowKind::kOperation:
      return check_operations(run, key, body);
    case RowKind::kAudit:
      return expect_read(run, key, decode_audit(body));
    case RowKind::kDeadLetter:
      return check_letter(run, key, body);
    case RowKind::kLastLived:
      return expect_read(run, key, decode_last_lived(body));
    default:
      run.found(kMisplaced, name_of(key), "nobody has no row of this kind");
  }
}

}  // namespace

void check_nobody(FsckRun& run) {
  std::uint64_t held = 0;
  run.survey.each_row_of_shard(kFsckNobody, [&](const RowKey& key, std::string_view body) {
    if (!is_nobody(key.user)) return;
    if (key.user == kFsckNobody) return check_row(run, key, body);
    ++held;
    if (key.kind == RowKind::kHeldBack) return;
    run.found(kMisplaced, name_of(key), "the queue of a journey has no row of this kind");
  });
  std::uint64_t expected = 0;
  for (const auto& [name, sum] : run.sums) {
    if (name.starts_with("held_back/")) expected += static_cast<std::uint64_t>(sum);
  }
  if (held > expected) {
    run.found(kHeld, "queues",
              fmt::format("{} rows, and only {} places are taken", held, expected));
  }
}

}  // namespace sojourn::runtime
