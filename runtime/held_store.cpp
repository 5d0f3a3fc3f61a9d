#include "runtime/held_store.h"

#include "base/bytes.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 1;

}  // namespace

std::string encode(const HeldRecord& record) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.signed_varint(record.backup_at.millis);
  out.varint(record.sequence);
  return out.take();
}

base::Result<HeldRecord> decode_held_record(std::string_view bytes) {
  base::ByteReader in(bytes);
  const std::uint8_t format = in.u8();
  HeldRecord record;
  record.backup_at = base::Instant{in.signed_varint()};
  record.sequence = in.varint();
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal,
                         "what the store knows of its backup cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return record;
}

base::Result<std::optional<HeldRecord>> read_held(store::Store& store) {
  auto bytes = store.setting(kHeldSetting);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes || (*bytes)->empty()) return std::optional<HeldRecord>();
  auto record = decode_held_record(**bytes);
  if (!record) return tl::unexpected(record.error());
  return std::optional(*record);
}

base::Status HeldStore::release() {
  if (auto put = under().put_setting(kHeldSetting, {}); !put) return put;
  stage_ = Stage::kReleased;
  return {};
}

base::Result<std::vector<store::TimerKey>> HeldStore::due_timers(base::Instant until,
                                                                 std::size_t limit) {
  if (hides_timers()) return std::vector<store::TimerKey>();
  return under().due_timers(until, limit);
}

base::Result<std::optional<base::Instant>> HeldStore::next_timer() {
  if (hides_timers()) return std::optional<base::Instant>();
  return under().next_timer();
}

base::Result<std::size_t> HeldStore::count_timers(base::Instant until, std::size_t at_most) {
  if (hides_timers()) return std::size_t{0};
  return under().count_timers(until, at_most);
}

base::Result<std::vector<store::WaitingLane>> HeldStore::waiting_lanes() {
  if (hides_deliveries()) return std::vector<store::WaitingLane>();
  return under().waiting_lanes();
}

base::Result<std::vector<store::Delivery>> HeldStore::due_deliveries(std::uint32_t lane,
                                                                     base::Instant until,
                                                                     std::size_t limit) {
  if (hides_deliveries()) return std::vector<store::Delivery>();
  return under().due_deliveries(lane, until, limit);
}

base::Result<std::vector<store::Delivery>> HeldStore::late_deliveries(base::Instant now,
                                                                      std::size_t limit) {
  if (hides_deliveries()) return std::vector<store::Delivery>();
  return under().late_deliveries(now, limit);
}

base::Result<std::optional<base::Instant>> HeldStore::next_deadline() {
  if (hides_deliveries()) return std::optional<base::Instant>();
  return under().next_deadline();
}

}  // namespace sojourn::runtime
