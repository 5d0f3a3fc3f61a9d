// A holdout is kept to compare by; without a goal there is nothing to compare.
#include "dsl/lint_journey.h"

namespace sojourn::dsl {

void lint_holdout(JourneyLint& lint) {
  if (lint.graph.holdout == 0 || !lint.graph.goals.empty()) return;
  lint.report(diagnose(messages::kHoldoutWithoutGoal, lint.holdout_line(), lint.graph.journey)
                  .help("say what the journey is to bring about: `goal NAME on EVENT within 30d`"));
}

}  // namespace sojourn::dsl
