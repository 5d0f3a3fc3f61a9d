// The settled units of one experiment (engine/settled_units.h), as what is known at hand and as
// rows: each has kUnitsInRow of them but the last, which is written again while it grows. Rows
// are of a user that nobody is. A part of the split book, on the shard's thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/settled_units.h"
#include "runtime/split_record.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// What all rows of an experiment begin with; its index and units are left empty.
using UnitsOwner = SplitUnitsRecord;

store::RowKey units_row(const UnitsOwner& owner, std::uint32_t index);

class SplitUnits {
 public:
  bool contains(std::uint64_t unit) const { return settled_.contains(unit); }
  std::size_t size() const { return settled_.size(); }
  // Does the next unit begin a row?
  bool needs_row() const { return last_.empty(); }
  std::uint32_t rows() const { return rows_; }

  // One of its rows, as it was stored; they may come in any order.
  void take_up(SplitUnitsRecord stored);
  // A unit that it does not contain.
  void add(std::uint64_t unit);
  // The rows that have changed since they were asked for last.
  std::vector<store::Row> take_changed(UnitsOwner owner);

 private:
  struct Full {
    std::uint32_t index;
    std::vector<std::uint64_t> units;
  };

  engine::SettledUnits settled_;
  std::uint32_t rows_ = 0;
  std::vector<std::uint64_t> last_;  // of the last row, unless that is full
  bool last_changed_ = false;
  std::vector<Full> filled_;  // not asked for yet
};

}  // namespace sojourn::runtime
