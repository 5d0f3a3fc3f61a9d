#include "tests/tidy/source_files.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace sojourn::tidy {
namespace {

// Copies code, blanks the rest; one call of `step` deals with one token.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return out_;
  }

 private:
  void step() {
    const char c = text_[at_];
    if (starts_with("//")) {
      blank_to(text_.find('\n', at_));
    } else if (starts_with("/*")) {
      blank_past("*/", 2);
    } else if (starts_with("R\"")) {
      const std::size_t open = text_.find('(', at_);
      if (open == std::string_view::npos) return blank_to(text_.size());
      const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
      blank_past(close, 2);
    } else if (c == '"' || (c == '\'' && !is_digit_separator())) {
      blank_literal(c);
    } else {
      ++at_;
    }
  }

  bool starts_with(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  // As in 1'000.
  bool is_digit_separator() const {
    return at_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0;
  }

  void blank_to(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  void blank_past(std::string_view close, std::size_t skip) {
    const std::size_t found = text_.find(close, at_ + skip);
    blank_to(found == std::string_view::npos ? text_.size() : found + close.size());
  }

  // Keeps the quotes.
  void blank_literal(char quote) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      blank_to(at_ + (text_[at_] == '\\' ? 2 : 1));
    }
    if (at_ < text_.size()) ++at_;
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
};

}  // namespace

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<SourceFile> read_sources(const std::filesystem::path& root,
                                     const std::vector<std::string>& folders) {
  static const std::set<std::string> kKinds{".h", ".cpp", ".def"};
  // A folder may stand inside another one.
  std::set<std::string> paths;
  for (const std::string& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || !kKinds.contains(entry.path().extension().string())) continue;
      paths.insert(entry.path().lexically_relative(root).generic_string());
    }
  }
  std::vector<SourceFile> files;
  for (const std::string& path : paths) files.push_back({path, read_text(root / path)});
  return files;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string code_only(std::string_view text) {
  return Blanker(text).run();
}

}  // namespace sojourn::tidy
