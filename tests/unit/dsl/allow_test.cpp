#include "dsl/allow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"

namespace sojourn::dsl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kWorld = R"(
event signup
policy { timezone "Europe/Berlin" }
journey j { enter on signup }
)";

// The findings as `name line`.
std::vector<std::string> findings(const std::string& text) {
  static const auto zones = tzdata::SystemZones::open();
  const std::vector<SourceText> sources{{"a.journey", text}, {"b.journey", std::string(kWorld)}};
  const Compilation result = compile(sources, **zones);
  std::vector<std::string> found;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    const Span span = diagnostic.primary.span;
    found.push_back(std::string(message_info(diagnostic.id).name) + " " +
                    std::to_string(result.files[span.file].position(span.begin).line));
  }
  return found;
}

TEST(Allow, TakesBackTheWarningBelowIt) {
  EXPECT_THAT(findings("let a = 1\n"), ElementsAre("unused-declaration 1"));
  EXPECT_THAT(findings("allow unused-declaration \"soon\"\nlet a = 1\n"), IsEmpty());
}

TEST(Allow, IsForOneFindingInOnePlace) {
  EXPECT_THAT(findings("allow unused-declaration \"soon\"\nlet a = 1\nlet b = 2\n"),
              ElementsAre("unused-declaration 3"));
  EXPECT_THAT(findings("allow unused-declaration \"one\"\nallow unused-declaration \"two\"\n"
                       "let a = 1\n"),
              ElementsAre("unused-allow 2"));
}

TEST(Allow, AnUnusedOneIsAFinding) {
  EXPECT_THAT(findings("allow unused-declaration \"soon\"\nevent a\n"),
              ElementsAre("unused-allow 1"));
  EXPECT_THAT(
      findings("journey k {\n  enter on signup\n  allow unused-declaration \"x\"\n  wait 1d\n}\n"),
      ElementsAre("unused-allow 3"));
  EXPECT_THAT(
      findings("journey k {\n  allow unused-declaration \"x\"\n  enter on signup\n  wait 1d\n}\n"),
      ElementsAre("unused-allow 2"));
}

TEST(Allow, WhetherItIsUsedIsNotAskedBesideAnError) {
  EXPECT_THAT(findings("allow unused-declaration \"soon\"\nlet a = 1\nlet b = c\n"),
              ElementsAre("unknown-name 3"));
}

TEST(Allow, ErrorsCannotBeAllowed) {
  EXPECT_THAT(findings("allow unknown-name \"really\"\nevent a\n"),
              ElementsAre("cannot-be-allowed 1"));
}

TEST(Allow, NeedsAReasonAndAName) {
  EXPECT_THAT(findings("allow unused-declaration \" \"\nevent a\n"),
              ElementsAre("reason-needed 1"));
  EXPECT_THAT(findings("allow unused-declaratio \"x\"\nevent a\n"),
              ElementsAre("unknown-message 1"));
}

}  // namespace
}  // namespace sojourn::dsl
