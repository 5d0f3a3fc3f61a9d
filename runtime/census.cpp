#include "runtime/census.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kFormatWithoutZones = 1;
constexpr std::uint8_t kIsOver = 1;
constexpr std::uint8_t kHasLast = 2;
constexpr std::uint8_t kIsAimingAnew = 4;
// Numbers of users begin with 1.
constexpr store::UserId kNobody{0, 0};
constexpr store::RowKey kRow{kNobody, store::RowKind::kWatch, 0};

// Rules that stay keep since when they have been there.
CensusRecord anew(const CensusRecord& before, const engine::WatchPlan& plan, base::Instant now) {
  CensusRecord record;
  record.fingerprint = plan.fingerprint();
  // Nobody has to be looked at for rules that are gone.
  record.is_over = plan.rules().empty();
  for (const engine::WatchRule& rule : plan.rules()) {
    const auto known = std::ranges::find(before.rules, rule.key, &CensusRecord::Rule::key);
    record.rules.push_back({rule.key, known == before.rules.end() ? now : known->since});
  }
  return record;
}

}  // namespace

std::string encode(const CensusRecord& record) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.fixed64(record.fingerprint);
  out.fixed64(record.zone_rules);
  out.u8(static_cast<std::uint8_t>((record.is_over ? kIsOver : 0) | (record.last ? kHasLast : 0) |
                                   (record.is_aiming_anew ? kIsAimingAnew : 0)));
  if (record.last) {
    out.varint(record.last->shard);
    out.varint(record.last->number);
  }
  out.varint(record.rules.size());
  for (const CensusRecord::Rule& rule : record.rules) {
    out.fixed64(rule.key);
    out.signed_varint(rule.since.millis);
  }
  return out.take();
}

base::Result<CensusRecord> decode_census(std::string_view bytes) {
  base::ByteReader in(bytes);
  CensusRecord record;
  const std::uint8_t format = in.u8();
  record.fingerprint = in.fixed64();
  if (format != kFormatWithoutZones) record.zone_rules = in.fixed64();
  const std::uint8_t flags = in.u8();
  record.is_over = (flags & kIsOver) != 0;
  record.is_aiming_anew = (flags & kIsAimingAnew) != 0;
  if ((flags & kHasLast) != 0) {
    const std::uint64_t shard = in.varint();
    if (shard >= store::kShardCount) in.fail();
    record.last = store::UserId{static_cast<std::uint16_t>(shard), in.varint()};
  }
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    CensusRecord::Rule rule;
    rule.key = in.fixed64();
    rule.since = base::read_instant(in);
    record.rules.push_back(rule);
  }
  const bool is_known = format == kFormat || format == kFormatWithoutZones;
  if (!is_known || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal,
                         "how far all users have been looked at cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return record;
}

base::Status Census::load(store::Store& store, const engine::WatchPlan& plan,
                          std::uint64_t zone_rules, base::Instant now) {
  auto rows = store.rows(kRow.user, kRow.kind, 1);
  if (!rows) return tl::unexpected(rows.error());
  CensusRecord stored;
  if (!rows->empty()) {
    auto record = decode_census(rows->front().body);
    if (!record) return tl::unexpected(record.error());
    stored = std::move(*record);
  }
  const bool is_same_plan = !rows->empty() && stored.fingerprint == plan.fingerprint();
  const bool are_same_zones = !rows->empty() && stored.zone_rules == zone_rules;
  record_ = is_same_plan ? stored : anew(stored, plan, now);
  record_.zone_rules = zone_rules;
  if (!are_same_zones || (stored.is_aiming_anew && !is_same_plan)) {
    auto anybody = store.heads(std::nullopt, 1);
    if (!anybody) return tl::unexpected(anybody.error());
    record_.is_aiming_anew = !anybody->empty();
    if (record_.is_aiming_anew) record_.is_over = false;
    record_.last.reset();
  }
  unwritten_ = !is_same_plan || !are_same_zones;
  changed_ = unwritten_ && !(rows->empty() && record_.is_over);
  since_.clear();
  for (const CensusRecord::Rule& rule : record_.rules) since_.push_back(rule.since);
  return {};
}

base::Result<std::vector<store::UserId>> Census::next(store::Store& store, std::size_t limit) {
  if (record_.is_over) return std::vector<store::UserId>();
  auto heads = store.heads(record_.last, limit);
  if (!heads) return tl::unexpected(heads.error());
  changed_ = true;
  std::vector<store::UserId> users;
  for (const store::Row& head : *heads) users.push_back(head.key.user);
  if (users.empty()) {
    record_.is_over = true;
    record_.is_aiming_anew = false;
    record_.last.reset();
  } else {
    record_.last = users.back();
  }
  return users;
}

void Census::write_to(store::Commit& commit) {
  const bool is_changed = std::exchange(changed_, false);
  if (std::exchange(unwritten_, false) || is_changed) {
    commit.put_rows.push_back({kRow, encode(record_)});
  }
}

}  // namespace sojourn::runtime
