// The units of an experiment that are settled: of each, somebody took an arm. Whoever is the first
// of a unit to take one stands for it; everybody after them with the same value goes the same way
// and is not counted, so what is counted stays independent (docs/decisions/0018).
//
// A set of hashes (engine/place.h) of which nothing is ever taken out, 8 to 22 bytes for each,
// since there may be a million. Two units with one hash are taken for one; of a million, that
// happens once in some thirty million experiments. A plain value, pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sojourn::engine {

class SettledUnits {
 public:
  bool contains(std::uint64_t unit) const;
  // Returns whether it was not among them.
  bool insert(std::uint64_t unit);
  std::size_t size() const { return size_; }

 private:
  // Where it is, or would be.
  std::size_t slot_of(std::uint64_t unit) const;
  void grow();

  // Each a unit or kFree; as many as a power of two, at most three quarters taken.
  std::vector<std::uint64_t> slots_;
  std::size_t size_ = 0;
};

}  // namespace sojourn::engine
