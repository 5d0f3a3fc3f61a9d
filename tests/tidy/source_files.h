// The C++ files of the tree, for the tests of this folder to read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::tidy {

struct SourceFile {
  std::string path;  // from the root, with `/`
  std::string text;
};

// Every .h, .cpp and .def below the given folders of the root, in order of path.
std::vector<SourceFile> read_sources(const std::filesystem::path& root,
                                     const std::vector<std::string>& folders);

std::string read_text(const std::filesystem::path& path);

std::vector<std::string> lines_of(std::string_view text);

// The text with comments and the insides of string and character literals turned
// to blanks, so that what is left is code. Lines keep their number.
std::string code_only(std::string_view text);

}  // namespace sojourn::tidy
