// A drill in which people are said and some of them are erased again, by senders and by an
// operator, while the power of the disks with the store and the ledger of erasures is cut. What
// every acknowledged erasure promises is held against the store after each cut, and against a
// backup from before all of them that is put back beside the same ledger. Main thread; erasures are
// asked for in threads of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/faults/drill.h"
#include "tests/faults/power_cut.h"

namespace sojourn::faults {

class ErasureDrill {
 public:
  // What the cuts took although it was acknowledged. Anything else that is wrong is a violation.
  struct Lost {
    int erasures = 0;  // in the store that went through the cuts
    int lines = 0;     // in a backup beside the ledger that did
    bool any() const { return erasures + lines > 0; }
  };

  // `is_apart`: the ledger has a disk of its own.
  ErasureDrill(Context& context, SmallDisk::Kind kind, bool is_apart, std::uint64_t seed);

  // A life in which people come, and a backup of all of them. False when it cannot go on.
  bool begin();
  // A life that SIGKILL ends as it syncs a file by fsync, as the ledger is.
  // True when one came to that.
  bool kill_at_a_sync();
  // A life whose power is cut at a seeded number of acknowledged erasures, or, if `at_once`, before
  // the first, while more are asked for; then the backup beside the ledger. False when a daemon
  // does not come up.
  bool cut(const e2e::Words& before, bool at_once);
  // The last life, in which everything comes to its end; the join of those whom nobody erased; and
  // the backup once more, released.
  void finish(const std::string& run);

  const Lost& lost() const { return lost_; }
  std::size_t erased() const;

 private:
  enum class Heard : std::uint8_t { kDone, kNothing, kRefused };
  enum class Way : std::uint8_t { kForget, kDelete, kOperator };
  struct Person {
    std::string name;
    bool is_in_backup = false;
    bool stays = false;        // nobody asks for it
    bool was_asked = false;    // for an erasure, at least once
    bool may_be_gone = false;  // an answer to it never came
    bool is_erased = false;    // that was acknowledged
    Way way = Way::kForget;
    std::string email() const { return name + "@example.com"; }
  };

  void sign_up(e2e::Daemon& daemon, int people);
  void erase(e2e::Daemon& daemon, std::size_t senders, const std::function<void()>& acknowledged);
  Heard ask(const Person& person, e2e::Http& http) const;
  void expect(bool holds, const std::string& otherwise);
  void check_backup(bool is_released);
  void check(e2e::Daemon& daemon, bool is_backup);
  std::string broken(e2e::Daemon& daemon, const Person& person) const;
  void check_undecided(e2e::Daemon& daemon, const Person& person);
  void join(const e2e::Daemon& daemon, const std::string& run);
  void expect_none_for_erased(const std::vector<e2e::Json>& messages);
  std::unique_ptr<e2e::Daemon> start(const e2e::Words& before, const std::string& when);
  e2e::Finished operate(e2e::Words words) const;
  void put_aside() const;
  void put_back() const;

  Context& context_;
  base::SeededRandom random_;
  Drill drill_;
  const std::filesystem::path ledger_;
  SmallDisk disk_;
  std::unique_ptr<SmallDisk> ledger_disk_;  // null: it lies beside the store
  std::vector<Person> people_;
  Lost lost_;
};

}  // namespace sojourn::faults
