#include "dsl/format_tree.h"

namespace sojourn::dsl {
namespace {

// Each item of its list has a line of its own, however short.
bool lists_lines(CstKind kind) {
  switch (kind) {
    case CstKind::kJourney:
    case CstKind::kTest:
    case CstKind::kPolicy:
    case CstKind::kWaitRace:
    case CstKind::kSchedule:
    case CstKind::kMatch:
    case CstKind::kSplit:
      return true;
    default:
      return false;
  }
}

}  // namespace

FormatTree::FormatTree(const Cst& cst, const FormatTokens& tokens)
    : cst_(cst), tokens_(tokens), facts_(cst.size()) {
  for (auto index = static_cast<std::uint32_t>(cst.size()); index-- > 0;) {
    facts_[index] = facts_of(index);
  }
}

// The last two tokens are not `{}`.
bool FormatTree::has_lines(std::uint32_t index) const {
  const std::uint32_t end = last(index);
  return end < first(index) + 2 || tokens_.kind(end - 2) != TokenKind::kOpenBrace;
}

FormatTree::Facts FormatTree::facts_of(std::uint32_t index) const {
  const bool lines = lists_lines(kind(index));
  const bool block = kind(index) == CstKind::kBlock;
  Facts facts{.has_block = lines || block, .is_compact = !lines || !has_lines(index)};
  int children = 0;
  for (std::uint32_t child = index + 1; child < next(index); child = next(child)) {
    facts.has_block = facts.has_block || facts_[child].has_block;
    facts.is_compact = facts.is_compact && facts_[child].is_compact;
    ++children;
  }
  if (block && children > 1) facts.is_compact = false;
  return facts;
}

std::uint32_t FormatTree::skip_allows(std::uint32_t index, std::uint32_t end) const {
  while (index < end && kind(index) == CstKind::kAllow) index = next(index);
  return index;
}

bool FormatTree::stands_on_one_line(std::uint32_t index, std::uint32_t indent) const {
  return facts_[index].has_block && facts_[index].is_compact &&
         !tokens_.opened_up(first(index), last(index)) &&
         indent + tokens_.width(first(index), last(index)) <= kLineWidth;
}

BraceList FormatTree::list_at(std::uint32_t node, std::uint32_t open, std::uint32_t child) const {
  std::uint32_t at = open + 1;
  std::uint32_t end = child;
  for (; at < last(node); ++at) {
    if (end < next(node) && at == first(end)) {
      at = last(end) - 1;
      end = next(end);
    } else if (tokens_.kind(at) == TokenKind::kCloseBrace) {
      break;
    }
  }
  return {open, at, child, end};
}

BraceList FormatTree::list_of(std::uint32_t node) const {
  return {first(node), last(node) - 1, node + 1, next(node)};
}

}  // namespace sojourn::dsl
