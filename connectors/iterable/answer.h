// The part of Iterable's error envelope that we read. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace sojourn::connectors::iterable {

struct Answer {
  std::string code;   // empty: the body is not Iterable's envelope
  std::string words;  // its `msg`, or the body's own text; at most kMaxWords bytes, valid UTF-8
};
inline constexpr std::size_t kMaxWords = 300;

// Whatever the body holds; other shapes than the envelope (HTML, text) give only words.
Answer parse_answer(std::string_view body);

}  // namespace sojourn::connectors::iterable
