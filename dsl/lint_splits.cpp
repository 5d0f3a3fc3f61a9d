// Splits whose measure or decision cannot tell what the author wants to know.
#include <cmath>
#include <cstdint>
#include <fmt/core.h>
#include <variant>
#include <vector>

#include "dsl/lint_journey.h"
#include "dsl/split_measure.h"
#include "graph/walk.h"

namespace sojourn::dsl {
namespace {

using graph::StepIndex;

constexpr double kCertainty = 10'000;  // in hundredths of a percent

// Where two arms do equally well, N successes all fall on one of them with probability
// 2 / 2^N, or more where the shares differ. A test that goes by successes, and errs as seldom
// as it says, must not take that for a difference so long as it is likelier than the error.
std::int64_t fewest_to_decide(const graph::SplitDecision& decision) {
  const double may_err = 1 - decision.confidence / kCertainty;
  return static_cast<std::int64_t>(std::ceil(std::log2(2 / may_err)));
}

bool is_mail(const graph::Step& step, const graph::Catalog& catalog) {
  const auto* send = std::get_if<graph::Send>(&step.action);
  const auto* campaign = send != nullptr ? catalog.find_campaign(send->campaign) : nullptr;
  return campaign != nullptr && campaign->medium == graph::Medium::kEmail;
}

bool sends_mail_behind(const JourneyLint& lint, StepIndex from) {
  std::vector<bool> seen(lint.graph.steps.size(), false);
  std::vector<StepIndex> open{from};
  while (!open.empty()) {
    const graph::Step& step = lint.graph.steps[open.back()];
    open.pop_back();
    if (is_mail(step, lint.program.world.catalog)) return true;
    for (const graph::Edge& edge : graph::edges_of(step)) {
      if (edge.to == graph::kCompleted || seen[edge.to]) continue;
      seen[edge.to] = true;
      open.push_back(edge.to);
    }
  }
  return false;
}

void look_at(JourneyLint& lint, StepIndex at, const graph::Split& split) {
  if (!split.measure) return;
  if (split.measure->kind == graph::SplitMeasure::Kind::kOpened && sends_mail_behind(lint, at)) {
    lint.report(diagnose(messages::kOpenedMeasure, lint.place_of(at))
                    .help("measure `clicked`, or a goal of the journey"),
                at);
  }
  if (!split.decide || split.decide->after >= fewest_to_decide(*split.decide)) return;
  lint.report(
      diagnose(messages::kTooFewToDecide, lint.place_of(at), split.decide->after,
               percent_text(split.decide->confidence))
          .help("wait for some hundred per arm: the smaller the difference, the more it takes"),
      at);
}

}  // namespace

void lint_splits(JourneyLint& lint, const proof::ValueFlow& flow) {
  for (StepIndex at = 0; at < lint.graph.steps.size(); ++at) {
    const auto* split = std::get_if<graph::Split>(&lint.graph.steps[at].action);
    if (split != nullptr && flow.reaches(at)) look_at(lint, at, *split);
  }
}

}  // namespace sojourn::dsl
