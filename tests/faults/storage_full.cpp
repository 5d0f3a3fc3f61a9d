// The store's disk is full, read only, without inodes, or not there. With the ballast the daemon
// finishes what it has in hand, takes nothing in, and goes on by itself when there is room;
// without, it ends and says why.
#include <fmt/format.h>

#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"
#include "tests/faults/small_disk.h"

namespace sojourn::faults {
namespace {

constexpr int kMostLooks = 4'000;
constexpr int kLookEveryMs = 5;

// Asks until the door is open, or shut, as `wanted`. The daemon looks at its disk once a second.
bool wait_for_door(e2e::Daemon& daemon, bool wanted) {
  const std::string line = fmt::format("\nsojourn_disk_takes_in {}\n", wanted ? 1 : 0);
  for (int look = 0; look < kMostLooks; ++look) {
    if (daemon.http().get("/metrics").body.find(line) != std::string::npos) return true;
    if (daemon.process().ended_within(kLookEveryMs)) return false;
  }
  return false;
}

void expect(Context& context, bool holds, const std::string& what) {
  if (!holds) context.tally().violate(what);
}

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

// Somebody else takes nearly all room while events come in, and later gives it back.
void nearly_full(Context& context) {
  DrillOptions options;
  options.people = 20;
  Drill drill(context, options);
  SmallDisk disk(SmallDisk::Kind::kExt4, drill.data());
  const auto daemon = drill.start();
  int acknowledged = 0;
  drill.send(*daemon, [&] {
    if (++acknowledged == 10) disk.fill_up(512 << 10);
  });
  expect(context, wait_for_door(*daemon, false), "the door is not shut");
  const e2e::Answer refused =
      daemon->track("in_between@example.com", "signup", e2e::Json::object(), "in_between");
  expect(context, refused.status == 503, fmt::format("answered with {}", refused.status));
  expect(context, refused.headers.contains("retry-after"), "does not say when to come again");
  expect(context, !std::filesystem::exists(drill.data() / "ballast"), "the ballast is kept");
  // What was taken before is finished meanwhile.
  expect(context, drill.run_to_the_end(*daemon), "does not finish on a full disk");
  disk.clear();
  expect(context, wait_for_door(*daemon, true), "the door is not opened again");
  expect(context, std::filesystem::file_size(drill.data() / "ballast") == 1 << 20,
         "the ballast is not made again");
  expect(context, drill.send(*daemon) == 0, "not taken with room");
  daemon->kill9();
  drill.finish("nearly full, then not");
}

// To the last byte, between two looks: writes are refused, and given the ballast's room.
void full_at_once(Context& context) {
  const int runs = context.is_quick() ? 1 : 10;
  for (int run = 0; run < runs; ++run) {
    DrillOptions options;
    options.people = 30;
    // Enough for all that is under way, each in a commit of its own.
    options.ballast_mb = 6;
    Drill drill(context, options);
    SmallDisk disk(SmallDisk::Kind::kExt4, drill.data());
    const auto daemon = drill.start();
    int acknowledged = 0;
    drill.send(*daemon, [&] {
      if (++acknowledged == 5 + run) disk.fill_up();
    });
    expect(context, !daemon->process().ended_within(0),
           fmt::format("run {}: ended, with a ballast: {}", run, daemon->process().err()));
    expect(context, drill.run_to_the_end(*daemon), "does not finish on a full disk");
    disk.clear();
    expect(context, wait_for_door(*daemon, true), "the door is not opened again");
    daemon->kill9();
    drill.finish(fmt::format("full at once {}", run));
  }
}

// The ballast's room is taken, too: the daemon cannot go on, and the next one can.
void full_for_good(Context& context) {
  DrillOptions options;
  options.people = 30;
  Drill drill(context, options);
  SmallDisk disk(SmallDisk::Kind::kExt4, drill.data());
  const auto daemon = drill.start();
  disk.fill_up(512 << 10);
  expect(context, wait_for_door(*daemon, false), "the door is not shut");
  disk.fill_up();
  // An operator's command is written; the store's first pages of the log are there already.
  bool is_over = false;
  for (int i = 0; i < kMostLooks && !is_over; ++i) {
    e2e::run_to_end(
        e2e::sojourn({"pause", "drill", "--project", drill.project().folder(), "--yes"}),
        drill.project().folder() / "command");
    e2e::run_to_end(
        e2e::sojourn({"resume", "drill", "--project", drill.project().folder(), "--yes"}),
        drill.project().folder() / "command");
    is_over = daemon->process().ended_within(kLookEveryMs);
  }
  expect(context, is_over, "goes on without any room");
  const int code = daemon->process().wait();
  expect(context, code == 1, fmt::format("ended with {}", code));
  expect(context, says(daemon->process().err(), "database or disk is full"),
         "does not say that the disk is full: " + daemon->process().err());
  expect(context, says(daemon->process().err(), "free disk space, then start again"),
         "does not say what to do: " + daemon->process().err());
  // Nothing is written before something happens, so a start may go well; if not, it says why.
  const auto again = drill.start();
  expect(context, again->port() != 0 || says(again->process().err(), "disk is full"),
         "does not start and does not say why: " + again->process().err());
  again->kill9();
  disk.clear();
  drill.finish("full for good, then not");
}

// A start that cannot be: it ends at once, with a line that says what and where.
void expect_no_start(Context& context, Drill& drill, const std::string& says_so,
                     const e2e::Words& before = {}) {
  const auto daemon = drill.start(before);
  const int code = daemon->port() == 0 ? daemon->process().wait() : 0;
  const std::string err = daemon->process().err();
  expect(context, code == 2, fmt::format("ended with {}: {}", code, err));
  expect(context, says(err, says_so), fmt::format("does not say `{}`: {}", says_so, err));
}

void read_only(Context& context) {
  Drill drill(context);
  SmallDisk disk(SmallDisk::Kind::kExt4, drill.data());
  drill.live();
  disk.mount_again("ro");
  expect_no_start(context, drill, "must be writable by this user");
  disk.mount_again();
  drill.finish("read only, then not");
}

void no_inodes(Context& context) {
  Drill drill(context);
  SmallDisk disk(SmallDisk::Kind::kExt4, drill.data(), "-N 16");
  disk.use_up_inodes();
  expect_no_start(context, drill, "an inode to spare");
  disk.clear();
  drill.finish("no inodes, then some");
}

void folder_in_the_way(Context& context) {
  Drill drill(context);
  std::filesystem::remove_all(drill.data());
  drill.project().write("data", "a file where the folder should be");
  expect_no_start(context, drill, "cannot make the folder");
  std::filesystem::remove(drill.data());
  drill.finish("no folder, then made");
}

void no_permission(Context& context) {
  Drill drill(context);
  SmallDisk disk(SmallDisk::Kind::kExt4, drill.data());
  std::filesystem::permissions(drill.project().folder(), std::filesystem::perms(0755));
  expect_no_start(context, drill, "the directory must exist and be writable",
                  {"setpriv", "--reuid=65534", "--clear-groups"});
  drill.finish("no permission, then some");
}

Case full_case(const std::string& name, const std::string& injected, bool is_quick,
               void (*run)(Context&)) {
  return {.name = "storage." + name,
          .injected = injected,
          .needs = {Means::kRoot, Means::kLoopMount},
          .is_quick = is_quick,
          .run = run};
}

}  // namespace

void add_storage_full_cases(Cases& cases) {
  cases.push_back(full_case("nearly_full", "ext4 filled up to half of the mark, then cleared", true,
                            nearly_full));
  cases.push_back(full_case("full_at_once", "ext4 filled to the last byte between two looks", true,
                            full_at_once));
  cases.push_back(
      full_case("full_for_good", "the ballast's room is taken, too", false, full_for_good));
  cases.push_back(full_case("read_only", "mounted for reading only", false, read_only));
  cases.push_back(full_case("no_inodes", "all inodes used up", false, no_inodes));
  cases.push_back(
      full_case("no_permission", "started by somebody who may not write", false, no_permission));
  cases.push_back({.name = "storage.no_folder",
                   .injected = "a file where the store's folder should be",
                   .needs = {},
                   .is_quick = true,
                   .run = folder_in_the_way});
}

}  // namespace sojourn::faults
