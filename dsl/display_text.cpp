#include "dsl/display_text.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace sojourn::dsl {
namespace {

constexpr std::size_t kTabCells = 4;
constexpr std::size_t kMostCells = 160;
constexpr std::size_t kCellsBeforeMark = 60;
constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Glyph {
  std::size_t bytes = 1;
  std::size_t cells = 1;
  std::string_view shown;
};

// Zero-width: combining marks, joiners, variation selectors.
bool is_combining(std::uint32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F);
}

// East Asian wide characters and emoji.
bool is_wide(std::uint32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0x303E) ||
         (c >= 0x3041 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) ||
         (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) ||
         (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

// Beyond ASCII: what a terminal may obey, and what XML does not take.
bool is_control(std::uint32_t c) {
  return c < 0xA0 || c == 0xFFFE || c == 0xFFFF;
}

std::uint32_t decode(std::string_view bytes) {
  if (bytes.size() == 1) return static_cast<unsigned char>(bytes[0]);
  std::uint32_t code = static_cast<unsigned char>(bytes[0]) & (0xFFU >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) {
    code = (code << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return code;
}

std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

Glyph glyph_at(std::string_view line, std::size_t at) {
  const auto lead = static_cast<unsigned char>(line[at]);
  if (lead == '\t') return {1, kTabCells, "    "};
  if (lead < 0x20 || lead == 0x7F) return {1, 1, kReplacement};
  if (lead < 0x80) return {1, 1, line.substr(at, 1)};
  const std::string_view bytes = line.substr(at, length_of(lead));
  if (base::first_invalid_utf8(bytes)) return {1, 1, kReplacement};
  const std::uint32_t code = decode(bytes);
  if (is_control(code)) return {bytes.size(), 1, kReplacement};
  return {bytes.size(), is_combining(code) ? 0U : (is_wide(code) ? 2U : 1U), bytes};
}

std::size_t cells_before(std::string_view line, std::size_t end) {
  std::size_t cells = 0;
  for (std::size_t at = 0; at < std::min(end, line.size());) {
    const Glyph glyph = glyph_at(line, at);
    cells += glyph.cells;
    at += glyph.bytes;
  }
  return cells;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Glyph glyph = glyph_at(text, at);
    out += glyph.shown;
    at += glyph.bytes;
  }
  return out;
}

DisplayLine::DisplayLine(std::string_view line, std::size_t mark) : line_(line) {
  const std::size_t mark_cells = cells_before(line, mark);
  if (mark_cells + kCellsBeforeMark > kMostCells) {
    cut_cells_ = mark_cells - kCellsBeforeMark;
    lead_ = 1;
    text_ = kEllipsis;
  }
  std::size_t cells = 0;
  for (std::size_t at = 0; at < line.size();) {
    const Glyph glyph = glyph_at(line, at);
    if (cells + glyph.cells > cut_cells_ + kMostCells) {
      text_ += kEllipsis;
      return;
    }
    if (cells >= cut_cells_) text_ += glyph.shown;
    cells += glyph.cells;
    at += glyph.bytes;
  }
}

Cells DisplayLine::cells(std::size_t begin, std::size_t end) const {
  const auto shown = [this](std::size_t byte) {
    const std::size_t cells = cells_before(line_, byte);
    const std::size_t kept = cells > cut_cells_ ? cells - cut_cells_ : 0;
    return std::min(kept, kMostCells) + lead_;
  };
  const std::size_t first = shown(begin);
  return {first, std::max(shown(end), first + 1)};
}

}  // namespace sojourn::dsl
