#include "tests/golden/golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace sojourn::golden {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool is_updating() {
  const char* value = std::getenv("UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

// The first line that differs, from both sides.
std::string first_difference(std::string_view actual, std::string_view expected) {
  int number = 1;
  while (true) {
    const std::string_view a = actual.substr(0, actual.find('\n'));
    const std::string_view b = expected.substr(0, expected.find('\n'));
    if (a != b || a.size() == actual.size() || b.size() == expected.size()) {
      return fmt::format("line {} differs\n  actual:   {}\n  expected: {}\n", number, a, b);
    }
    actual.remove_prefix(a.size() + 1);
    expected.remove_prefix(b.size() + 1);
    ++number;
  }
}

void compare_or_write(const fs::path& path, const std::string& actual) {
  if (is_updating()) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  const std::string expected = read(path);
  if (actual == expected) return;
  ADD_FAILURE() << path << ": " << first_difference(actual, expected)
                << "UPDATE_GOLDEN=1 writes the file anew";
}

}  // namespace

std::vector<Case> read_cases(std::string_view folder) {
  const fs::path path = fs::path(SOJOURN_SOURCE_DIR) / "tests" / "golden" / folder;
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() != ".journey") continue;
    cases.push_back({entry.path().stem().string(), path.string(), read(entry.path())});
  }
  std::ranges::sort(cases, {}, &Case::name);
  EXPECT_FALSE(cases.empty()) << "no cases in " << path;
  return cases;
}

void expect_golden(const Case& input, const std::string& actual) {
  compare_or_write(fs::path(input.folder) / (input.name + ".expected"), actual);
}

void expect_file(std::string_view path_in_tree, const std::string& actual) {
  compare_or_write(fs::path(SOJOURN_SOURCE_DIR) / path_in_tree, actual);
}

std::string read_file(std::string_view path_in_tree) {
  return read(fs::path(SOJOURN_SOURCE_DIR) / path_in_tree);
}

}  // namespace sojourn::golden
