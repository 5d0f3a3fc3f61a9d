// A line of source as a terminal shows it: tabs widened, control characters and
// broken bytes replaced, a very long line cut to the part that matters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sojourn::dsl {

// A text of one line, of any length, with the same replaced.
std::string printable(std::string_view text);

// Cells of the terminal, counted from 0.
struct Cells {
  std::size_t begin = 0;
  std::size_t end = 0;
};

class DisplayLine {
 public:
  // `mark` is the byte that must stay visible when the line is cut.
  DisplayLine(std::string_view line, std::size_t mark);

  const std::string& text() const { return text_; }
  // The cells of bytes [begin, end) of the line; at least one.
  Cells cells(std::size_t begin, std::size_t end) const;

 private:
  std::string_view line_;
  std::string text_;
  std::size_t cut_cells_ = 0;  // left out on the left
  std::size_t lead_ = 0;       // cells of the `…` that stands for them
};

}  // namespace sojourn::dsl
