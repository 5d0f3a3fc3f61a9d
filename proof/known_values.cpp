#include "proof/known_values.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sojourn::proof {
namespace {

bool same(const Known& a, const Known& b) {
  return a.path == b.path && (a.values == b.values || *a.values == *b.values);
}

}  // namespace

const Known* KnownValues::find(PathIndex path) const {
  const auto at = std::ranges::lower_bound(known_, path, {}, &Known::path);
  return at != known_.end() && at->path == path ? &*at : nullptr;
}

void KnownValues::set(PathIndex path, ValueSet values, graph::ExprId because) {
  auto at = std::ranges::lower_bound(known_, path, {}, &Known::path);
  if (at == known_.end() || at->path != path) at = known_.insert(at, Known{});
  *at = {path, std::make_shared<const ValueSet>(std::move(values)), because};
}

void KnownValues::add(const KnownValues& other) {
  const auto size = static_cast<std::ptrdiff_t>(known_.size());
  known_.insert(known_.end(), other.known_.begin(), other.known_.end());
  std::ranges::inplace_merge(known_, known_.begin() + size, {}, &Known::path);
}

void KnownValues::forget(PathIndex path) {
  forget_if([&](PathIndex known) { return known == path; });
}

void KnownValues::explain_changes(const KnownValues& before, graph::ExprId condition) {
  for (Known& known : known_) {
    const Known* earlier = before.find(known.path);
    if (earlier == nullptr || !same(*earlier, known)) {
      known.because = condition;
    } else {
      known.because = earlier->because;
    }
  }
}

KnownValues joined(const KnownValues& a, const KnownValues& b) {
  KnownValues out;
  auto other = b.known_.begin();
  for (const Known& known : a.known_) {
    while (other != b.known_.end() && other->path < known.path) ++other;
    if (other == b.known_.end()) break;
    if (other->path != known.path) continue;
    Known both = known;
    if (!same(known, *other)) {
      both.values = std::make_shared<const ValueSet>(united(*known.values, *other->values));
    }
    if (known.because != other->because) both.because = graph::kNoExpr;
    out.known_.push_back(std::move(both));
  }
  return out;
}

bool same_values(const KnownValues& a, const KnownValues& b) {
  return std::ranges::equal(a.known_, b.known_, same);
}

}  // namespace sojourn::proof
