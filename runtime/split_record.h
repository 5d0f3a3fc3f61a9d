// The rows of an experiment (engine/experiment.h). Pure.
//
// Format of what is counted: u8 version (1), string journey, string split, fixed64 rule, signed
// varint milliseconds begun at, u8 unbalanced, varint winner + 1 or 0, varint count of arms, then
// for each: string name, counts of all, counts of the closed batches; varint count of open batches,
// then for each: signed varint milliseconds `from`, counts of each arm. Counts are two varints:
// taken, succeeded.
//
// Format of settled units, some of them in each row: u8 version (1), string journey, string
// split, fixed64 rule, signed varint milliseconds begun at, varint index of the row among those
// of the experiment, varint count of units, then for each: fixed64 hash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/experiment.h"

namespace sojourn::runtime {

struct SplitRecord {
  std::string journey;
  std::string split;
  std::vector<std::string> arms;  // names
  engine::Experiment experiment;
  friend bool operator==(const SplitRecord&, const SplitRecord&) = default;
};

std::string encode(const SplitRecord& record);
// kFatal when that is no such row.
base::Result<SplitRecord> decode_split(std::string_view bytes);

// Rows and units of an experiment belong together by all that names it here: an experiment that
// begins anew, with the same rule or another, has none of them.
struct SplitUnitsRecord {
  std::string journey;
  std::string split;
  std::uint64_t rule = 0;
  base::Instant begun_at;
  std::uint32_t index = 0;
  std::vector<std::uint64_t> units;
  friend bool operator==(const SplitUnitsRecord&, const SplitUnitsRecord&) = default;
};

// A row is written again by each turn that adds to it, so it stays small.
inline constexpr std::size_t kUnitsInRow = 256;

std::string encode(const SplitUnitsRecord& record);
// kFatal when that is no such row.
base::Result<SplitUnitsRecord> decode_split_units(std::string_view bytes);

}  // namespace sojourn::runtime
