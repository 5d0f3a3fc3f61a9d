// The store's disk turns read-only under a running daemon, as ext4 does by itself when it finds an
// error. The daemon ends and says why, nothing is acknowledged that is not kept, and nobody is said
// to be erased; with a disk that can be written the next one goes on.
#include <fmt/format.h>
#include <string>

#include "base/random.h"
#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"
#include "tests/faults/small_disk.h"

namespace sojourn::faults {
namespace {

constexpr int kRuns = 10;
constexpr int kPeople = 20;
constexpr int kEndsWithinMs = 10'000;

class ReadOnlyRun {
 public:
  ReadOnlyRun(Context& context, std::uint64_t seed)
      : context_(context),
        name_(fmt::format("seed {}", seed)),
        random_(seed),
        drill_(context, options()),
        disk_(SmallDisk::Kind::kExt4, drill_.data(), "-e remount-ro") {}

  // Whether the daemon lived to refuse an erasure.
  bool has_refused() const { return has_refused_; }

  void run() {
    const auto count = 1 + base::random_below(random_, kPeople / 2);
    {
      const auto daemon = drill_.start();
      std::uint64_t acknowledged = 0;
      drill_.send(*daemon, [&] {
        if (++acknowledged != count) return;
        turn_read_only();
        refuses_to_erase(*daemon);
      });
      ends(*daemon);
    }
    does_not_start();
    disk_.mount_again();
    drill_.finish(fmt::format("{}: read only after {} acknowledged", name_, count));
  }

 private:
  // The ledger of erasures lies on the disk, too.
  static DrillOptions options() {
    DrillOptions out;
    out.people = kPeople;
    out.intake = "erase = true";
    out.store_path = "data/store";
    return out;
  }

  void expect(bool holds, const std::string& otherwise) {
    if (!holds) context_.tally().violate(fmt::format("{}: {}", name_, otherwise));
  }

  void turn_read_only() {
    expect(!disk_.remount_read_only(), "was remounted although files are open for writing");
    disk_.fail_to_read_only();
  }

  void refuses_to_erase(e2e::Daemon& daemon) {
    const std::string who = drill_.events().front().email;
    const int status = daemon.post("/api/users/forget", {{"email", who}}).status;
    expect(status == 503 || status == 0, fmt::format("{} is erased: {}", who, status));
    has_refused_ |= status == 503;
  }

  void ends(e2e::Daemon& daemon) {
    if (!daemon.process().ended_within(kEndsWithinMs)) {
      return expect(false, "goes on, though it cannot write: " + daemon.process().err());
    }
    const int code = daemon.process().wait();
    const std::string err = daemon.process().err();
    expect(code == 1, fmt::format("ended with {}: {}", code, err));
    const auto lines = e2e::log_lines(err, "fatal");
    expect(lines.size() == 1 &&
               lines.front().at("message").get<std::string>().find(
                   (drill_.data() / "store" / "sojourn.db").string()) != std::string::npos,
           "does not say what failed: " + err);
  }

  void does_not_start() {
    const auto daemon = drill_.start();
    const int code = daemon->port() == 0 ? daemon->process().wait() : 0;
    const std::string err = daemon->process().err();
    expect(code == 2, fmt::format("started on it: {}: {}", code, err));
    expect(err.find("writable by this user") != std::string::npos, "does not say why: " + err);
  }

  Context& context_;
  const std::string name_;
  base::SeededRandom random_;
  Drill drill_;
  SmallDisk disk_;
  bool has_refused_ = false;
};

void remount(Context& context) {
  int refused = 0;
  const int runs = context.is_quick() ? 1 : kRuns;
  for (int i = 0; i < runs; ++i) {
    ReadOnlyRun one(context, context.seed() * 1000 + static_cast<std::uint64_t>(i));
    one.run();
    if (one.has_refused()) ++refused;
  }
  context.tally().figures.emplace_back("erasures refused with 503", std::to_string(refused));
}

}  // namespace

void add_storage_read_only_cases(Cases& cases) {
  cases.push_back({.name = "storage.read_only_remount",
                   .injected = "ext4 remounts itself read-only under a daemon (errors=remount-ro, "
                               "trigger_fs_error); `mount -o remount,ro` is refused as busy",
                   .needs = {Means::kRoot, Means::kLoopMount},
                   .is_quick = true,
                   .run = remount});
}

}  // namespace sojourn::faults
