// The graphs that journeys turn into.
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "graph/encode.h"
#include "graph/print.h"
#include "tests/golden/golden.h"

namespace sojourn::dsl {
namespace {

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

TEST(LowerGolden, EveryCaseGivesTheGraphExpected) {
  for (const golden::Case& input : golden::read_cases("lower")) {
    const SourceText source{input.name + ".journey", input.text};
    const Compilation result = compile({&source, 1}, zones());
    std::string actual;
    if (result.program) {
      for (const CompiledJourney& journey : result.program->journeys) {
        actual += graph::print_json(journey.graph);
        if (!actual.ends_with('\n')) actual += '\n';
      }
    }
    EXPECT_TRUE(result.program.has_value()) << render_text(result.diagnostics, result.files, {});
    golden::expect_golden(input, actual);
  }
}

TEST(LowerGolden, AGraphSurvivesItsEncoding) {
  for (const golden::Case& input : golden::read_cases("lower")) {
    const SourceText source{input.name + ".journey", input.text};
    const Compilation result = compile({&source, 1}, zones());
    ASSERT_TRUE(result.program.has_value());
    for (const CompiledJourney& journey : result.program->journeys) {
      const auto decoded = graph::decode(graph::encode(journey.graph));
      ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
      EXPECT_EQ(*decoded, journey.graph);
    }
  }
}

TEST(LowerGolden, EveryStepAndExpressionHasItsPlaceInTheText) {
  for (const golden::Case& input : golden::read_cases("lower")) {
    const SourceText source{input.name + ".journey", input.text};
    const Compilation result = compile({&source, 1}, zones());
    ASSERT_TRUE(result.program.has_value());
    for (const CompiledJourney& journey : result.program->journeys) {
      EXPECT_EQ(journey.step_spans.size(), journey.graph.steps.size());
      EXPECT_EQ(journey.expression_spans.size(), journey.graph.expressions.size());
    }
  }
}

}  // namespace
}  // namespace sojourn::dsl
