#include "dsl/lint_unused.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"

namespace sojourn::dsl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> findings(const std::string& text) {
  static const auto zones = tzdata::SystemZones::open();
  const SourceText source{"a.journey", text};
  std::vector<std::string> found;
  for (const Diagnostic& diagnostic : compile({&source, 1}, **zones).diagnostics) {
    found.push_back(diagnostic.message);
  }
  return found;
}

TEST(LintUnused, NamesWhatNothingUses) {
  EXPECT_THAT(findings("let pause = 1d\nlet kept = 2\nlet used = kept\n"),
              ElementsAre("nothing uses the constant `pause`", "nothing uses the constant `used`"));
}

TEST(LintUnused, WhatThereIsInIterableNeedsNoUse) {
  EXPECT_THAT(findings("user { plan string }\nevent signup\npolicy { timezone \"UTC\" }\n"
                       "list vips = 7\nmessage_type news marketing opt_in\n"
                       "campaign hello email news\njourney j { enter on signup }\n"),
              IsEmpty());
}

TEST(LintUnused, AUseInsideAStringCounts) {
  EXPECT_THAT(findings("let word = \"x\"\nuser { plan string }\nevent signup\n"
                       "policy { timezone \"UTC\" }\n"
                       "journey j { enter on signup update user { plan: \"a ${word}\" } }\n"),
              IsEmpty());
}

TEST(LintUnused, AUseInACommentDoesNot) {
  EXPECT_THAT(findings("let word = \"x\" # word\n"),
              ElementsAre("nothing uses the constant `word`"));
}

TEST(LintUnused, IsSilentBesideAnError) {
  EXPECT_THAT(findings("let a = 1\nlet b = c\n"), ElementsAre("nothing named `c` is known here"));
}

}  // namespace
}  // namespace sojourn::dsl
