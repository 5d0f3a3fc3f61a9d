// The tree of a file as the formatter asks about it: where a construct's tokens are,
// whether it may stand on one line, which of its parts are lists in braces. Views,
// which the parsed file must outlive.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dsl/cst.h"
#include "dsl/format_tokens.h"

namespace sojourn::dsl {

inline constexpr std::uint32_t kLineWidth = 100;
inline constexpr std::uint32_t kIndent = 2;

// A list between braces: positions of the braces, and the nodes between them.
struct BraceList {
  std::uint32_t open = 0;
  std::uint32_t close = 0;
  std::uint32_t begin = 0;  // nodes [begin, end), each followed by its CstNode::end
  std::uint32_t end = 0;
};

class FormatTree {
 public:
  FormatTree(const Cst& cst, const FormatTokens& tokens);

  const CstNode& node(std::uint32_t index) const { return cst_[index]; }
  CstKind kind(std::uint32_t index) const { return cst_[index].kind; }
  std::uint32_t first(std::uint32_t index) const { return tokens_.first(cst_[index]); }
  std::uint32_t last(std::uint32_t index) const { return tokens_.last(cst_[index]); }
  std::uint32_t next(std::uint32_t index) const { return cst_[index].end; }
  bool is_empty(std::uint32_t index) const { return cst_[index].first == cst_[index].last; }

  // The first node of [index, end) that is no `allow`; `end` when there is none.
  std::uint32_t skip_allows(std::uint32_t index, std::uint32_t end) const;

  // Steps or lines of a policy, journey or test stand in it.
  bool has_block(std::uint32_t index) const { return facts_[index].has_block; }
  // Holds blocks and stands on one line all the same: the author wrote it so, no block
  // has more than one step, and from column `indent` on there is room.
  bool stands_on_one_line(std::uint32_t index, std::uint32_t indent) const;

  // The list whose `{` stands at `open`, directly in the node, before `child`.
  BraceList list_at(std::uint32_t node, std::uint32_t open, std::uint32_t child) const;
  // The list that a node which begins with `{` is.
  BraceList list_of(std::uint32_t node) const;

 private:
  struct Facts {
    bool has_block = false;
    bool is_compact = true;  // no list in it needs lines of its own
  };
  Facts facts_of(std::uint32_t index) const;
  bool has_lines(std::uint32_t index) const;

  const Cst& cst_;
  const FormatTokens& tokens_;
  std::vector<Facts> facts_;
};

}  // namespace sojourn::dsl
