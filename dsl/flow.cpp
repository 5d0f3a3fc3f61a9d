#include "dsl/flow.h"

#include "dsl/narrowing.h"

namespace sojourn::dsl {

void Ways::add(const Flow& flow) {
  if (!flow.reachable) return;
  if (!joined_.reachable) {
    joined_ = flow;
    return;
  }
  joined_.facts = common_facts(joined_.facts, flow.facts);
  joined_.waited = joined_.waited && flow.waited;
  joined_.sent.insert(flow.sent.begin(), flow.sent.end());
}

}  // namespace sojourn::dsl
