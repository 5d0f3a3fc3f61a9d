// The power goes while people are erased. An erasure stands in two files, the store and the ledger
// beside it, and what is acknowledged has to be in both: the one keeps the person away now, the
// other when an old backup is put back.
#include <fmt/format.h>
#include <string>

#include "tests/faults/all_cases.h"
#include "tests/faults/erasure_drill.h"
#include "tests/faults/power_cut.h"

namespace sojourn::faults {
namespace {

constexpr int kDrills = 10;
constexpr int kControls = 3;
constexpr int kCutsPerDrill = 4;

struct Sum {
  int cuts = 0;
  int kills = 0;
  std::size_t erased = 0;
  ErasureDrill::Lost lost;
};

void run_drill(Context& context, SmallDisk::Kind kind, int number, const e2e::Words& before,
               Sum& sum) {
  const std::uint64_t seed = context.seed() * 1000 + static_cast<std::uint64_t>(number);
  const bool is_apart = number % 2 == 1;
  ErasureDrill drill(context, kind, is_apart, seed);
  int cuts = 0;
  bool goes_on = drill.begin();
  for (; goes_on && cuts < kCutsPerDrill; ++cuts) {
    // Every other cut comes soon after a process that died between a line of the ledger and its
    // sync: what it left in memory alone is found by the next one.
    const bool is_after_kill = cuts % 2 == 1;
    if (is_after_kill && drill.kill_at_a_sync()) ++sum.kills;
    goes_on = drill.cut(before, is_after_kill);
  }
  if (goes_on) {
    drill.finish(fmt::format("seed {} with {} cuts{}", seed, cuts,
                             is_apart ? ", the ledger on a disk of its own" : ""));
  }
  sum.cuts += cuts;
  sum.erased += drill.erased();
  sum.lost.erasures += drill.lost().erasures;
  sum.lost.lines += drill.lost().lines;
}

void cut(Context& context, SmallDisk::Kind kind) {
  Sum sum;
  const int drills = context.is_quick() ? 1 : kDrills;
  for (int i = 0; i < drills; ++i) run_drill(context, kind, i, {}, sum);
  auto& figures = context.tally().figures;
  figures.emplace_back("power cuts", std::to_string(sum.cuts));
  figures.emplace_back("kills at a sync", std::to_string(sum.kills));
  figures.emplace_back("people erased", std::to_string(sum.erased));
}

// Turned round: what is a violation elsewhere is what has to be found.
void cut_with_lying_syncs(Context& context, SmallDisk::Kind kind) {
  const Settings settings{.seed = context.seed(), .is_quick = context.is_quick()};
  Context control(settings, context.stage());
  Sum sum;
  for (int i = 0; i < kControls; ++i) run_drill(control, kind, i, lying_syncs(), sum);
  Tally& tally = context.tally();
  tally.runs = kControls;
  tally.notes = control.tally().notes;
  tally.figures.emplace_back("power cuts", std::to_string(sum.cuts));
  tally.figures.emplace_back("erasures lost, as has to be", std::to_string(sum.lost.erasures));
  tally.figures.emplace_back("lost beside the ledger", std::to_string(sum.lost.lines));
  if (sum.lost.erasures == 0 || sum.lost.lines == 0) {
    tally.violate("the control lost nothing, so a loss would not be seen");
  }
}

}  // namespace

void add_storage_erasure_cases(Cases& cases) {
  for (const CutPlace& place : kCutPlaces) {
    cases.push_back({.name = fmt::format("storage.power_cut_erasures_{}", place.name),
                     .injected = fmt::format("{} with store and ledger shut down while people are "
                                             "erased, and after a kill at a sync of the ledger",
                                             place.name),
                     .needs = {place.needs, Means::kStrace},
                     .is_quick = place.kind == SmallDisk::Kind::kExt4,
                     .run = [kind = place.kind](Context& context) { cut(context, kind); }});
    cases.push_back(
        {.name = fmt::format("storage.lying_sync_erasures_{}", place.name),
         .injected = "the control: the same with syncs that do nothing (strace); has to lose",
         .needs = {place.needs, Means::kStrace},
         .is_quick = false,
         .run = [kind = place.kind](Context& context) { cut_with_lying_syncs(context, kind); }});
  }
}

}  // namespace sojourn::faults
