// Expressions: a chain of operators that is too long ends its line before each operator
// that binds loosest, brackets open before what stands in them is taken apart.
#include <algorithm>
#include <vector>

#include "dsl/format_writer.h"

namespace sojourn::dsl {
namespace {

using K = TokenKind;

constexpr int kNoOperator = 6;

// Loosest first, as the language reads them; `is set` belongs to its operand.
int looseness(K word) {
  switch (word) {
    case K::kwOr:
      return 0;
    case K::kwAnd:
      return 1;
    case K::kPlus:
    case K::kMinus:
      return 3;
    case K::kStar:
    case K::kSlash:
      return 4;
    case K::kwDefault:
      return 5;
    case K::kwNot:
    case K::kwIs:
      return kNoOperator;
    default:
      return 2;
  }
}

bool is_open(K kind) {
  return kind == K::kOpenParen || kind == K::kOpenBracket || kind == K::kOpenBrace;
}
bool is_close(K kind) {
  return kind == K::kCloseParen || kind == K::kCloseBracket || kind == K::kCloseBrace;
}

}  // namespace

void FormatWriter::expression(std::uint32_t node) {
  std::vector<std::uint32_t> parts;
  for (std::uint32_t child = node + 1; child < tree_.next(node); child = tree_.next(child)) {
    parts.push_back(child);
  }
  if (parts.size() < 3 || on_one_line_ > 0) return walk(node);
  settle(node);
  layout_.begin_group(Layout::Group::kExpression);
  layout_.indent_here(continuation_);
  operators(parts);
  layout_.outdent();
  layout_.end_group();
}

void FormatWriter::operators(std::span<const std::uint32_t> parts) {
  // Of each part that is an operator between two operands; a sign is none.
  std::vector<int> levels(parts.size(), kNoOperator);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const bool follows_operand = tree_.kind(parts[i - 1]) != CstKind::kOperator ||
                                 tokens_.kind(tree_.first(parts[i - 1])) == K::kwIs;
    if (tree_.kind(parts[i]) == CstKind::kOperator && follows_operand) {
      levels[i] = looseness(tokens_.kind(tree_.first(parts[i])));
    }
  }
  const int loosest = *std::ranges::min_element(levels);
  if (loosest == kNoOperator) {
    for (const std::uint32_t part : parts) element(part);
    return;
  }
  const auto operand = [&](std::size_t begin, std::size_t end) {
    if (end == begin + 1) return element(parts[begin]);
    settle(parts[begin]);
    layout_.begin_group(Layout::Group::kExpression);
    layout_.indent_by(kIndent);
    operators(parts.subspan(begin, end - begin));
    layout_.outdent();
    layout_.end_group();
  };
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= parts.size(); ++i) {
    if (i < parts.size() && levels[i] != loosest) continue;
    operand(begin, i);
    if (i == parts.size()) break;
    separator_ = Separator::kLine;
    element(parts[i]);
    begin = i + 1;
  }
}

// `if C then x else y`
void FormatWriter::conditional(std::uint32_t node) {
  if (on_one_line_ > 0) return walk(node);
  settle(node);
  layout_.begin_group(Layout::Group::kExpression);
  layout_.indent_here(continuation_);
  const auto word = [&](std::uint32_t at) {
    if (tokens_.kind(at) != K::kwIf) separator_ = Separator::kLine;
    token(at);
  };
  for_each_part(node, word, [&](std::uint32_t child) { element(child); });
  layout_.outdent();
  layout_.end_group();
}

// A group from behind the opening bracket to the closing one.
void FormatWriter::brackets(std::uint32_t node) {
  if (on_one_line_ > 0) return walk(node);
  const bool fills = tree_.kind(node) == CstKind::kListLiteral;
  bool open = false;
  const auto begin = [&](std::uint32_t at) {
    token(at);
    open = true;
    layout_.begin_group(Layout::Group::kExpression);
    layout_.indent_here(0);
    layout_.indent_here(kIndent);
    separator_ = Separator::kLine;
  };
  const auto next_token = [&](std::uint32_t at) {
    const bool empty = at + 1 < tree_.last(node) && is_close(tokens_.kind(at + 1));
    if (!open && is_open(tokens_.kind(at)) && !empty) return begin(at);
    const bool closes = open && at + 1 == tree_.last(node);
    if (closes) {
      layout_.outdent();
      separator_ = Separator::kLine;
    }
    token(at);
    if (closes) {
      layout_.outdent();
      layout_.end_group();
    } else if (tokens_.kind(at) == K::kComma) {
      separator_ = fills ? Separator::kFill : Separator::kLine;
    }
  };
  for_each_part(node, next_token, [&](std::uint32_t child) { element(child); });
}

// A string ends on its line, whatever stands in its `${…}`.
void FormatWriter::string(std::uint32_t node) {
  settle(node);
  ++on_one_line_;
  walk(node);
  --on_one_line_;
}

}  // namespace sojourn::dsl
