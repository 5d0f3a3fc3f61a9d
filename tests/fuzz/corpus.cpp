// What `./dev fuzz` needs besides fuzzers: the inputs of a target as files.
//   corpus seeds TARGET FOLDER    what the tree has of that kind, a file each
//   corpus unpack FILE FOLDER     a packed corpus, a file each
//   corpus pack FOLDER FILE       the files of a folder, the shortest first, as one of kMaxBytes
#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "tests/fuzz/inputs.h"
#include "tests/fuzz/seeds.h"

namespace {

// A corpus is kept in the tree: what is longer than the rest has to stay outside.
constexpr std::size_t kMaxBytes = 900'000;

int write_each(const std::vector<std::string>& inputs, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const std::string& input : inputs) {
    std::ofstream(folder / fmt::format("{:05}", ++number), std::ios::binary) << input;
  }
  std::cout << number << " inputs\n";
  return 0;
}

int write_packed(std::vector<std::string> inputs, const std::string& file) {
  std::sort(inputs.begin(), inputs.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  std::size_t size = 0;
  const auto first_left_out = std::ranges::find_if(
      inputs, [&](const std::string& input) { return (size += input.size()) > kMaxBytes; });
  const auto left_out = std::distance(first_left_out, inputs.end());
  inputs.erase(first_left_out, inputs.end());
  std::ofstream out(file, std::ios::binary);
  out << sojourn::fuzz::pack(inputs);
  if (!out.flush()) {
    std::cerr << "corpus: cannot write " << file << "\n";
    return 1;
  }
  std::cout << fmt::format("{} inputs; {} left out\n", inputs.size(), left_out);
  return 0;
}

int unpack(const std::string& file, const std::string& folder) {
  const auto inputs = sojourn::fuzz::unpack(sojourn::fuzz::read_file(file));
  if (inputs) return write_each(*inputs, folder);
  std::cerr << "corpus: " << file << ": " << inputs.error().message << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 3 && words[0] == "seeds") {
    return write_each(sojourn::fuzz::seeds_of(words[1]), words[2]);
  }
  if (words.size() == 3 && words[0] == "unpack") return unpack(words[1], words[2]);
  if (words.size() == 3 && words[0] == "pack") {
    return write_packed(sojourn::fuzz::read_folder(words[1]), words[2]);
  }
  std::cerr << "usage: corpus seeds TARGET FOLDER | unpack FILE FOLDER | pack FOLDER FILE\n";
  return 2;
}
