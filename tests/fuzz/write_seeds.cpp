// write_seeds FOLDER: every journey text of the tree, a file each, for a fuzzer to begin
// with.
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <iostream>

#include "tests/golden/journey_texts.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_seeds FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const auto& text : sojourn::golden::journey_texts()) {
    std::ofstream(folder / fmt::format("{:04}", ++number), std::ios::binary) << text.text;
  }
  std::cout << number << " seeds\n";
  return number > 0 ? 0 : 1;
}
