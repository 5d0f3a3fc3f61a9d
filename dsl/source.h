// Source text and places in it. A SourceFile is the text of one file exactly as
// it was read (a byte order mark included); a Span is a range of its bytes.
// Values, any thread; nothing here does I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::dsl {

// Position of a file in the list of files that are compiled together.
using FileIndex = std::uint32_t;

// Bytes [begin, end) of a file. Empty (begin == end) points between two bytes.
struct Span {
  FileIndex file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend auto operator<=>(const Span&, const Span&) = default;
};

// The smallest span that holds both; they must be of one file.
Span cover(Span a, Span b);

// What to cut from a file's text to remove something: with its lines when nothing else
// stands on them, else with the spaces behind it.
Span removal(std::string_view text, Span what);

// Both count from 1. A column is a code point: what an editor shows for text
// without tabs or combining marks. A byte order mark has no column.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend auto operator<=>(const Position&, const Position&) = default;
};

class SourceFile {
 public:
  // `path` is shown in messages as given.
  SourceFile(std::string path, std::string text);

  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }

  // The bytes of a span, clipped to the file.
  std::string_view slice(Span span) const;
  // Offsets beyond the end are taken as the end.
  Position position(std::uint32_t offset) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }
  // Text of a line (from 1) without its line end and without a byte order mark.
  std::string_view line(std::uint32_t number) const;
  // Offset of the first byte that `line(number)` shows.
  std::uint32_t line_begin(std::uint32_t number) const;

 private:
  std::string path_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
  // Code points before each kBlock bytes, so that a column of a very long line
  // costs no more than any other.
  std::vector<std::uint32_t> code_points_;

  std::uint32_t code_points_before(std::uint32_t offset) const;
};

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace sojourn::dsl
