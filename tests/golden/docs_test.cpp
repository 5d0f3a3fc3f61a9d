// The examples of docs/language.md are one project, and it is in order. So are those of
// the tutorial, whose journey has one fault on purpose.
#include <fmt/core.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kFence = "\n```journey\n";
constexpr std::string_view kFenceEnd = "\n```\n";

std::vector<SourceText> examples_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::vector<SourceText> examples;
  for (std::size_t at = page.find(kFence); at != page.npos; at = page.find(kFence, at)) {
    at += kFence.size();
    const std::size_t end = page.find(kFenceEnd, at);
    examples.push_back({fmt::format("example {}", examples.size() + 1), page.substr(at, end - at)});
  }
  return examples;
}

TEST(LanguagePage, EveryExampleCompiles) {
  const auto zones = tzdata::SystemZones::open();
  ASSERT_TRUE(zones.has_value());
  const auto examples = examples_of(std::string(SOJOURN_SOURCE_DIR) + "/docs/language.md");
  EXPECT_GE(examples.size(), 4U);
  const Compilation result = compile(examples, **zones);
  EXPECT_TRUE(result.diagnostics.empty()) << render_text(result.diagnostics, result.files, {});
}

TEST(TutorialPage, ItsJourneyHasTheFaultThatItSpeaksOf) {
  const auto zones = tzdata::SystemZones::open();
  ASSERT_TRUE(zones.has_value());
  auto examples = examples_of(std::string(SOJOURN_SOURCE_DIR) + "/docs/tutorial.md");
  ASSERT_EQ(examples.size(), 3U);
  const Compilation first = compile(examples, **zones);
  ASSERT_EQ(first.diagnostics.size(), 1U) << render_text(first.diagnostics, first.files, {});
  EXPECT_EQ(first.diagnostics[0].id, messages::kFalseAssert.id);

  std::string& journey = examples[1].text;
  constexpr std::string_view kWait = "wait 1d at 09:00";
  for (std::size_t at = journey.find(kWait); at != journey.npos; at = journey.find(kWait, at)) {
    journey.replace(at, kWait.size(), "wait 2d at 09:00");
  }
  const Compilation mended = compile(examples, **zones);
  EXPECT_TRUE(mended.diagnostics.empty()) << render_text(mended.diagnostics, mended.files, {});
}

}  // namespace
}  // namespace sojourn::dsl
