// Questions about an enrollment's own messages (`opened welcome`, without a window): which
// of its sends they can be about, and how long ago those have left. Keeps references to its
// arguments, and works the ways through the journey out once, when they are first asked
// for; one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "proof/target.h"
#include "proof/timed_graph.h"

namespace sojourn::graph {
struct Catalog;
struct Graph;
}  // namespace sojourn::graph

namespace sojourn::proof {

class OwnMessages {
 public:
  // Steps and places that are looked at for all questions together; of what is asked then,
  // nothing is known.
  static constexpr std::size_t kMostLooks = 20'000'000;

  OwnMessages(const graph::Graph& graph, const graph::Catalog& catalog);

  // The questions of a condition that are about messages of this enrollment, without those
  // inside them.
  std::vector<graph::ExprId> questions_of(graph::ExprId condition) const;
  // By step: the sends whose message an event of engagement can be about for which `where`
  // holds (kNoExpr: every one). Never too few.
  std::vector<bool> meant_by(graph::ExprId where) const;

  // Can somebody come to `step` whom one of these sends has sent its message?
  bool may_be_sent_before(const std::vector<bool>& sends, graph::StepIndex step) const;
  // When somebody comes to `step`: the time since the first message of these sends, at most,
  // messages taken to leave as soon as they can. Nothing when none was sent before; kForever
  // when there is no bound, or the journey is too large to say.
  std::optional<base::Millis> longest_since(const std::vector<bool>& sends,
                                            graph::StepIndex step) const;

 private:
  void keep(const Target& target, std::vector<bool>& sends) const;
  void keep_field(std::string_view field, const std::string& value, std::vector<bool>& sends) const;
  void keep_types(const graph::Expression& types, std::vector<bool>& sends) const;
  void keep_message(graph::ExprId asked, std::vector<bool>& sends) const;
  void narrow(graph::ExprId condition, std::vector<bool>& sends) const;

  // False when that is too much.
  bool may_look_at(std::size_t count) const;

  const graph::Graph& graph_;
  Messages messages_;
  mutable std::size_t looks_ = 0;
  mutable std::optional<std::optional<TimedGraph>> timed_;
};

}  // namespace sojourn::proof
