// A disk that remembers what was synced and what was only written, so that a
// power cut can be tried at any moment, and that can fail a chosen call.
//
// The model: a sync makes all earlier writes of its file durable. A write that
// was not synced may be there after a power cut, or not, or in part (by sectors
// of 512 bytes). After a failed sync the writes before it are lost for good, even
// if a later sync succeeds. Deleting a file is durable at once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "runtime/store/vfs.h"

namespace sojourn::store {

class PowerDisk final : public IoObserver {
 public:
  // Files by path.
  using Image = std::map<std::string, std::string>;
  enum class Unsynced : std::uint8_t { kLost, kKept, kSomeKept };

  // Called before and after every sync.
  void at_sync(std::function<void()> call) { at_sync_ = std::move(call); }
  // From now on the `count`-th call of this kind fails, once.
  void fail(IoCall::Kind kind, int count, Verdict verdict);
  // The same of all kinds that can end so: every call gives an error, a full disk refuses writes.
  // What lasts fails from there on, until the disk is mended.
  enum class Lasts : std::uint8_t { kOnce, kOn };
  void fail_any(int count, Verdict verdict, Lasts lasts);
  void mend() { fault_.reset(); }
  bool failed() const { return fault_ && fault_->count == 0; }
  // Calls since then that changed a file, or synced one.
  int changes_since_failure() const { return changes_since_failure_; }

  // What a power cut now leaves.
  Image cut(Unsynced unsynced, base::Random& random) const;

  Verdict before(const IoCall& io) override;
  void after(const IoCall& io) override;

 private:
  struct Pending {
    std::int64_t offset = 0;
    std::optional<std::string> bytes;  // none: the file is cut at `offset`
  };
  struct File {
    std::string durable;
    std::vector<Pending> pending;
  };
  struct Fault {
    std::optional<IoCall::Kind> kind;  // none: any that the verdict can be of
    int count = 0;
    Verdict verdict;
    Lasts lasts = Lasts::kOnce;

    bool is_of(IoCall::Kind call) const;
  };
  static void apply(std::string& file, const Pending& change);
  static void apply_part(std::string& file, const Pending& change, base::Random& random);

  std::map<std::string, File> files_;
  std::optional<Fault> fault_;
  int changes_since_failure_ = 0;
  std::function<void()> at_sync_;
};

}  // namespace sojourn::store
