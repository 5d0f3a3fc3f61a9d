#include "dsl/cst_view.h"

namespace sojourn::dsl {

Span CstRef::span() const {
  const std::vector<Token>& tokens = view_->tokens;
  const CstNode& n = node();
  const auto size = static_cast<std::uint32_t>(view_->text.size());
  const std::uint32_t begin = n.first < tokens.size() ? tokens[n.first].offset : size;
  return {view_->file, begin, n.last > n.first ? tokens[n.last - 1].end() : begin};
}

std::string_view CstRef::text() const {
  const Span at = span();
  return view_->text.substr(at.begin, at.end - at.begin);
}

TokenKind CstRef::first_kind() const {
  return node().last > node().first ? view_->tokens[node().first].kind : TokenKind::kSpace;
}

TokenKind CstRef::last_kind() const {
  return node().last > node().first ? view_->tokens[node().last - 1].kind : TokenKind::kSpace;
}

std::optional<CstRef> CstRef::first_child() const {
  if (node().end == index_ + 1) return std::nullopt;
  return CstRef(*view_, index_ + 1);
}

std::optional<CstRef> CstRef::next(const CstRef& parent) const {
  if (node().end >= parent.node().end) return std::nullopt;
  return CstRef(*view_, node().end);
}

std::optional<CstRef> CstRef::child(CstKind kind, int n) const {
  for (const CstRef at : children_of(*this)) {
    if (at.is(kind) && n-- == 0) return at;
  }
  return std::nullopt;
}

std::size_t count_children(CstRef node, CstKind kind) {
  std::size_t count = 0;
  for (const CstRef child : children_of(node)) count += child.is(kind) ? 1 : 0;
  return count;
}

}  // namespace sojourn::dsl
