#include "runtime/watch_record.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kHolds = 1;
constexpr std::uint8_t kHasDue = 2;
constexpr std::uint8_t kHasDate = 4;
constexpr std::uint8_t kHasLast = 8;

std::uint8_t flags_of(const engine::Watch& watch) {
  return static_cast<std::uint8_t>((watch.holds ? kHolds : 0) | (watch.due ? kHasDue : 0) |
                                   (watch.date ? kHasDate : 0) | (watch.last ? kHasLast : 0));
}

}  // namespace

std::string encode(const engine::Watches& watches, const engine::WatchPlan& plan) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.fixed64(plan.fingerprint());
  out.varint(watches.known().size());
  for (const auto& [rule, watch] : watches.known()) {
    out.fixed64(plan.rules()[rule].key);
    out.u8(flags_of(watch));
    if (watch.due) out.signed_varint(watch.due->millis);
    if (watch.date) out.signed_varint(*watch.date);
    if (watch.last) out.signed_varint(*watch.last);
  }
  return out.take();
}

base::Result<StoredWatches> decode_watches(std::string_view bytes, const engine::WatchPlan& plan) {
  base::ByteReader in(bytes);
  StoredWatches stored;
  const std::uint8_t format = in.u8();
  const bool same_plan = in.fixed64() == plan.fingerprint();
  const std::size_t count = in.count();
  std::vector<engine::KnownWatch> known;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t key = in.fixed64();
    const std::uint8_t flags = in.u8();
    engine::Watch watch{(flags & kHolds) != 0, {}, {}, {}};
    if ((flags & kHasDue) != 0) watch.due = base::read_instant(in);
    if ((flags & kHasDate) != 0) watch.date = in.signed_varint();
    if ((flags & kHasLast) != 0) watch.last = in.signed_varint();
    if (watch.due) stored.due = std::min(stored.due.value_or(*watch.due), *watch.due);
    if (const auto rule = plan.find(key)) known.push_back({*rule, watch});
  }
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "what a user is watched for cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  stored.watches.restore(std::move(known), same_plan);
  return stored;
}

}  // namespace sojourn::runtime
