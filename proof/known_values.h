// What is known, at some moment, of the values that a journey reads. What is not in it is
// as its declaration says. A value; copies share what they know.
#pragma once

#include <memory>
#include <vector>

#include "graph/expression.h"
#include "proof/value_paths.h"
#include "proof/value_set.h"

namespace sojourn::proof {

struct Known {
  PathIndex path = kNoPath;
  std::shared_ptr<const ValueSet> values;
  // The condition that tells; kNoExpr when it is not one alone.
  graph::ExprId because = graph::kNoExpr;
};

class KnownValues {
 public:
  const std::vector<Known>& all() const { return known_; }  // by path
  // nullptr: nothing.
  const Known* find(PathIndex path) const;
  void set(PathIndex path, ValueSet values, graph::ExprId because = graph::kNoExpr);
  // What `other` knows, of places that nothing is known of here.
  void add(const KnownValues& other);
  void forget(PathIndex path);
  template <typename Predicate>
  void forget_if(Predicate predicate) {
    std::erase_if(known_, [&](const Known& known) { return predicate(known.path); });
  }
  // What has changed since `before` is because of `condition`.
  void explain_changes(const KnownValues& before, graph::ExprId condition);

  // What is known where two ways meet.
  friend KnownValues joined(const KnownValues& a, const KnownValues& b);
  // Do they say the same, whatever the reasons?
  friend bool same_values(const KnownValues& a, const KnownValues& b);

 private:
  std::vector<Known> known_;
};

}  // namespace sojourn::proof
