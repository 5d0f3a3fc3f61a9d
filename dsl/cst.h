// The concrete syntax tree: which tokens belong to which construct. Together with
// the token list it is lossless, so a formatter can work from it. Nodes stand in one
// vector in preorder; what could not be read keeps its good part, marked incomplete,
// and the tokens skipped after it are a node of kind kSkipped. Values, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/token.h"

namespace sojourn::dsl {

enum class CstKind : std::uint8_t {
#define SOJOURN_CST(enumerator) enumerator,
#include "dsl/cst_kinds.def"
#undef SOJOURN_CST
};

struct CstNode {
  CstKind kind = CstKind::kSkipped;
  bool incomplete = false;
  // Tokens [first, last), of the list that includes trivia. Never starts or ends
  // with trivia; empty (first == last) when an optional construct is absent.
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  // One past the last node of the subtree: descendants are (self, end).
  std::uint32_t end = 0;
};

// Empty, or the root (kFile) first.
using Cst = std::vector<CstNode>;

std::string_view cst_kind_name(CstKind kind);

// One line per node: indentation, kind, its text when it has no children; for tests
// and for looking at a tree.
std::string dump_cst(const Cst& cst, const std::vector<Token>& tokens, std::string_view text);

}  // namespace sojourn::dsl
