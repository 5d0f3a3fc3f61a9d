// Text to syntax tree: the first stage of compile(). Pure; knows no paths and
// does no I/O. Every fault that the text alone shows is reported in one run;
// the tree keeps whatever could be read around it.
#pragma once

#include <string_view>
#include <vector>

#include "dsl/ast.h"
#include "dsl/cst.h"
#include "dsl/diagnostic.h"
#include "dsl/source.h"
#include "dsl/token.h"

namespace sojourn::dsl {

struct ParsedFile {
  std::vector<Token> tokens;  // their texts, joined, are the file
  Cst cst;
  ast::File ast;
  std::vector<Diagnostic> diagnostics;  // sorted
};

// A longer file, or one of more words, is refused with one diagnostic and an empty tree.
// A word of four bytes can become a step of five hundred, so the bytes alone bound little.
inline constexpr std::size_t kMaxFileBytes = 4U << 20U;
inline constexpr std::size_t kMaxFileTokens = 200'000;  // white space does not count

ParsedFile parse(std::string_view text, FileIndex file);

}  // namespace sojourn::dsl
