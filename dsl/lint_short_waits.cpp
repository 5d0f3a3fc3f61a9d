// `wait 1m` before a marketing message: minutes, where months were meant.
#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/core.h>
#include <variant>

#include "dsl/lint_journey.h"

namespace sojourn::dsl {
namespace {

// Numbers of months that people plan in. 5, 10, 15, 30, 45 are what they take of minutes.
constexpr std::array<std::int64_t, 7> kLikelyMonths{1, 2, 3, 4, 6, 9, 12};
constexpr std::int64_t kMillisPerMinute = 60'000;

// How many months somebody may have meant; 0: none.
std::int64_t likely_months(const graph::Wait& wait) {
  const graph::Duration& length = wait.duration;
  if (length.months != 0 || length.days != 0 || wait.at) return 0;
  if (length.millis % kMillisPerMinute != 0) return 0;
  const std::int64_t minutes = length.millis / kMillisPerMinute;
  return std::ranges::find(kLikelyMonths, minutes) != kLikelyMonths.end() ? minutes : 0;
}

// The step after those that take no time and have one way on.
const graph::Step* next_that_counts(const graph::Graph& graph, graph::StepIndex at) {
  for (std::size_t i = 0; i < graph.steps.size() && at != graph::kCompleted; ++i) {
    const auto& action = graph.steps[at].action;
    if (const auto* let = std::get_if<graph::Let>(&action)) {
      at = let->next;
    } else if (const auto* update = std::get_if<graph::UpdateUser>(&action)) {
      at = update->next;
    } else if (const auto* track = std::get_if<graph::Track>(&action)) {
      at = track->next;
    } else if (const auto* list = std::get_if<graph::ChangeList>(&action)) {
      at = list->next;
    } else if (const auto* change = std::get_if<graph::ChangeSubscription>(&action)) {
      at = change->next;
    } else {
      return &graph.steps[at];
    }
  }
  return nullptr;
}

bool sends_marketing(const graph::Step& step, const graph::Catalog& catalog) {
  const auto* send = std::get_if<graph::Send>(&step.action);
  const auto* campaign = send != nullptr ? catalog.find_campaign(send->campaign) : nullptr;
  const auto* type =
      campaign != nullptr ? catalog.find_message_type(campaign->message_type) : nullptr;
  return type != nullptr && type->marketing;
}

}  // namespace

void lint_short_waits(JourneyLint& lint) {
  for (graph::StepIndex at = 0; at < lint.graph.steps.size(); ++at) {
    const auto* wait = std::get_if<graph::Wait>(&lint.graph.steps[at].action);
    const std::int64_t months = wait != nullptr ? likely_months(*wait) : 0;
    if (months == 0) continue;
    const graph::Step* next = next_that_counts(lint.graph, wait->next);
    if (next == nullptr || !sends_marketing(*next, lint.program.world.catalog)) continue;
    lint.report(diagnose(messages::kMinutesOrMonths, lint.place_of(at),
                         months == 1 ? "a minute" : fmt::format("{} minutes", months))
                    .help(fmt::format("for months write `wait {}mo`", months)),
                at);
  }
}

}  // namespace sojourn::dsl
