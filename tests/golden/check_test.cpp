// What compile() says of wrong journeys, word for word.
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/pages.h"
#include "dsl/render.h"
#include "tests/golden/golden.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kWorld = "world.journey";
constexpr std::string_view kAlone = "# alone\n";

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

// The case, with the declared world of the messages' pages unless it says `# alone`.
Compilation compile_case(const golden::Case& input) {
  std::vector<SourceText> sources{{input.name + ".journey", input.text}};
  if (!input.text.starts_with(kAlone)) {
    sources.push_back({std::string(kWorld), std::string(example_world())});
  }
  Compilation result = compile(sources, zones());
  // What a case leaves unused of the world is no matter of the case.
  std::erase_if(result.diagnostics, [&](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::kWarning &&
           result.files[diagnostic.primary.span.file].path() == kWorld;
  });
  return result;
}

TEST(CheckGolden, EveryCaseSaysWhatIsExpected) {
  for (const golden::Case& input : golden::read_cases("check")) {
    const Compilation result = compile_case(input);
    golden::expect_golden(input, render_text(result.diagnostics, result.files, {}));
    // Files whose name begins with `ok_` are in order, with `warns_` give warnings only; all
    // others have errors.
    const bool is_ok = input.name.starts_with("ok_");
    EXPECT_EQ(result.diagnostics.empty(), is_ok) << input.name;
    EXPECT_EQ(result.program.has_value(), is_ok || input.name.starts_with("warns_")) << input.name;
  }
}

TEST(CheckGolden, EveryFindingIsAlsoValidInItsFile) {
  for (const golden::Case& input : golden::read_cases("check")) {
    const Compilation result = compile_case(input);
    for (const Diagnostic& diagnostic : result.diagnostics) {
      const Span span = diagnostic.primary.span;
      ASSERT_LT(span.file, result.files.size()) << input.name;
      EXPECT_LE(span.begin, span.end) << input.name;
      EXPECT_LE(span.end, result.files[span.file].text().size()) << input.name;
    }
  }
}

}  // namespace
}  // namespace sojourn::dsl
