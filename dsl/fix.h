// `sojourn check --fix`: makes the edits that diagnostics carry. Only such as change
// nothing that anybody receives: where the program compiled before, the graphs after
// are the same. Pure: texts in, texts out.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "dsl/compile.h"

namespace sojourn::dsl {

struct FixOutcome {
  std::vector<SourceText> changed;  // by path
  std::size_t fixes = 0;
  Compilation compilation;  // of the texts as they are now
};

// Fixes what is found in files whose path `wanted` takes, round after round until
// nothing is left to fix, so that a second call changes nothing (a chain of more than
// 64 fixes, each found only when the one before is made, takes another call). Fixes of
// one round never overlap; of two that would, the first is made, and the other if it
// is found again.
FixOutcome fix_all(std::span<const SourceText> sources, calendar::ZoneSource& zones,
                   const std::function<bool(std::string_view)>& wanted);

// The text with the edits made, which do not overlap.
std::string edited(std::string_view text, std::vector<Edit> edits);

}  // namespace sojourn::dsl
