// The places that a journey's expressions read values from, numbered: a profile field, a
// field of the entry or of the event at hand, a local, and fields inside those; also
// whether the person is on a list, or subscribed to a message type. Two
// expressions that read the same place have the same number. Made once per graph.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace sojourn::proof {

using PathIndex = std::uint32_t;
inline constexpr PathIndex kNoPath = UINT32_MAX;

struct Path {
  enum class Root : std::uint8_t { kUser, kEntry, kEvent, kLocal, kOnList, kSubscribed };
  Root root = Root::kUser;
  PathIndex inside = kNoPath;  // of a field in an object: the object; its root is the same
  std::string_view field;      // of kLocal itself: empty; of the last two: list, message type
  std::uint32_t slot = 0;      // of a kLocal, also of what is inside it

  // Not the enrollment's: it may be another whenever time passes.
  bool is_of_person() const {
    return root == Root::kUser || root == Root::kOnList || root == Root::kSubscribed;
  }
};

class ValuePaths {
 public:
  // Nothing is known of what is read beyond the first so many.
  static constexpr std::size_t kMostPaths = 256;

  // Keeps views into the graph.
  explicit ValuePaths(const graph::Graph& graph);

  std::size_t size() const { return paths_.size(); }
  const Path& operator[](PathIndex path) const { return paths_[path]; }
  // kNoPath: the expression is no place that is numbered.
  PathIndex of(graph::ExprId id) const { return by_expression_[id]; }
  // The field `field` of a root, or of the object `inside`; kNoPath when nothing reads it.
  PathIndex find(Path::Root root, std::string_view field) const;
  PathIndex find_local(std::uint32_t slot, std::string_view field) const;
  // Is the place `path`, or does it lie inside it?
  bool is_within(PathIndex place, PathIndex path) const;

 private:
  PathIndex add(const Path& path);

  std::vector<Path> paths_;
  std::vector<PathIndex> by_expression_;
};

}  // namespace sojourn::proof
