#include "tests/golden/journey_texts.h"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace sojourn::golden {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFence = "\n```journey\n";
constexpr std::string_view kFenceEnd = "\n```\n";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void add_examples(const std::string& place, const std::string& page,
                  std::vector<JourneyText>& texts) {
  int number = 0;
  for (std::size_t at = page.find(kFence); at != page.npos; at = page.find(kFence, at)) {
    at += kFence.size();
    const std::size_t end = page.find(kFenceEnd, at - 1);
    texts.push_back(
        {fmt::format("{}, example {}", place, ++number), page.substr(at, end + 1 - at)});
  }
}

}  // namespace

std::vector<JourneyText> journey_texts() {
  const fs::path root(SOJOURN_SOURCE_DIR);
  std::vector<JourneyText> texts;
  for (const char* folder : {"docs", "dsl/pages", "examples", "journeys", "tests/golden"}) {
    if (!fs::exists(root / folder)) continue;
    const std::size_t before = texts.size();
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string place = entry.path().lexically_relative(root).generic_string();
      if (entry.path().extension() == ".journey") texts.push_back({place, read(entry.path())});
      if (entry.path().extension() == ".md") add_examples(place, read(entry.path()), texts);
    }
    EXPECT_GT(texts.size(), before) << "no journeys in " << folder;
  }
  std::ranges::sort(texts, {}, &JourneyText::place);
  return texts;
}

}  // namespace sojourn::golden
