// Writes a file that is there anew: whoever reads it sees the old text or the new one,
// never a part, also when we are stopped in between; on return the new one outlives a power cut.
// Its mode stays, and its owner where root writes it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sojourn::app {

// Error kFatal: the new text is there, but it is not certain that it stays. Any other: nothing has
// changed.
base::Status replace_file(const std::string& path, std::string_view text);

}  // namespace sojourn::app
