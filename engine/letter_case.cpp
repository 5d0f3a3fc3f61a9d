#include "engine/letter_case.h"

#include <array>
#include <cstdint>

namespace sojourn::engine {
namespace {

// Capital letters `first` to `last`, every `step`-th code point; the small letter
// of each lies `to_small` further on. All are below U+0800: two bytes of UTF-8.
struct Letters {
  std::uint32_t first, last, step;
  std::int32_t to_small;
};
constexpr std::array kLetters{
    Letters{0x00C0, 0x00D6, 1, 0x20},  // À to Ö
    Letters{0x00D8, 0x00DE, 1, 0x20},  // Ø to Þ
    Letters{0x0100, 0x012E, 2, 1},     // Ā to Į
    Letters{0x0132, 0x0136, 2, 1},     // Ĳ to Ķ
    Letters{0x0139, 0x0147, 2, 1},     // Ĺ to Ň
    Letters{0x014A, 0x0176, 2, 1},     // Ŋ to Ŷ
    Letters{0x0178, 0x0178, 1, -121},  // Ÿ
    Letters{0x0179, 0x017D, 2, 1},     // Ź to Ž
    Letters{0x0386, 0x0386, 1, 38},    // Ά
    Letters{0x0388, 0x038A, 1, 37},    // Έ to Ί
    Letters{0x038C, 0x038C, 1, 64},    // Ό
    Letters{0x038E, 0x038F, 1, 63},    // Ύ, Ώ
    Letters{0x0391, 0x03A1, 1, 0x20},  // Α to Ρ
    Letters{0x03A3, 0x03AB, 1, 0x20},  // Σ to Ϋ
    Letters{0x0400, 0x040F, 1, 0x50},  // Ѐ to Џ
    Letters{0x0410, 0x042F, 1, 0x20},  // А to Я
};

std::uint32_t lower(std::uint32_t c) {
  for (const Letters& row : kLetters) {
    if (c >= row.first && c <= row.last && (c - row.first) % row.step == 0) {
      return c + static_cast<std::uint32_t>(row.to_small);
    }
  }
  return c;
}

std::uint32_t upper(std::uint32_t c) {
  if (c == 0x03C2) return 0x03A3;  // ς, the sigma that ends a word
  for (const Letters& row : kLetters) {
    const std::uint32_t capital = c - static_cast<std::uint32_t>(row.to_small);
    if (capital >= row.first && capital <= row.last && (capital - row.first) % row.step == 0) {
      return capital;
    }
  }
  return c;
}

template <typename MapAscii, typename Map>
std::string map_letters(std::string_view text, MapAscii map_ascii, Map map) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto lead = static_cast<unsigned char>(out[i]);
    if (lead < 0x80) {
      out[i] = map_ascii(out[i]);
      continue;
    }
    if (lead < 0xC2 || lead > 0xDF || i + 1 == out.size()) continue;
    const auto trail = static_cast<unsigned char>(out[i + 1]);
    if ((trail & 0xC0U) != 0x80U) continue;
    const std::uint32_t c = map(((lead & 0x1FU) << 6U) | (trail & 0x3FU));
    out[i] = static_cast<char>(0xC0U | (c >> 6U));
    out[++i] = static_cast<char>(0x80U | (c & 0x3FU));
  }
  return out;
}

}  // namespace

std::string to_lower(std::string_view text) {
  const auto ascii = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  };
  return map_letters(text, ascii, lower);
}

std::string to_upper(std::string_view text) {
  const auto ascii = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  };
  return map_letters(text, ascii, upper);
}

}  // namespace sojourn::engine
