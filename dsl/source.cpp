#include "dsl/source.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace sojourn::dsl {

namespace {

constexpr std::string_view kBlank = " \t\r";

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlank) == std::string_view::npos;
}

// Where the line of a byte begins, and where it ends with its line feed.
std::uint32_t begin_of_line(std::string_view text, std::uint32_t offset) {
  const std::size_t feed = offset == 0 ? text.npos : text.rfind('\n', offset - 1);
  return feed == text.npos ? 0 : static_cast<std::uint32_t>(feed + 1);
}

std::uint32_t end_of_line(std::string_view text, std::uint32_t offset) {
  const std::size_t feed = text.find('\n', offset);
  return static_cast<std::uint32_t>(feed == text.npos ? text.size() : feed + 1);
}

constexpr std::size_t kBlock = 1024;

std::uint32_t count_code_points(std::string_view text) {
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) {
    const bool continuation = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    return !continuation;
  }));
}

}  // namespace

Span cover(Span a, Span b) {
  SOJOURN_CHECK(a.file == b.file, "a span lies within one file");
  return Span{a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

SourceFile::SourceFile(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)) {
  const bool marked = std::string_view(text_).starts_with(kByteOrderMark);
  line_starts_.push_back(marked ? static_cast<std::uint32_t>(kByteOrderMark.size()) : 0);
  for (std::size_t i = line_starts_.front(); i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
  std::uint32_t points = 0;
  for (std::size_t begin = 0; begin <= text_.size(); begin += kBlock) {
    code_points_.push_back(points);
    points += count_code_points(std::string_view(text_).substr(begin, kBlock));
  }
}

std::string_view SourceFile::slice(Span span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

Position SourceFile::position(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  if (after == line_starts_.begin()) return Position{};  // inside the byte order mark
  const auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  const std::uint32_t column = 1 + code_points_before(offset) - code_points_before(*(after - 1));
  return Position{line, column};
}

std::uint32_t SourceFile::code_points_before(std::uint32_t offset) const {
  const std::size_t block = offset / kBlock;
  const auto rest = std::string_view(text_).substr(block * kBlock, offset - block * kBlock);
  return code_points_[block] + count_code_points(rest);
}

std::uint32_t SourceFile::line_begin(std::uint32_t number) const {
  SOJOURN_CHECK(number >= 1 && number <= line_starts_.size(), "lines count from 1");
  return line_starts_[number - 1];
}

std::string_view SourceFile::line(std::uint32_t number) const {
  const std::uint32_t begin = line_begin(number);
  const std::size_t end = number < line_starts_.size() ? line_starts_[number] - 1 : text_.size();
  std::string_view text = std::string_view(text_).substr(begin, end - begin);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Span removal(std::string_view text, Span what) {
  const std::uint32_t line = begin_of_line(text, what.begin);
  const std::uint32_t end = end_of_line(text, what.end);
  const bool starts_line = is_blank(text.substr(line, what.begin - line));
  const std::string_view behind = text.substr(what.end, end - what.end);
  const bool ends_line = is_blank(behind.substr(0, behind.find('\n')));
  if (!starts_line || !ends_line) {
    while (what.end < text.size() && text[what.end] == ' ') ++what.end;
    return what;
  }
  return {what.file, line, end};
}

}  // namespace sojourn::dsl
