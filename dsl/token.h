// Tokens of a journey file. White space, comments and junk are tokens too, so the
// texts of a file's tokens, joined, are the file. Values, any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dsl/source.h"

namespace sojourn::dsl {

enum class TokenKind : std::uint8_t {
  // Not seen by the grammar.
  kBom,
  kSpace,
  kComment,
  kJunk,  // reported by the lexer

  kString,              // "…" without interpolation
  kStringOpen,          // "…${
  kStringMiddle,        // }…${
  kStringClose,         // }…"
  kUnterminatedString,  // from the quote to the end of the line; reported by the lexer
  kInteger,             // 1_000
  kNumber,              // 2.5
  kBadNumber,           // 1.5h; reported by the lexer
  kPercent,             // 12.5%
  kDuration,            // 1d12h
  kTimeOfDay,           // 09:00
  kDate,                // 2026-03-01
  kTimestamp,           // 2026-03-01T09:00Z; its parts are checked later

  kOpenBrace,
  kCloseBrace,
  kOpenParen,
  kCloseParen,
  kOpenBracket,
  kCloseBracket,
  kComma,
  kColon,
  kDot,
  kDotDot,
  kArrow,
  kAssign,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPipe,
  kQuestion,

  // Only in the grammar's input: stands for a `}` that is missing and was reported.
  kMissingClose,

  // From here on everything may be a name.
  kIdentifier,
#define SOJOURN_KEYWORD(enumerator, text) enumerator,
#include "dsl/keywords.def"
#undef SOJOURN_KEYWORD
};

struct Token {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  TokenKind kind = TokenKind::kJunk;

  std::uint32_t end() const { return offset + length; }
  std::string_view text(std::string_view file) const { return file.substr(offset, length); }
};

constexpr bool is_trivia(TokenKind kind) {
  return kind <= TokenKind::kJunk;
}
constexpr bool may_be_name(TokenKind kind) {
  return kind >= TokenKind::kIdentifier;
}
constexpr bool is_keyword(TokenKind kind) {
  return kind > TokenKind::kIdentifier;
}

// kIdentifier when the word is not a keyword.
TokenKind keyword_kind(std::string_view word);
// The text of a keyword; of any other kind, empty.
std::string_view keyword_text(TokenKind kind);

}  // namespace sojourn::dsl
