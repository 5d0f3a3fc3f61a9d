#include "runtime/split_units.h"

#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"

namespace sojourn::runtime {
namespace {

// Numbers of users begin with 1.
constexpr store::UserId kNobody{0, 0};

}  // namespace

store::RowKey units_row(const UnitsOwner& owner, std::uint32_t index) {
  base::ByteWriter name;
  name.string(owner.journey);
  name.string(owner.split);
  name.fixed64(owner.rule);
  name.signed_varint(owner.begun_at.millis);
  name.varint(index);
  return {kNobody, store::RowKind::kSplitUnits, base::stable_hash64(name.bytes()) >> 1U};
}

void SplitUnits::take_up(SplitUnitsRecord stored) {
  for (const std::uint64_t unit : stored.units) settled_.insert(unit);
  if (stored.index < rows_) return;
  rows_ = stored.index + 1;
  last_.clear();
  if (stored.units.size() < kUnitsInRow) last_ = std::move(stored.units);
}

void SplitUnits::add(std::uint64_t unit) {
  const bool is_new = settled_.insert(unit);
  SOJOURN_CHECK(is_new, "a unit is settled once");
  if (needs_row()) ++rows_;
  last_.push_back(unit);
  last_changed_ = true;
  if (last_.size() < kUnitsInRow) return;
  filled_.push_back({rows_ - 1, std::exchange(last_, {})});
  last_changed_ = false;
}

std::vector<store::Row> SplitUnits::take_changed(UnitsOwner owner) {
  std::vector<store::Row> out;
  const auto put = [&](std::uint32_t index, std::vector<std::uint64_t> units) {
    owner.index = index;
    owner.units = std::move(units);
    out.push_back({units_row(owner, index), encode(owner)});
  };
  for (Full& full : std::exchange(filled_, {})) put(full.index, std::move(full.units));
  if (std::exchange(last_changed_, false)) put(rows_ - 1, last_);
  return out;
}

}  // namespace sojourn::runtime
