// From the tree of a file to its layout: walks the tree once and says, for every token,
// what stands before it. Lists are in format_writer.cpp, expressions in
// format_expression.cpp. Lives as long as one file is formatted.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dsl/format_columns.h"
#include "dsl/format_tokens.h"
#include "dsl/format_tree.h"
#include "dsl/layout.h"

namespace sojourn::dsl {

class FormatWriter {
 public:
  FormatWriter(const FormatTree& tree, const FormatTokens& tokens, Layout& layout)
      : tree_(tree), tokens_(tokens), columns_(tree, tokens), layout_(layout) {}

  void file();

 private:
  // What may stand before a token.
  enum class Separator : std::uint8_t {
    kPlain,  // a space, or nothing
    kFill,   // a place where a full line may end
    kLine,   // a place where a line of the innermost group may end
    kDone,   // has been written
  };
  // Of a list in braces.
  enum class Lines : std::uint8_t {
    kAlways,      // each item has lines of its own
    kWhenBroken,  // if the group at hand does not stand on one line
  };

  // --- Tokens (format_writer.cpp) ---
  void token(std::uint32_t position);
  void separate(std::uint32_t position);
  void comments_within(std::uint32_t position);
  // Writes what stands before a node, so that a group may begin there.
  void settle(std::uint32_t node) { separate(tree_.first(node)); }

  // --- Nodes ---
  void element(std::uint32_t node);
  void walk(std::uint32_t node);
  // Calls token(position) and child(node) for the parts of a node, in order.
  template <typename Token, typename Child>
  void for_each_part(std::uint32_t node, Token token, Child child);

  // --- Lists ---
  void item(std::uint32_t node);
  void block(const BraceList& list, CstKind owner);
  void brace_list(const BraceList& list, CstKind owner);
  void list_on_one_line(const BraceList& list);
  void entries(const BraceList& list);
  void items(const BraceList& list);
  void lead(std::uint32_t position, Lines lines, bool opening, bool wants_blank);
  void comment_lines(std::uint32_t position);
  bool wants_blank(std::uint32_t above, std::uint32_t node, std::uint32_t end) const;

  // --- Expressions (format_expression.cpp) ---
  void expression(std::uint32_t node);
  void operators(std::span<const std::uint32_t> parts);
  void conditional(std::uint32_t node);
  void brackets(std::uint32_t node);
  void string(std::uint32_t node);

  const FormatTree& tree_;
  const FormatTokens& tokens_;
  FormatColumns columns_;
  Layout& layout_;
  Separator separator_ = Separator::kDone;
  std::uint32_t indent_ = 0;        // of the item at hand
  std::uint32_t continuation_ = 0;  // how much deeper its further lines stand
  int on_one_line_ = 0;             // in how many constructs that were put on one line
};

template <typename Token, typename Child>
void FormatWriter::for_each_part(std::uint32_t node, Token token, Child child) {
  std::uint32_t at = tree_.first(node);
  for (std::uint32_t i = node + 1; i < tree_.next(node); i = tree_.next(i)) {
    if (tree_.is_empty(i)) continue;
    while (at < tree_.first(i)) token(at++);
    child(i);
    at = tree_.last(i);
  }
  while (at < tree_.last(node)) token(at++);
}

}  // namespace sojourn::dsl
