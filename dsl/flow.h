// What is known on the way to a place among the steps. A value; `Ways` gathers the
// ways that lead to one place.
#pragma once

#include <map>
#include <string>

#include "dsl/expression_context.h"

namespace sojourn::dsl {

struct Flow {
  bool reachable = true;
  Facts facts;
  // Campaigns that may have been sent on a way to here, and by which step.
  std::map<std::string, Span, std::less<>> sent;
  // Time has passed on every way to here, since the round of a repeat began.
  bool waited = false;
};

class Ways {
 public:
  void add(const Flow& flow);
  // Not reachable when no way was added that is.
  Flow joined() const { return joined_; }

 private:
  Flow joined_{.reachable = false, .facts = {}, .sent = {}, .waited = false};
};

}  // namespace sojourn::dsl
