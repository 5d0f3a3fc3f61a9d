#include "tests/unit/simulate/simulated.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "simulate/derive_model.h"
#include "simulate/life.h"

#include "base/check.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/render.h"

namespace sojourn::simulate {
namespace {

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

dsl::Compilation compile(std::string_view text) {
  const std::vector<dsl::SourceText> sources = {{"world.journey", std::string(Simulated::kWorld)},
                                                {"trial.journey", std::string(text)}};
  return dsl::compile(sources, zones());
}

}  // namespace

Simulated::Simulated(std::string_view text) : compilation_(compile(text)) {
  SOJOURN_CHECK(compilation_.program.has_value(),
                dsl::render_text(compilation_.diagnostics, compilation_.files, {}).c_str());
  model_ = derive_model(graph(), catalog());
}

FieldModel& Simulated::field(std::string_view name) {
  const auto found = std::ranges::find(model_.profile, name, &FieldModel::name);
  SOJOURN_CHECK(found != model_.profile.end(), "the model has the field");
  return *found;
}

EventModel& Simulated::event(std::string_view name) {
  const auto found = std::ranges::find(model_.events, name, &EventModel::event);
  SOJOURN_CHECK(found != model_.events.end(), "the model has the event");
  return *found;
}

Tally Simulated::lives(std::uint64_t first, std::uint64_t count, std::uint64_t seed) const {
  const testing::TestProgram program(*compilation_.program);
  const Setting setting{program, model_, seed, kDays};
  Tally tally(graph(), kDays);
  for (std::uint64_t i = 0; i < count; ++i) live(setting, first + i, zones(), tally);
  return tally;
}

Figures Simulated::figures(std::uint64_t users, std::uint64_t seed) const {
  return figures_of(graph(), catalog(), {users, seed, kDays, model_.start}, lives(0, users, seed));
}

Count count_of(const std::vector<Reason>& reasons, std::string_view name) {
  const auto found = std::ranges::find(reasons, name, &Reason::name);
  return found == reasons.end() ? 0 : found->count;
}

const StepFigures& step_of(const Figures& figures, std::string_view name) {
  const auto found = std::ranges::find(figures.steps, name, &StepFigures::step);
  SOJOURN_CHECK(found != figures.steps.end(), "the journey has the step");
  return *found;
}

}  // namespace sojourn::simulate
