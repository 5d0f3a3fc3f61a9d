// Inputs of the fuzzers as files: many in one, so that a corpus is one file of the tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sojourn::fuzz {

// Format: a line "sojourn inputs", then for each a line with its size in decimal, its bytes, and a
// line end.
std::string pack(const std::vector<std::string>& inputs);
base::Result<std::vector<std::string>> unpack(std::string_view bytes);

// All bytes of a file, and of each file of a folder in order of name; none where there is none.
std::string read_file(const std::string& path);
std::vector<std::string> read_folder(const std::string& path);

}  // namespace sojourn::fuzz
