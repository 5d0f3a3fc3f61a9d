// A store that was restored from a backup, until an operator says how far its past is to be
// trusted: what the node was doing when it was lost is not in the backup, so what is due may have
// been done already. While it is held nothing in it is due: no timer runs, no delivery is claimed.
// What else would go on by itself the shard keeps back (Shard::Hold).
// Events are taken in, kept and worked on as ever, so senders may repeat what was lost meanwhile.
//
// It stands before the store it is given, which must outlive it, and passes everything else on. On
// the shard's thread but for `stage`, which any thread may ask.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/passing_store.h"

namespace sojourn::runtime {

// What is known of the backup: the setting kHeld of a store that is held.
struct HeldRecord {
  base::Instant backup_at;     // the last instant that the backup knows
  std::uint64_t sequence = 0;  // its last commit
  friend bool operator==(const HeldRecord&, const HeldRecord&) = default;
};
inline constexpr const char* kHeldSetting = "held";

// Format: u8 version (1), signed varint backup_at, varint sequence. Empty: it is held no more.
std::string encode(const HeldRecord& record);
base::Result<HeldRecord> decode_held_record(std::string_view bytes);
// Nothing: it is not held. kFatal when the setting cannot be read.
base::Result<std::optional<HeldRecord>> read_held(store::Store& store);

class HeldStore final : public store::PassingStore {
 public:
  enum class Stage : std::uint8_t {
    kHeld,       // nothing is due
    kTimersRun,  // timers are; what they let leave waits
    kReleased,   // everything is as it is
  };

  HeldStore(store::Store& held, const HeldRecord& record) : PassingStore(held), record_(record) {}

  Stage stage() const { return stage_; }
  const HeldRecord& record() const { return record_; }
  // From held on.
  void let_timers_run() { stage_ = Stage::kTimersRun; }
  // Durable on return: the next process does not hold it.
  base::Status release();

  base::Result<std::vector<store::TimerKey>> due_timers(base::Instant until,
                                                        std::size_t limit) override;
  base::Result<std::optional<base::Instant>> next_timer() override;
  base::Result<std::size_t> count_timers(base::Instant until, std::size_t at_most) override;
  base::Result<std::vector<store::WaitingLane>> waiting_lanes() override;
  base::Result<std::vector<store::Delivery>> due_deliveries(std::uint32_t lane, base::Instant until,
                                                            std::size_t limit) override;
  base::Result<std::vector<store::Delivery>> late_deliveries(base::Instant now,
                                                             std::size_t limit) override;
  base::Result<std::optional<base::Instant>> next_deadline() override;

 private:
  bool hides_timers() const { return stage_ == Stage::kHeld; }
  bool hides_deliveries() const { return stage_ != Stage::kReleased; }

  const HeldRecord record_;
  std::atomic<Stage> stage_{Stage::kHeld};
};

}  // namespace sojourn::runtime
