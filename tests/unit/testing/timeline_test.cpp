#include "testing/timeline.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/unit/testing/tested.h"

namespace sojourn::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::vector<std::string> texts(const Failure& failure) {
  std::vector<std::string> lines;
  for (const TimelineLine& line : failure.timeline) {
    lines.push_back(fmt::format("{}{} {}", line.marked ? "> " : "", line.local, line.text));
  }
  return lines;
}

Failure failure_of(std::string_view text) {
  const Tested tested(text);
  if (!tested.results().empty() && tested.results().front().failure) {
    return *tested.results().front().failure;
  }
  ADD_FAILURE() << "the test passed";
  return {};
}

TEST(Timeline, ShowsWhatHappenedInLocalTimeAndWhereItDiffers) {
  const Failure failure = failure_of(
      "journey trial { enter on signup exit on purchase as bought\n"
      "  send welcome with { plan: entry.plan } wait 1d at 09:00 send tour }\n"
      "journey other { enter on login wait 1h }\n"
      "test trial \"it\" { at 2026-03-28T10:00[Europe/Berlin]\n"
      "  event signup { plan: \"pro\" } expect send welcome\n"
      "  event login for other users update { seats: 3 } unsubscribed news\n"
      "  to the end expect exit bought }\n");
  EXPECT_EQ(failure.zone, "Europe/Berlin");
  EXPECT_THAT(
      texts(failure),
      ElementsAre(
          "2026-03-28 Sat 10:00 event  signup { plan: \"pro\" }", "2026-03-28 Sat 10:00 enter",
          "2026-03-28 Sat 10:00 send   welcome { plan: \"pro\" }",
          "2026-03-28 Sat 10:00 at     wait 1", "2026-03-28 Sat 10:00 event  login  [another user]",
          "2026-03-28 Sat 10:00 enter  [another user]  [other]",
          "2026-03-28 Sat 10:00 at     wait 1  [another user]  [other]",
          "2026-03-28 Sat 10:00 profile { seats: 3 }", "2026-03-28 Sat 10:00 unsubscribed news",
          "2026-03-28 Sat 11:00 exit   completed  [another user]  [other]",
          "> 2026-03-29 Sun 09:00 send   tour   <- expected exit bought",
          "2026-03-29 Sun 09:00 exit   completed"));
}

TEST(Timeline, ALongOneIsCutWhereNothingDiffers) {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "event login\n";
  const Failure failure = failure_of(
      "journey trial { enter on signup wait 1d }\n"
      "test trial \"it\" { at 2026-03-02T10:00Z\n" +
      lines + "event signup\n" + "expect exit\n}\n");
  ASSERT_THAT(failure.timeline, SizeIs(kMaxTimelineLines));
  EXPECT_EQ(failure.timeline[19].text, "event  login");
  EXPECT_EQ(failure.timeline[20].text, "… 105 more lines");
  EXPECT_EQ(failure.timeline[21].text, "event  login");
  EXPECT_TRUE(failure.timeline.back().marked);
}

TEST(Timeline, SecondsAreShownWhenThereAreAny) {
  const Failure failure = failure_of(
      "journey trial { enter on signup wait 90s }\n"
      "test trial \"it\" { at 2026-03-02T10:00Z event signup to the end expect exit\n"
      "  after 1h expect exit }\n");
  EXPECT_EQ(failure.timeline[3].local, "2026-03-02 Mon 11:01:30");
}

}  // namespace
}  // namespace sojourn::testing
