#include "proof/enrollments.h"

#include <algorithm>

#include "proof/delay.h"

namespace sojourn::proof {
namespace {

using graph::Reentry;

// Nothing leaves between an enrollment's end and the next entry, so a stretch no longer
// than that meets messages of one of them only: what leaves exactly at its end is outside.
Count within(base::Millis stretch, const Reentry& rule, Count in_all) {
  const bool apart =
      rule.kind == Reentry::Kind::kAfter && delay_of(rule.after, std::nullopt).least >= stretch;
  return apart ? Count(1) : in_all;
}

}  // namespace

Enrollments enrollments_of(const graph::Graph& graph) {
  Enrollments out;
  if (graph.while_enrolled.kind == graph::WhileEnrolled::Kind::kRestart) {
    out.in_a_row += graph.while_enrolled.times;
  }
  const auto is_constant = [&](graph::ExprId id) {
    return graph.expressions[id].op == graph::Op::kConstant;
  };
  if (!std::ranges::all_of(graph.one_per, is_constant)) return out;
  const Reentry& rule = graph.reentry;
  if (rule.kind == Reentry::Kind::kNever) {
    out.in_all = 1;
  } else if (rule.times) {
    out.in_all = std::size_t{*rule.times} + 1;
  }
  out.per_day = within(base::days24(1), rule, out.in_all);
  out.per_week = within(base::days24(7), rule, out.in_all);
  return out;
}

Count times(Count sends, Count enrollments) {
  if (sends == Count(0)) return 0;
  if (!sends || !enrollments) return std::nullopt;
  return *sends * *enrollments;
}

}  // namespace sojourn::proof
