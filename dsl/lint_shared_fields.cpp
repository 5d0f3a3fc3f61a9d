// Two journeys that write one profile field: the later one wins, whichever that is.
#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/lint_journey.h"
#include "dsl/report.h"

namespace sojourn::dsl {
namespace {

// More places than a screen holds say less.
constexpr std::size_t kMostNotes = 5;

struct Write {
  Span place;  // the first of its journey
  const CompiledJourney* journey = nullptr;
  const graph::Expression* value = nullptr;
};

using Writes = std::map<std::string_view, std::vector<Write>>;

void add_writes(const LintedProgram& program, const CompiledJourney& journey, Writes& writes) {
  for (graph::StepIndex at = 0; at < journey.graph.steps.size(); ++at) {
    const auto* update = std::get_if<graph::UpdateUser>(&journey.graph.steps[at].action);
    if (update == nullptr) continue;
    const Span step = journey.step_spans[at];
    const graph::Expression& fields = journey.graph.expressions[update->fields];
    for (std::size_t i = 0; i < fields.names.size(); ++i) {
      writes[fields.names[i]].push_back({first_line(program.files[step.file], step), &journey,
                                         &journey.graph.expressions[fields.arguments[i]]});
    }
  }
}

// A flag that each of them sets to the same value has one meaning.
bool all_write_one_constant(const std::vector<Write>& writes) {
  return std::ranges::all_of(writes, [&](const Write& write) {
    return write.value->op == graph::Op::kConstant &&
           write.value->constant == writes.front().value->constant;
  });
}

// One per journey, by place.
std::vector<Write> first_of_each(std::vector<Write> writes) {
  std::ranges::sort(writes, {}, &Write::place);
  std::vector<Write> firsts;
  for (const Write& write : writes) {
    if (std::ranges::find(firsts, write.journey, &Write::journey) == firsts.end()) {
      firsts.push_back(write);
    }
  }
  return firsts;
}

}  // namespace

void lint_shared_fields(const LintedProgram& program, std::vector<Diagnostic>& diagnostics) {
  Writes writes;
  for (const CompiledJourney& journey : program.journeys) add_writes(program, journey, writes);
  for (auto& [field, all] : writes) {
    if (all.front().journey == all.back().journey || all_write_one_constant(all)) continue;
    const std::vector<Write> firsts = first_of_each(std::move(all));
    Diagnostic found =
        diagnose(messages::kSharedField, firsts[1].place, firsts[0].journey->graph.journey,
                 firsts[1].journey->graph.journey, field)
            .help("give each its own field, or let one journey write it for both");
    for (std::size_t i = 0; i < firsts.size() && i <= kMostNotes; ++i) {
      if (i == 1) continue;
      found.secondary.push_back(
          {firsts[i].place, fmt::format("written by `{}`", firsts[i].journey->graph.journey)});
    }
    diagnostics.push_back(std::move(found));
  }
}

}  // namespace sojourn::dsl
