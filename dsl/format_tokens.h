// What the formatter knows of a file's tokens: those that mean something, in a row
// and counted from 0, how they stand on one line, and what stood between them. Built
// from a file without faults; views, which the parsed file must outlive.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dsl/cst.h"

namespace sojourn::dsl {

// A comment between two tokens.
struct GapComment {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;  // without white space at its end
  bool own_line = false;     // else it stands behind the token before it
  bool after_blank = false;  // an empty line stands above it
};

// What stands before a token, or behind the last one.
struct Gap {
  std::vector<GapComment> comments;
  bool line_break = false;
  bool blank = false;  // an empty line directly before the token
  bool has_blank() const;
};

class FormatTokens {
 public:
  FormatTokens(std::string_view text, const std::vector<Token>& tokens, const Cst& cst);

  std::uint32_t count() const { return static_cast<std::uint32_t>(significant_.size()); }
  const Token& token(std::uint32_t position) const { return tokens_[significant_[position]]; }
  TokenKind kind(std::uint32_t position) const { return token(position).kind; }
  // The positions of a node's tokens are [first, last).
  std::uint32_t first(const CstNode& node) const { return positions_[node.first]; }
  std::uint32_t last(const CstNode& node) const {
    return node.last > node.first ? positions_[node.last - 1] + 1 : first(node);
  }

  // Between this token and the one before it, on one line, stands a space.
  bool spaced(std::uint32_t position) const { return spaced_[position]; }
  // Columns of tokens [first, last) on one line.
  std::uint32_t width(std::uint32_t first, std::uint32_t last) const;
  // Between tokens of [first, last) stands a comment, or a line ends behind a `{`.
  bool opened_up(std::uint32_t first, std::uint32_t last) const;

  bool has_comment(std::uint32_t position) const;
  Gap gap(std::uint32_t position) const;

 private:
  void find_significant();
  void mark_glued(const Cst& cst);
  void mark_operators(const Cst& cst, std::uint32_t expression);
  void measure();
  bool needs_space(std::uint32_t position) const;
  // Of the file's tokens: those before a position that mean nothing.
  std::uint32_t trivia_begin(std::uint32_t position) const {
    return position == 0 ? 0 : significant_[position - 1] + 1;
  }
  std::uint32_t trivia_end(std::uint32_t position) const {
    return position < count() ? significant_[position] : static_cast<std::uint32_t>(tokens_.size());
  }

  std::string_view text_;
  const std::vector<Token>& tokens_;
  std::vector<std::uint32_t> significant_;  // indices of tokens
  std::vector<std::uint32_t> positions_;    // per token: how many significant ones precede it
  std::vector<bool> glued_;                 // whatever the kinds say: no space before it
  std::vector<bool> grouping_;              // a `(` around an expression, not of a call
  std::vector<bool> spaced_;
  std::vector<std::uint32_t> ends_;    // columns up to the end of a token, all on one line
  std::vector<std::uint32_t> opened_;  // how many gaps up to here open up their line
};

}  // namespace sojourn::dsl
