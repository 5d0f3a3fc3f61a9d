#include "proof/value_paths.h"

namespace sojourn::proof {
namespace {

using graph::Expression;
using graph::Op;

bool same(const Path& a, const Path& b) {
  return a.root == b.root && a.inside == b.inside && a.slot == b.slot && a.field == b.field;
}

}  // namespace

ValuePaths::ValuePaths(const graph::Graph& graph)
    : by_expression_(graph.expressions.size(), kNoPath) {
  for (graph::ExprId id = 0; id < graph.expressions.size(); ++id) {
    const Expression& node = graph.expressions[id];
    switch (node.op) {
      case Op::kUserField:
        by_expression_[id] = add({Path::Root::kUser, kNoPath, node.name, 0});
        break;
      case Op::kEntryField:
        by_expression_[id] = add({Path::Root::kEntry, kNoPath, graph.entry_fields[node.slot], 0});
        break;
      case Op::kEventField:
        by_expression_[id] = add({Path::Root::kEvent, kNoPath, node.name, 0});
        break;
      case Op::kLocal:
        by_expression_[id] = add({Path::Root::kLocal, kNoPath, {}, node.slot});
        break;
      case Op::kInList:
        by_expression_[id] = add({Path::Root::kOnList, kNoPath, node.name, 0});
        break;
      case Op::kSubscribedTo:
        by_expression_[id] = add({Path::Root::kSubscribed, kNoPath, node.name, 0});
        break;
      case Op::kMember: {
        const PathIndex object = by_expression_[node.arguments[0]];
        if (object == kNoPath) break;
        by_expression_[id] = add({paths_[object].root, object, node.name, paths_[object].slot});
        break;
      }
      default:
        break;
    }
  }
}

// There are few, so a walk is quicker than a map.
PathIndex ValuePaths::add(const Path& path) {
  for (PathIndex i = 0; i < paths_.size(); ++i) {
    if (same(paths_[i], path)) return i;
  }
  if (paths_.size() == kMostPaths) return kNoPath;
  paths_.push_back(path);
  return static_cast<PathIndex>(paths_.size() - 1);
}

PathIndex ValuePaths::find(Path::Root root, std::string_view field) const {
  const Path wanted{root, kNoPath, field, 0};
  for (PathIndex i = 0; i < paths_.size(); ++i) {
    if (same(paths_[i], wanted)) return i;
  }
  return kNoPath;
}

PathIndex ValuePaths::find_local(std::uint32_t slot, std::string_view field) const {
  const Path local{Path::Root::kLocal, kNoPath, {}, slot};
  for (PathIndex i = 0; i < paths_.size(); ++i) {
    const Path& path = paths_[i];
    if (field.empty()
            ? same(path, local)
            : path.inside != kNoPath && path.field == field && same(paths_[path.inside], local)) {
      return i;
    }
  }
  return kNoPath;
}

bool ValuePaths::is_within(PathIndex place, PathIndex path) const {
  while (place != kNoPath && place != path) place = paths_[place].inside;
  return place == path;
}

}  // namespace sojourn::proof
