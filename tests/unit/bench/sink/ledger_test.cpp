#include "bench/sink/ledger.h"

#include <gtest/gtest.h>

namespace sojourn::bench {
namespace {

TEST(Ledger, TellsCompletePeopleFromOthersAndDoubledMessages) {
  Ledger ledger;
  ledger.add(R"({"campaignId":101,"recipientEmail":"ada@example.com"})", 1'000);
  ledger.add(R"({"campaignId":101,"recipientEmail":"bob@example.com"})", 2'000);
  ledger.add(R"({"campaignId":102,"recipientEmail":"ada@example.com"})", 1'501'000);
  ledger.add(R"({"campaignId":101,"recipientEmail":"bob@example.com"})", 9'000'000);
  const LedgerSummary summary = ledger.summary();
  EXPECT_EQ(summary.messages, 4u);
  EXPECT_EQ(summary.people, 2u);
  EXPECT_EQ(summary.complete, 1u);  // bob had one campaign, twice
  EXPECT_EQ(summary.doubled, 1u);
  EXPECT_EQ(summary.unreadable, 0u);
  EXPECT_DOUBLE_EQ(summary.gap_ms_p50, 1500);
}

TEST(Ledger, TheGapRunsFromFirstToSecondWhateverTheCampaignNumbers) {
  Ledger ledger;
  ledger.add(R"({"campaignId":900,"recipientUserId":"u1"})", 0);
  ledger.add(R"({"campaignId":100,"recipientUserId":"u1"})", 250'000);
  EXPECT_DOUBLE_EQ(ledger.summary().gap_ms_p99, 250);
}

TEST(Ledger, ReadsABodyWrittenWithSpaces) {
  Ledger ledger;
  ledger.add("{ \"recipientUserId\" : \"u1\",\n \"campaignId\" : 7 }", 0);
  EXPECT_EQ(ledger.summary().people, 1u);
}

TEST(Ledger, TellsHowLongTheMessagesCame) {
  Ledger ledger;
  ledger.add(R"({"campaignId":101,"recipientEmail":"ada@example.com"})", 4'000'000);
  ledger.add(R"({"campaignId":101,"recipientEmail":"bob@example.com"})", 6'500'000);
  EXPECT_DOUBLE_EQ(ledger.summary().seconds, 2.5);
}

TEST(Ledger, TellsEventsThatCameAgainAndMixesThemWithNoMessage) {
  Ledger ledger;
  EXPECT_EQ(ledger.add_event(R"({"userId":"u1","eventName":"visit","id":"e-1"})"), "e-1");
  ledger.add_event(R"({"userId":"u2","eventName":"visit","id":"e-2"})");
  ledger.add_event(R"({"userId":"u1","eventName":"visit","id":"e-1"})");
  const LedgerSummary summary = ledger.summary();
  EXPECT_EQ(summary.events, 3u);
  EXPECT_EQ(summary.doubled_events, 1u);
  EXPECT_EQ(summary.messages, 0u);
}

TEST(Ledger, CountsWhatItCannotRead) {
  Ledger ledger;
  ledger.add("{}", 0);
  ledger.add(R"({"campaignId":"x","recipientEmail":"ada@example.com"})", 0);
  ledger.add(R"({"campaignId":1,"recipientEmail":null})", 0);
  EXPECT_EQ(ledger.messages(), 3u);
  EXPECT_EQ(ledger.summary().unreadable, 3u);
}

}  // namespace
}  // namespace sojourn::bench
