// The tests that false asserts offer to copy: they can be run, they show that the way
// is real, and they fail once the journey is mended.
#include <algorithm>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "testing/runner.h"
#include "tests/unit/testing/tested.h"

namespace sojourn::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The test that the only finding of the text offers.
std::string offered_test(const std::string& text) {
  const auto zones = tzdata::SystemZones::open();
  const std::vector<dsl::SourceText> sources = {{"trial.journey", text},
                                                {"world.journey", std::string(Tested::kWorld)}};
  const auto compiled = dsl::compile(sources, **zones);
  EXPECT_EQ(compiled.diagnostics.size(), 1U);
  for (const dsl::Diagnostic& finding : compiled.diagnostics) {
    const auto offered =
        std::ranges::find(finding.attachments, "the same as a test", &dsl::Attachment::title);
    if (offered != finding.attachments.end()) return offered->text;
  }
  ADD_FAILURE() << "no test was offered";
  return {};
}

// A journey that sends twice, `pause` apart, where that is one too many. The way there
// leads through a split, an event that is waited for, and a message type to opt in to.
std::string journey(std::string_view assertion, std::string_view pause) {
  return fmt::format(
      "journey trial {{\n"
      "  enter on signup\n"
      "  exit  on finished\n"
      "  {}\n"
      "  split road {{ 50% short {{}} 50% long {{\n"
      "    send tips\n"
      "    wait for purchase up to 2d {{\n"
      "      wait {}\n"
      "      send tour within 1h\n"
      "    }}\n"
      "  }} }}\n"
      "}}\n",
      assertion, pause);
}

TEST(Witness, TheTestItOffersShowsThatTheWayIsReal) {
  const std::string offered = offered_test(journey("assert at most 1 sends per 4d", "1d"));
  EXPECT_THAT(offered, HasSubstr("expect send tour"));
  const Tested tested(journey({}, "1d") + offered);
  ASSERT_EQ(tested.results().size(), 1U);
  EXPECT_THAT(tested.failure(), IsEmpty());
}

TEST(Witness, TheTestItOffersFailsOnceTheJourneyIsMended) {
  const std::string offered = offered_test(journey("assert at most 1 sends per 4d", "1d"));
  const Tested tested(journey("assert at most 1 sends per 4d", "5d") + offered);
  ASSERT_EQ(tested.results().size(), 1U);
  EXPECT_EQ(tested.failure(),
            "expected send tour, but they are at `split road.long.wait for 1.then.wait 1`");
}

TEST(Witness, AMessageAfterAnEventIsShownByTheEvent) {
  const std::string offered = offered_test(
      "journey trial {\n"
      "  enter on signup\n"
      "  assert no send after login\n"
      "  wait 1d\n"
      "  send tour\n"
      "}\n");
  EXPECT_THAT(offered, HasSubstr("event  login"));
  const Tested tested(
      "journey trial {\n"
      "  enter on signup\n"
      "  exit  on login\n"
      "  wait 1d\n"
      "  send tour\n"
      "}\n" +
      offered);
  ASSERT_EQ(tested.results().size(), 1U);
  EXPECT_EQ(tested.failure(), "expected send tour, but they have left as `login`");
}

}  // namespace
}  // namespace sojourn::testing
