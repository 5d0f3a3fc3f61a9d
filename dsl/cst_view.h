// Reading a concrete syntax tree: a node together with the tokens and the text it
// belongs to. Views; the parsed file must outlive them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "dsl/cst.h"
#include "dsl/source.h"

namespace sojourn::dsl {

struct CstView {
  std::string_view text;
  FileIndex file;
  const std::vector<Token>& tokens;
  const Cst& cst;
};

class CstRef {
 public:
  CstRef(const CstView& view, std::uint32_t index) : view_(&view), index_(index) {}

  CstKind kind() const { return node().kind; }
  bool is(CstKind kind) const { return node().kind == kind; }
  bool incomplete() const { return node().incomplete; }
  Span span() const;
  std::string_view text() const;
  const CstNode& node() const { return view_->cst[index_]; }
  // The kind of its first token; kSpace when it has none.
  TokenKind first_kind() const;
  // The kind of its last token; kSpace when it has none.
  TokenKind last_kind() const;

  // Children in order; empty behind the last.
  std::optional<CstRef> first_child() const;
  std::optional<CstRef> next(const CstRef& parent) const;
  // The n-th child (from 0) of a kind.
  std::optional<CstRef> child(CstKind kind, int n = 0) const;

 private:
  const CstView* view_;
  std::uint32_t index_;
};

// for (CstRef child : children_of(node))
class CstChildren {
 public:
  explicit CstChildren(CstRef parent) : parent_(parent) {}

  class Iterator {
   public:
    Iterator(CstRef parent, std::optional<CstRef> at) : parent_(parent), at_(at) {}
    CstRef operator*() const { return *at_; }
    Iterator& operator++() {
      at_ = at_->next(parent_);
      return *this;
    }
    bool operator!=(const Iterator& other) const {
      return at_.has_value() != other.at_.has_value();
    }

   private:
    CstRef parent_;
    std::optional<CstRef> at_;
  };
  Iterator begin() const { return {parent_, parent_.first_child()}; }
  Iterator end() const { return {parent_, std::nullopt}; }

 private:
  CstRef parent_;
};

inline CstChildren children_of(CstRef node) {
  return CstChildren(node);
}
// How many children of a kind.
std::size_t count_children(CstRef node, CstKind kind);

}  // namespace sojourn::dsl
