// Tokens to concrete syntax tree. The grammar itself stands in the grammar_*.h
// files, which only syntax.cpp includes. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/cst.h"
#include "dsl/faults.h"
#include "dsl/token.h"

namespace sojourn::dsl {

// Blocks, expressions and types nest this deep; deeper is an error.
inline constexpr int kMaxNesting = 100;

// What the grammar reads: a byte per significant token, its TokenKind. Missing
// closing braces have been supplied, surplus ones left out (see braces.h).
struct GrammarInput {
  std::string kinds;
  std::vector<std::uint32_t> token_indices;  // one per byte
  // One per byte: how far its line is indented if it is the first on it.
  std::vector<std::uint32_t> indents;
  std::uint32_t token_count = 0;

  static constexpr std::uint32_t kNotFirst = UINT32_MAX;

  bool starts_line(std::uint32_t at) const { return indents[at] != kNotFirst; }
  // The end of the file is one past the last token.
  std::uint32_t token_of(std::uint32_t at) const {
    return at < token_indices.size() ? token_indices[at] : token_count;
  }
};

// A place where the grammar could not go on.
struct SyntaxFault {
  enum class Kind : std::uint8_t {
    kExpected,  // what stands there does not fit
    kNoItem,    // no item of a list begins there
    kTooDeep,
  };
  std::uint32_t at = 0;  // position in GrammarInput
  Kind kind = Kind::kExpected;
  std::string_view expected;            // in the author's terms
  std::span<const TokenKind> starters;  // words that could have stood there
};

// The tree of the whole file; what is wrong goes to `faults`.
Cst read_syntax(std::string_view text, FileIndex file, const std::vector<Token>& tokens,
                Faults& faults);

}  // namespace sojourn::dsl
