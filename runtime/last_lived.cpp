#include "runtime/last_lived.h"

#include <cstdint>

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 1;
// Numbers of users begin with 1.
constexpr store::UserId kNobody{0, 0};
constexpr store::RowKey kRow{kNobody, store::RowKind::kLastLived, 0};

}  // namespace

std::string encode_last_lived(base::Instant lived) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.signed_varint(lived.millis);
  return out.take();
}

base::Result<base::Instant> decode_last_lived(std::string_view bytes) {
  base::ByteReader in(bytes);
  const std::uint8_t format = in.u8();
  const base::Instant lived = base::read_instant(in);
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "the last instant lived cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return lived;
}

base::Result<std::optional<base::Instant>> read_last_lived(store::Store& store) {
  auto rows = store.rows(kRow.user, kRow.kind, 1);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::optional<base::Instant>();
  auto lived = decode_last_lived(rows->front().body);
  if (!lived) return tl::unexpected(lived.error());
  return std::optional(*lived);
}

void LastLived::write_to(store::Commit& commit, base::Instant now) {
  noted_ = now;
  if (stored_ == now) return;
  stored_ = now;
  commit.put_rows.push_back({kRow, encode_last_lived(now)});
}

}  // namespace sojourn::runtime
