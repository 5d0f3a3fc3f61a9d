#include "tests/sim/disk.h"

#include <filesystem>
#include <fmt/format.h>
#include <utility>

namespace sojourn::sim {

using store::IoCall;

std::string_view to_string(Disk::Fault fault) {
  switch (fault) {
    case Disk::Fault::kPowerCut:
      return "power cut";
    case Disk::Fault::kKill:
      return "kill -9";
    case Disk::Fault::kIoError:
      return "I/O error";
    case Disk::Fault::kFull:
      return "disk full";
  }
  return "";
}

void Disk::arm(Fault fault, std::uint64_t calls) {
  armed_ = Armed{fault, calls};
}

void Disk::end(Fault fault) {
  if (is_dead_) return;
  ++struck_[static_cast<std::size_t>(fault)];
  trace_.line(fmt::format("{} between calls", to_string(fault)));
  go_dark(fault);
}

void Disk::stop() {
  is_dead_ = true;
  armed_.reset();
}

void Disk::go_dark(Fault fault) {
  is_dead_ = true;
  armed_.reset();
  if (fault == Fault::kPowerCut) {
    left_ = power_.cut(store::PowerDisk::Unsynced::kSomeKept, chance_.source());
  }
}

void Disk::begin_process() {
  is_dead_ = false;
  if (!left_) return;
  std::filesystem::remove_all(folder_.path());
  std::filesystem::create_directory(folder_.path());
  power_ = store::PowerDisk();
  for (const auto& [path, bytes] : *left_) {
    store::write_file(path, bytes);
    for (const auto kind : {IoCall::Kind::kOpen, IoCall::Kind::kWrite, IoCall::Kind::kSync}) {
      IoCall io;
      io.kind = kind;
      io.path = path;
      io.bytes = bytes;
      power_.after(io);
    }
  }
  left_.reset();
}

store::IoObserver::Verdict Disk::before(const IoCall& io) {
  if (is_dead_) return Verdict::kIoError;
  if (aside_ > 0) return Verdict::kPass;
  ++calls_;
  trace_.mix(
      (static_cast<std::uint64_t>(io.kind) << 60U) ^ (static_cast<std::uint64_t>(io.file) << 56U) ^
      (static_cast<std::uint64_t>(io.size_bytes) << 32U) ^ static_cast<std::uint64_t>(io.offset));
  if (armed_ && --armed_->calls == 0) return strike(std::exchange(armed_, std::nullopt)->fault, io);
  if (is_full_ && io.kind == IoCall::Kind::kWrite) return Verdict::kDiskFull;
  return Verdict::kPass;
}

store::IoObserver::Verdict Disk::strike(Fault fault, const IoCall& io) {
  // Only writes find a disk full.
  if (fault == Fault::kFull && io.kind != IoCall::Kind::kWrite) {
    armed_ = Armed{fault, 1};
    return Verdict::kPass;
  }
  ++struck_[static_cast<std::size_t>(fault)];
  trace_.line(fmt::format("{} at call {}: kind {} file {} offset {}", to_string(fault), calls_,
                          static_cast<int>(io.kind), static_cast<int>(io.file), io.offset));
  if (fault == Fault::kFull) {
    is_full_ = true;
    return Verdict::kDiskFull;
  }
  if (fault == Fault::kIoError) {
    // It knows that what a failed sync was to keep is lost, whatever the next one says.
    power_.fail(io.kind, 1, Verdict::kIoError);
    return power_.before(io);
  }
  go_dark(fault);
  return Verdict::kIoError;
}

void Disk::after(const IoCall& io) {
  power_.after(io);
}

}  // namespace sojourn::sim
