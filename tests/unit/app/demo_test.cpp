// What the demo reads and what it says.
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "examples/tools/saas_trial_stream.h"

#include "app/demo_stream.h"
#include "app/demo_summary.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(DemoStream, TheCommittedStreamIsWhatItsToolMakes) {
  const std::string path = std::string(SOJOURN_SOURCE_DIR) + "/examples/saas_trial/stream.ndjson";
  EXPECT_EQ(text_of(path), examples::saas_trial_stream(examples::kSaasTrialSeed))
      << "run make_saas_trial_stream > examples/saas_trial/stream.ndjson";
  const auto items = read_stream(path);
  ASSERT_TRUE(items.has_value());
  EXPECT_GT(items->size(), 1'000u);
}

TEST(DemoStream, SaysWhichLineIsWrong) {
  const std::string path = testing::TempDir() + "/sojourn_demo_stream_test.ndjson";
  const std::string good = R"({"at":"2026-03-01T09:00:00Z","path":"/x","body":{}})";
  std::ofstream(path) << good << "\nnot json\n";
  EXPECT_NE(read_stream(path).error().message.find(":2: not an item"), std::string::npos);
  std::ofstream(path) << good << "\n" << R"({"at":"2026-03-01T08:00:00Z","path":"/x","body":{}})";
  EXPECT_NE(read_stream(path).error().message.find(":2: earlier"), std::string::npos);
  std::remove(path.c_str());
}

Counters counters() {
  Counters counters;
  counters.set({{"entered/j", 5},
                {"inside/j/v/wait 1", 2},
                {"exited/j/done", 3},
                {"planned/j/m", 7},
                {"accepted/j/m", 6},
                {"skipped/j/m/late", 1},
                {"in_doubt/email", 1}});
  return counters;
}

TEST(DemoSummary, AddsUpOnlyWhenNobodyAndNothingIsMissing) {
  EXPECT_TRUE(totals_of(counters()).adds_up());
  Counters lost = counters();
  lost.apply({{"inside/j/v/wait 1", -1}});
  EXPECT_FALSE(totals_of(lost).adds_up());
  Counters unsent = counters();
  unsent.apply({{"planned/j/m", 1}});
  EXPECT_FALSE(totals_of(unsent).adds_up());
  DemoTotals in_the_outbox = totals_of(unsent);
  in_the_outbox.put_off = 1;
  EXPECT_TRUE(in_the_outbox.adds_up());
}

TEST(DemoSummary, HoldsTheDaemonAgainstWhatWasReceived) {
  const DemoTotals totals = totals_of(counters());
  EXPECT_TRUE(agree(totals, {6, 0}));
  EXPECT_TRUE(agree(totals, {7, 1})) << "one was in doubt, so one may come twice";
  EXPECT_FALSE(agree(totals, {8, 2})) << "two came twice, one was in doubt";
  EXPECT_FALSE(agree(totals, {5, 0})) << "six were accepted, five came";
  EXPECT_NE(summary_text(totals, {5, 0}).find("NOT AS PROMISED"), std::string::npos);
}

}  // namespace
}  // namespace sojourn::app
