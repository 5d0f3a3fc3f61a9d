// Text to tokens. Total: every text has tokens, and joined they are the text.
#pragma once

#include <string_view>
#include <vector>

#include "dsl/faults.h"
#include "dsl/token.h"

namespace sojourn::dsl {

// Reports what no grammar could accept: bytes that are not UTF-8, characters
// without a meaning, strings without an end, numbers that are none.
std::vector<Token> lex(std::string_view text, FileIndex file, Faults& faults);

// Strings may nest in `${…}` of strings this deep; the language has no use for more.
inline constexpr std::size_t kMaxStringNesting = 16;

}  // namespace sojourn::dsl
