#include "dsl/format_tokens.h"

#include <algorithm>

#include "dsl/layout.h"

namespace sojourn::dsl {
namespace {

using K = TokenKind;

bool clings_to_previous(K kind) {
  switch (kind) {
    case K::kOpenParen:
    case K::kCloseParen:
    case K::kCloseBracket:
    case K::kComma:
    case K::kColon:
    case K::kDot:
    case K::kDotDot:
    case K::kQuestion:
    case K::kStringMiddle:
    case K::kStringClose:
      return true;
    default:
      return false;
  }
}

bool clings_to_next(K kind) {
  switch (kind) {
    case K::kOpenParen:
    case K::kOpenBracket:
    case K::kDot:
    case K::kDotDot:
    case K::kStringOpen:
    case K::kStringMiddle:
      return true;
    default:
      return false;
  }
}

std::uint32_t line_ends_in(std::string_view space) {
  return static_cast<std::uint32_t>(std::ranges::count(space, '\n'));
}

std::uint32_t trimmed_length(std::string_view comment) {
  const std::size_t last = comment.find_last_not_of(" \t\r");
  return static_cast<std::uint32_t>(last == comment.npos ? 0 : last + 1);
}

}  // namespace

bool Gap::has_blank() const {
  return blank || std::ranges::any_of(comments, &GapComment::after_blank);
}

FormatTokens::FormatTokens(std::string_view text, const std::vector<Token>& tokens, const Cst& cst)
    : text_(text), tokens_(tokens) {
  find_significant();
  mark_glued(cst);
  measure();
}

void FormatTokens::find_significant() {
  positions_.reserve(tokens_.size() + 1);
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    positions_.push_back(count());
    if (!is_trivia(tokens_[i].kind)) significant_.push_back(i);
  }
  positions_.push_back(count());
}

// What the kinds of two neighbours do not tell: the tree does.
void FormatTokens::mark_glued(const Cst& cst) {
  glued_.resize(count());
  grouping_.resize(count());
  for (std::uint32_t i = 0; i < cst.size(); ++i) {
    const CstNode& node = cst[i];
    switch (node.kind) {
      case CstKind::kName:  // `unreachable-branch`
        for (std::uint32_t at = first(node) + 1; at < last(node); ++at) glued_[at] = true;
        break;
      case CstKind::kParenthesis:
        grouping_[first(node)] = true;
        break;
      case CstKind::kExpression:
        mark_operators(cst, i);
        break;
      default:
        break;
    }
  }
}

// The minus of a negative value clings to it.
void FormatTokens::mark_operators(const Cst& cst, std::uint32_t expression) {
  bool behind_operand = false;
  for (std::uint32_t i = expression + 1; i < cst[expression].end; i = cst[i].end) {
    const std::uint32_t at = first(cst[i]);
    if (cst[i].kind != CstKind::kOperator) {
      behind_operand = true;
    } else if (!behind_operand && kind(at) == K::kMinus && at + 1 < count()) {
      glued_[at + 1] = true;
    } else if (kind(at) != K::kwIs) {
      behind_operand = false;
    }
  }
}

bool FormatTokens::needs_space(std::uint32_t position) const {
  if (position == 0 || glued_[position]) return false;
  const K before = kind(position - 1);
  const K here = kind(position);
  if (clings_to_next(before)) return false;
  if (here == K::kOpenParen && grouping_[position]) return true;
  if (before == K::kOpenBrace && here == K::kCloseBrace) return false;
  return !clings_to_previous(here);
}

void FormatTokens::measure() {
  spaced_.resize(count());
  ends_.resize(count());
  opened_.resize(count());
  std::uint32_t columns = 0;
  std::uint32_t opened = 0;
  for (std::uint32_t at = 0; at < count(); ++at) {
    spaced_[at] = needs_space(at);
    columns += (spaced_[at] ? 1U : 0U) + display_columns(token(at).text(text_));
    ends_[at] = columns;
    const bool opens =
        at > 0 && kind(at - 1) == K::kOpenBrace && kind(at) != K::kCloseBrace && gap(at).line_break;
    if (opens || has_comment(at)) ++opened;
    opened_[at] = opened;
  }
}

std::uint32_t FormatTokens::width(std::uint32_t first, std::uint32_t last) const {
  if (first >= last) return 0;
  const std::uint32_t begin = first == 0 ? 0 : ends_[first - 1] + (spaced_[first] ? 1U : 0U);
  return ends_[last - 1] - begin;
}

bool FormatTokens::opened_up(std::uint32_t first, std::uint32_t last) const {
  return first < last && opened_[last - 1] > opened_[first];
}

bool FormatTokens::has_comment(std::uint32_t position) const {
  for (std::uint32_t i = trivia_begin(position); i < trivia_end(position); ++i) {
    if (tokens_[i].kind == K::kComment) return true;
  }
  return false;
}

Gap FormatTokens::gap(std::uint32_t position) const {
  Gap result;
  std::uint32_t line_ends = position == 0 ? 1 : 0;
  for (std::uint32_t i = trivia_begin(position); i < trivia_end(position); ++i) {
    const Token& token = tokens_[i];
    if (token.kind == K::kSpace) line_ends += line_ends_in(token.text(text_));
    if (line_ends > 0) result.line_break = true;
    if (token.kind != K::kComment) continue;
    result.comments.push_back(
        {token.offset, trimmed_length(token.text(text_)), line_ends > 0, line_ends > 1});
    line_ends = 0;
  }
  result.blank = line_ends > 1;
  return result;
}

}  // namespace sojourn::dsl
