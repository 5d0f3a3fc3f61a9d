#include "tests/golden/golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
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
  const fs::path path = fs::path(input.folder) / (input.name + ".expected");
  if (is_updating()) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(actual, read(path)) << "in " << path << "; UPDATE_GOLDEN=1 writes it anew";
}

}  // namespace sojourn::golden
