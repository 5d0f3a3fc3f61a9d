// The power goes while the daemon takes events: the file system under its store is shut down
// without writing its journal, mounted again, and another daemon goes on. In the control the
// daemon's syncs are told to have worked and are not made: there something has to be lost, or the
// test sees nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"
#include "tests/faults/power_cut.h"

namespace sojourn::faults {
namespace {

using e2e::Fate;

constexpr int kDrills = 50;
constexpr int kCutsPerDrill = 4;
constexpr int kControls = 5;
constexpr int kPeoplePerCut = 4;

// How many cuts there were.
int cut_again_and_again(Context& context, SmallDisk::Kind kind, std::uint64_t seed,
                        const e2e::Words& before) {
  base::SeededRandom random(seed);
  DrillOptions options;
  options.people = kPeoplePerCut * kCutsPerDrill;
  Drill drill(context, options);
  SmallDisk disk(kind, drill.data());
  int cuts = 0;
  for (; cuts < kCutsPerDrill; ++cuts) {
    // Sends are on their way when the power goes, and outcomes come in.
    context.sandbox().misbehave({"POST /api/email/target 50% delay 5ms"}, cuts + 1);
    // Some meet a log that was copied into the database shortly before, others a long one.
    options.write_ahead_log_kb = cuts % 2 == 0 ? kShortLogKb : kUsualLogKb;
    drill.configure(options);
    const auto daemon = drill.start(before);
    if (daemon->port() == 0) {
      context.tally().violate(
          fmt::format("cut {}: no start after it: {}", cuts, daemon->process().err()));
      break;
    }
    const bool is_frozen = cut_after(
        base::random_below(random, 2 * kPeoplePerCut),
        [&](const auto& acknowledged) { drill.send(*daemon, acknowledged); }, *daemon, disk);
    EXPECT_TRUE(is_frozen) << daemon->process().err();
    disk.mount_again();
  }
  drill.finish(fmt::format("seed {} with {} cuts", seed, cuts));
  return cuts;
}

void cut(Context& context, SmallDisk::Kind kind) {
  int cuts = 0;
  const int drills = context.is_quick() ? 1 : kDrills;
  for (int i = 0; i < drills; ++i) {
    cuts += cut_again_and_again(context, kind,
                                context.seed() * 1000 + static_cast<std::uint64_t>(i), {});
  }
  context.tally().figures.emplace_back("power cuts", std::to_string(cuts));
}

// Turned round: what the join calls a violation is what has to be found.
void cut_with_lying_syncs(Context& context, SmallDisk::Kind kind) {
  const Settings settings{.seed = context.seed(), .is_quick = context.is_quick()};
  Context control(settings, context.stage());
  int cuts = 0;
  for (int i = 0; i < kControls; ++i) {
    cuts += cut_again_and_again(
        control, kind, context.seed() * 1000 + static_cast<std::uint64_t>(i), lying_syncs());
  }
  const Tally& found = control.tally();
  const auto lost = found.fates.find(Fate::kLost);
  const std::uint64_t losses = lost == found.fates.end() ? 0 : lost->second;
  Tally& tally = context.tally();
  tally.runs = found.runs;
  tally.notes = found.notes;
  tally.figures.emplace_back("power cuts", std::to_string(cuts));
  tally.figures.emplace_back("messages lost, as has to be", std::to_string(losses));
  if (losses == 0) tally.violate("the control lost nothing, so a loss would not be seen");
}

}  // namespace

void add_storage_cut_cases(Cases& cases) {
  for (const CutPlace& place : kCutPlaces) {
    cases.push_back({.name = fmt::format("storage.power_cut_{}", place.name),
                     .injected = fmt::format("{} shut down without its journal (GOINGDOWN), and "
                                             "mounted again",
                                             place.name),
                     .needs = {place.needs},
                     .is_quick = place.kind == SmallDisk::Kind::kExt4,
                     .run = [kind = place.kind](Context& context) { cut(context, kind); }});
    cases.push_back(
        {.name = fmt::format("storage.lying_sync_{}", place.name),
         .injected = "the control: the same with syncs that do nothing (strace); has to lose",
         .needs = {place.needs, Means::kStrace},
         .is_quick = false,
         .run = [kind = place.kind](Context& context) { cut_with_lying_syncs(context, kind); }});
  }
}

}  // namespace sojourn::faults
