// What compile() says of wrong journeys, word for word.
#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "tests/golden/golden.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kWorld = "world";
constexpr std::string_view kAlone = "# alone\n";

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

// The case, with the declared world of the folder unless it says `# alone`.
Compilation compile_case(const golden::Case& input, const std::string& world) {
  std::vector<SourceText> sources{{input.name + ".journey", input.text}};
  if (!input.text.starts_with(kAlone)) sources.push_back({"world.journey", world});
  return compile(sources, zones());
}

std::string world_of(const std::vector<golden::Case>& cases) {
  const auto world = std::ranges::find(cases, kWorld, &golden::Case::name);
  return world == cases.end() ? std::string() : world->text;
}

TEST(CheckGolden, EveryCaseSaysWhatIsExpected) {
  const auto cases = golden::read_cases("check");
  const std::string world = world_of(cases);
  for (const golden::Case& input : cases) {
    if (input.name == kWorld) continue;
    const Compilation result = compile_case(input, world);
    golden::expect_golden(input, render_text(result.diagnostics, result.files, {}));
    // Files whose name begins with `ok_` are in order; all others are not.
    EXPECT_EQ(result.program.has_value(), input.name.starts_with("ok_")) << input.name;
  }
}

TEST(CheckGolden, EveryFindingIsAlsoValidInItsFile) {
  const auto cases = golden::read_cases("check");
  const std::string world = world_of(cases);
  for (const golden::Case& input : cases) {
    if (input.name == kWorld) continue;
    const Compilation result = compile_case(input, world);
    for (const Diagnostic& diagnostic : result.diagnostics) {
      const Span span = diagnostic.primary.span;
      ASSERT_LT(span.file, result.files.size()) << input.name;
      EXPECT_LE(span.begin, span.end) << input.name;
      EXPECT_LE(span.end, result.files[span.file].text().size()) << input.name;
    }
  }
}

// A message that no example produces cannot be looked at, and is probably dead.
TEST(CheckGolden, EveryMessageOfTheChecksHasAnExample) {
  const auto cases = golden::read_cases("check");
  const std::string world = world_of(cases);
  std::set<std::string_view> produced;
  for (const golden::Case& input : cases) {
    if (input.name == kWorld) continue;
    for (const Diagnostic& diagnostic : compile_case(input, world).diagnostics) {
      produced.insert(message_info(diagnostic.id).code);
    }
  }
  for (const MessageInfo& message : all_messages()) {
    if (message.code.starts_with("J1")) continue;
    EXPECT_TRUE(produced.contains(message.code))
        << message.code << " " << message.name << ": add tests/golden/check/" << message.name
        << ".journey, which produces it";
  }
}

TEST(CheckGolden, CodesAndNamesAreUnique) {
  std::set<std::string_view> codes;
  std::set<std::string_view> names;
  for (const MessageInfo& message : all_messages()) {
    EXPECT_TRUE(codes.insert(message.code).second) << message.code;
    EXPECT_TRUE(names.insert(message.name).second) << message.name;
  }
}

}  // namespace
}  // namespace sojourn::dsl
