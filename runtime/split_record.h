// The row of an experiment (engine/experiment.h). Pure.
//
// Format: u8 version (1), string journey, string split, fixed64 rule, signed varint milliseconds
// begun at, u8 unbalanced, varint winner + 1 or 0, varint count of arms, then for each: string
// name, counts of all, counts of the closed batches; varint count of open batches, then for
// each: signed varint milliseconds `from`, counts of each arm. Counts are two varints: taken,
// succeeded.
#pragma once

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

}  // namespace sojourn::runtime
