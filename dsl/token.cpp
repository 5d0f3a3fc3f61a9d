#include "dsl/token.h"

#include <algorithm>
#include <iterator>

namespace sojourn::dsl {
namespace {

constexpr std::string_view kKeywords[] = {
#define SOJOURN_KEYWORD(enumerator, text) text,
#include "dsl/keywords.def"
#undef SOJOURN_KEYWORD
};
static_assert(std::is_sorted(std::begin(kKeywords), std::end(kKeywords)),
              "keywords.def is sorted by text");

constexpr std::size_t kFirst = static_cast<std::size_t>(TokenKind::kIdentifier) + 1;
static_assert(kFirst + std::size(kKeywords) <= 256, "a kind fits in one byte");

}  // namespace

TokenKind keyword_kind(std::string_view word) {
  const auto* at = std::lower_bound(std::begin(kKeywords), std::end(kKeywords), word);
  if (at == std::end(kKeywords) || *at != word) return TokenKind::kIdentifier;
  return static_cast<TokenKind>(kFirst + static_cast<std::size_t>(at - std::begin(kKeywords)));
}

std::string_view keyword_text(TokenKind kind) {
  return is_keyword(kind) ? kKeywords[static_cast<std::size_t>(kind) - kFirst] : std::string_view();
}

}  // namespace sojourn::dsl
