// Marketing by opt-out: sent to everybody who has not said no, who mostly never said yes.
#include <map>
#include <string_view>
#include <variant>

#include "dsl/lint_journey.h"
#include "dsl/report.h"

namespace sojourn::dsl {
namespace {

// By message type, the place of the first send through it.
std::map<std::string_view, Span> sent_types(const LintedProgram& program) {
  std::map<std::string_view, Span> sent;
  for (const CompiledJourney& journey : program.journeys) {
    for (graph::StepIndex at = 0; at < journey.graph.steps.size(); ++at) {
      const auto* send = std::get_if<graph::Send>(&journey.graph.steps[at].action);
      if (send == nullptr) continue;
      const graph::Campaign* campaign = program.world.catalog.find_campaign(send->campaign);
      if (campaign == nullptr) continue;
      const Span step = journey.step_spans[at];
      sent.emplace(campaign->message_type, first_line(program.files[step.file], step));
    }
  }
  return sent;
}

}  // namespace

void lint_consent(const LintedProgram& program, std::vector<Diagnostic>& diagnostics) {
  const auto sent = sent_types(program);
  for (const graph::MessageType& type : program.world.catalog.message_types) {
    const auto send = sent.find(type.name);
    const auto place = place_of(program.world.message_types, type.name);
    if (!type.marketing || type.policy != graph::ConsentPolicy::kOptOut || send == sent.end() ||
        !place) {
      continue;
    }
    diagnostics.push_back(diagnose(messages::kOptOutMarketing, *place, type.name)
                              .note(send->second, "it is sent here")
                              .help("make it `opt_in` here and in Iterable, and ask people first"));
  }
}

}  // namespace sojourn::dsl
