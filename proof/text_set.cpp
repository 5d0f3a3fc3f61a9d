#include "proof/text_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sojourn::proof {
namespace {

using Texts = std::vector<std::string>;

Texts either(const Texts& a, const Texts& b) {
  Texts out;
  std::ranges::set_union(a, b, std::back_inserter(out));
  return out;
}

Texts both(const Texts& a, const Texts& b) {
  Texts out;
  std::ranges::set_intersection(a, b, std::back_inserter(out));
  return out;
}

Texts only_first(const Texts& a, const Texts& b) {
  Texts out;
  std::ranges::set_difference(a, b, std::back_inserter(out));
  return out;
}

}  // namespace

TextSet::TextSet(Texts named) : named_(std::move(named)) {
  std::ranges::sort(named_);
  const auto twice = std::ranges::unique(named_);
  named_.erase(twice.begin(), twice.end());
}

TextSet::TextSet(Texts named, bool all_but) : named_(std::move(named)), all_but_(all_but) {
  if (all_but_ && named_.size() > kMostLeftOut) named_.clear();
}

TextSet TextSet::all() {
  return {{}, true};
}

bool TextSet::has(std::string_view text) const {
  return std::ranges::binary_search(named_, text) != all_but_;
}

TextSet united(const TextSet& a, const TextSet& b) {
  if (a.all_but_ && b.all_but_) return {both(a.named_, b.named_), true};
  if (a.all_but_) return {only_first(a.named_, b.named_), true};
  if (b.all_but_) return {only_first(b.named_, a.named_), true};
  return {either(a.named_, b.named_), false};
}

TextSet common(const TextSet& a, const TextSet& b) {
  if (a.all_but_ && b.all_but_) return {either(a.named_, b.named_), true};
  if (a.all_but_) return {only_first(b.named_, a.named_), false};
  if (b.all_but_) return {only_first(a.named_, b.named_), false};
  return {both(a.named_, b.named_), false};
}

TextSet without(const TextSet& a, const TextSet& b) {
  return common(a, TextSet(b.named_, true));
}

}  // namespace sojourn::proof
