// The disk of a run: real files that the operating system has (in memory), what of them a power cut
// would leave (PowerDisk), and faults at a chosen call. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/store/vfs.h"
#include "tests/sim/chance.h"
#include "tests/sim/trace.h"
#include "tests/unit/runtime/store/power_disk.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::sim {

class Disk final : public store::IoObserver {
 public:
  enum class Fault : std::uint8_t {
    kPowerCut,  // only what was synced is sure to be left
    kKill,      // the process ends; what it wrote is with the operating system
    kIoError,   // the call fails, once; a sync takes with it what it was to keep
    kFull,      // the call fails, and so does every write until there is room again
  };
  static constexpr std::size_t kFaults = 4;

  Disk(Chance& chance, Trace& trace) : chance_(chance), trace_(trace) {}

  std::string database() const { return folder_.file("data.db"); }
  // At the `calls`-th call from now, whichever it is.
  void arm(Fault fault, std::uint64_t calls);
  void disarm() { armed_.reset(); }
  // The machine or the process ends between two calls.
  void end(Fault fault);
  // No call gets through from here on: the process is about to be no more.
  void stop();
  // Nothing gets through any more: whoever uses the files is as good as gone.
  bool is_dead() const { return is_dead_; }
  // Another process begins. After a power cut it finds what that left.
  void begin_process();
  void make_room() { is_full_ = false; }
  bool is_full() const { return is_full_; }

  // How often each fault struck.
  const std::array<std::uint64_t, kFaults>& struck() const { return struck_; }
  std::uint64_t calls() const { return calls_; }

  // As long as it lives, calls are the checker's: not counted, and never failed.
  class Aside {
   public:
    explicit Aside(Disk& disk) : disk_(disk) { ++disk_.aside_; }
    ~Aside() { --disk_.aside_; }
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;

   private:
    Disk& disk_;
  };

  Verdict before(const store::IoCall& io) override;
  void after(const store::IoCall& io) override;

 private:
  struct Armed {
    Fault fault = Fault::kKill;
    std::uint64_t calls = 0;
  };
  Verdict strike(Fault fault, const store::IoCall& io);
  void go_dark(Fault fault);

  Chance& chance_;
  Trace& trace_;
  const store::ScratchDirectory folder_{store::ScratchDirectory::Place::kMemory};
  store::PowerDisk power_;
  std::optional<Armed> armed_;
  std::optional<store::PowerDisk::Image> left_;  // by a power cut, for the next process
  bool is_dead_ = false;
  bool is_full_ = false;
  int aside_ = 0;
  std::array<std::uint64_t, kFaults> struck_{};
  std::uint64_t calls_ = 0;
};

std::string_view to_string(Disk::Fault fault);

}  // namespace sojourn::sim
