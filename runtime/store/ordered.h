// The items of a vector in key order, without copying them: neighbours in key
// order are neighbours on disk, so a commit visits each page once.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

namespace sojourn::store {

template <typename T, typename Key>
std::vector<const T*> ordered(const std::vector<T>& items, Key key) {
  std::vector<const T*> out;
  out.reserve(items.size());
  for (const T& item : items) out.push_back(&item);
  std::sort(out.begin(), out.end(),
            [&key](const T* a, const T* b) { return std::invoke(key, *a) < std::invoke(key, *b); });
  return out;
}

}  // namespace sojourn::store
