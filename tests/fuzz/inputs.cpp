#include "tests/fuzz/inputs.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace sojourn::fuzz {
namespace {

constexpr std::string_view kFirstLine = "sojourn inputs\n";

base::Result<std::string> take_input(std::string_view& rest) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
  if (error != std::errc()) {
    return base::failure(base::Error::Kind::kInvalid, "the size of an input expected");
  }
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  if (rest.size() < size + 2 || rest.front() != '\n' || rest[size + 1] != '\n') {
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("an input of {} bytes and a line end expected", size));
  }
  std::string input(rest.substr(1, size));
  rest.remove_prefix(size + 2);
  return input;
}

}  // namespace

std::string pack(const std::vector<std::string>& inputs) {
  std::string out(kFirstLine);
  for (const std::string& input : inputs) out += fmt::format("{}\n{}\n", input.size(), input);
  return out;
}

base::Result<std::vector<std::string>> unpack(std::string_view bytes) {
  if (!bytes.starts_with(kFirstLine)) {
    return base::failure(base::Error::Kind::kInvalid, "the first line is not `sojourn inputs`");
  }
  bytes.remove_prefix(kFirstLine.size());
  std::vector<std::string> inputs;
  while (!bytes.empty()) {
    auto input = take_input(bytes);
    if (!input) return tl::unexpected(input.error());
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::vector<std::string> read_folder(const std::string& path) {
  std::vector<std::string> files;
  if (!std::filesystem::is_directory(path)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (std::string& file : files) file = read_file(file);
  return files;
}

}  // namespace sojourn::fuzz
