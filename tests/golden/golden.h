// Golden tests: a folder of inputs, beside each the expected output (NAME.journey
// and NAME.expected). With UPDATE_GOLDEN=1 in the environment the outputs are
// written instead of compared; look at the difference before committing it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sojourn::golden {

struct Case {
  std::string name;    // the file's name without its ending
  std::string folder;  // absolute
  std::string text;
};

// Every NAME.journey of tests/golden/FOLDER, by name. Fails the test when there is none.
std::vector<Case> read_cases(std::string_view folder);

// Compares with NAME.expected, or writes it.
void expect_golden(const Case& input, const std::string& actual);
// Compares with a file of the tree, or writes it.
void expect_file(std::string_view path_in_tree, const std::string& actual);
// A file of the tree, whole.
std::string read_file(std::string_view path_in_tree);

}  // namespace sojourn::golden
