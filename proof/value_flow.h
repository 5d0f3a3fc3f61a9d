// What is known of a journey's values at each of its steps, and so which of its conditions
// are decided before anybody enters it: by the conditions around them, by the exit rules,
// by what the journey itself writes.
//
// Certain, whatever a person does: locals stay, and `entry` unless a further event may take
// its place; the profile may change at every
// step that takes time, and wherever a person is, no `exit when` holds. What depends on the
// history is taken as open. Keeps references to its arguments; any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "proof/assumption.h"

namespace sojourn::proof {

// One condition at one place.
struct Verdict {
  bool can_hold = true;
  bool can_fail = true;
  // It is made of constants: a switch, set on purpose.
  bool is_switch = false;
  KnownValues before;  // what was known when it was looked at
};

class ValueFlow {
 public:
  // A step that is come to more often than this is one of which nothing is known.
  static constexpr int kMostVisits = 8;

  ValueFlow(const graph::Graph& graph, const graph::Catalog& catalog);
  ValueFlow(const ValueFlow&) = delete;
  ValueFlow& operator=(const ValueFlow&) = delete;

  // False: nobody ever gets there.
  bool reaches(graph::StepIndex step) const { return at_[step].has_value(); }
  // Some condition of the step, a branch, a `wait for` or a repeat, can only go one way.
  bool decides(graph::StepIndex step) const { return decides_[step]; }
  // The arms of a branch, each as the ones before it have failed, or of a `wait for` (that
  // of an event is its `where`), or the `until` of a repeat; none for other steps and those
  // that nobody reaches.
  std::vector<Verdict> arms(graph::StepIndex step) const;
  // By graph.entries.
  const std::vector<Verdict>& entries() const { return entries_; }
  // By graph.exits, as those before it have failed; an `exit when` as at entry.
  const std::vector<Verdict>& exits() const { return exits_; }
  // The exit rule that this step, which changes the person or tracks an event, makes hold
  // for everybody who comes to it.
  std::optional<std::size_t> exit_by(graph::StepIndex step) const;
  // Every such event for which `where` holds (kNoExpr: every one), whenever it comes, is
  // one that exit rule number `exit` fires on.
  bool is_taken_by(std::string_view event, graph::ExprId where, std::size_t exit) const;

  const ValuePaths& paths() const { return paths_; }
  const Assumptions& assumptions() const { return assumptions_; }

 private:
  friend struct FlowOfStep;

  bool takes_new_entry() const;
  void find_what_changes();
  void judge_entries();
  void judge_exits();
  void flow();
  void arrive(graph::StepIndex step, KnownValues known);
  Verdict judge(KnownValues known, graph::ExprId condition) const;

  bool is_switch(graph::ExprId condition) const;
  // Nobody is ever inside for whom it holds.
  bool fires_at_once(const graph::ExitWhen& rule) const;
  // To the same user: not an event for many users.
  bool comes_back(const graph::Track& step) const;
  // The entry's fields as an event of this kind gives them.
  KnownValues entry_of(const KnownValues& known, std::string_view event) const;
  // `event` is an event of this kind.
  KnownValues with_event(KnownValues known, std::string_view event) const;
  // `event` is the one that the step gives.
  KnownValues with_tracked(const KnownValues& known, const graph::Track& step) const;
  // The step changes the person (graph::changes_person).
  void write(KnownValues& known, const graph::Step& step) const;
  void write_fields(KnownValues& known, const graph::UpdateUser& step) const;
  void write_membership(KnownValues& known, PathIndex path, bool belongs) const;
  // Does it read nothing that changes while somebody is in the journey?
  bool is_fixed(graph::ExprId condition) const;
  // Nobody is here for whom an `exit when` holds. False: then nobody is.
  bool assume_no_exit(KnownValues& known) const;
  // Time passes.
  void rest(KnownValues& known) const;

  const graph::Graph& graph_;
  const graph::Catalog& catalog_;
  ValuePaths paths_;
  Assumptions assumptions_;
  std::vector<bool> changes_;  // by path: may be another value after some time
  std::vector<Verdict> entries_;
  std::vector<Verdict> exits_;
  std::optional<KnownValues> entered_;  // before the exit rules
  KnownValues rested_;                  // of what changes, after them
  std::vector<std::optional<KnownValues>> at_;
  std::vector<int> visits_;
  std::vector<bool> open_;
  std::vector<bool> decides_;
};

}  // namespace sojourn::proof
