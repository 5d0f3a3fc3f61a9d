#include "tests/unit/runtime/store/power_disk.h"

#include <algorithm>

namespace sojourn::store {

void PowerDisk::fail(IoCall::Kind kind, int count, Verdict verdict) {
  fault_ = Fault{kind, count, verdict};
}

void PowerDisk::fail_any(int count, Verdict verdict, Lasts lasts) {
  fault_ = Fault{std::nullopt, count, verdict, lasts};
}

bool PowerDisk::Fault::is_of(IoCall::Kind call) const {
  if (kind) return call == *kind;
  return verdict == Verdict::kIoError || call == IoCall::Kind::kWrite;
}

IoObserver::Verdict PowerDisk::before(const IoCall& io) {
  if (io.kind == IoCall::Kind::kSync && at_sync_) at_sync_();
  if (!fault_ || !fault_->is_of(io.kind)) return Verdict::kPass;
  if (fault_->count == 0) {
    if (fault_->lasts == Lasts::kOnce) return Verdict::kPass;
  } else if (--fault_->count > 0) {
    return Verdict::kPass;
  }
  if (io.kind == IoCall::Kind::kSync) files_[std::string(io.path)].pending.clear();
  return fault_->verdict;
}

void PowerDisk::after(const IoCall& io) {
  const std::string path(io.path);
  const bool looks = io.kind == IoCall::Kind::kOpen || io.kind == IoCall::Kind::kRead;
  if (failed() && !looks) ++changes_since_failure_;
  switch (io.kind) {
    case IoCall::Kind::kOpen:
      files_[path];
      break;
    case IoCall::Kind::kWrite:
      files_[path].pending.push_back({io.offset, std::string(io.bytes)});
      break;
    case IoCall::Kind::kTruncate:
      files_[path].pending.push_back({io.offset, std::nullopt});
      break;
    case IoCall::Kind::kSync: {
      File& file = files_[path];
      for (const Pending& change : file.pending) apply(file.durable, change);
      file.pending.clear();
      if (at_sync_) at_sync_();
      break;
    }
    case IoCall::Kind::kDelete:
      files_.erase(path);
      break;
    case IoCall::Kind::kRead:
      break;
  }
}

PowerDisk::Image PowerDisk::cut(Unsynced unsynced, base::Random& random) const {
  Image image;
  for (const auto& [path, file] : files_) {
    std::string& content = image[path];
    content = file.durable;
    if (unsynced == Unsynced::kLost) continue;
    for (const Pending& change : file.pending) {
      if (unsynced == Unsynced::kKept) {
        apply(content, change);
      } else {
        apply_part(content, change, random);
      }
    }
  }
  return image;
}

void PowerDisk::apply(std::string& file, const Pending& change) {
  const auto offset = static_cast<std::size_t>(change.offset);
  if (!change.bytes) {
    file.resize(offset);
    return;
  }
  if (file.size() < offset + change.bytes->size()) file.resize(offset + change.bytes->size());
  file.replace(offset, change.bytes->size(), *change.bytes);
}

void PowerDisk::apply_part(std::string& file, const Pending& change, base::Random& random) {
  constexpr std::size_t kSectorBytes = 512;
  if (!change.bytes) {
    if (random.next() % 2 == 0) apply(file, change);
    return;
  }
  // A third of the writes each: all, nothing, some of the sectors.
  const std::uint64_t fate = random.next() % 3;
  if (fate == 0) return;
  for (std::size_t at = 0; at < change.bytes->size(); at += kSectorBytes) {
    if (fate == 2 && random.next() % 2 == 0) continue;
    apply(file,
          {change.offset + static_cast<std::int64_t>(at), change.bytes->substr(at, kSectorBytes)});
  }
}

}  // namespace sojourn::store
