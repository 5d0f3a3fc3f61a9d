#include "runtime/tombstone_book.h"

#include <gtest/gtest.h>

#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

constexpr base::Instant kNow{1'772'355'600'000};

TEST(TombstoneBook, CountsWhatIsMadeAndWhatEnds) {
  TurnRecord record(kNow);
  TombstoneBook book;
  book.changed(false, true, record);
  book.changed(false, true, record);
  book.changed(true, true, record);
  book.changed(true, false, record);
  EXPECT_EQ(book.kept(), 2);
  EXPECT_EQ(book.applied(), 1);
  EXPECT_EQ(book.waiting(), 1);
  EXPECT_EQ(record.counts.at("tombstones_kept"), 2);
  EXPECT_EQ(record.counts.at("tombstones_applied"), 1);
  EXPECT_EQ(record.counts.at("tombstones_waiting"), 1);
}

TEST(TombstoneBook, OneThatWasNeverCountedEndsWithoutACount) {
  TurnRecord record(kNow);
  TombstoneBook book;
  book.changed(true, false, record);
  EXPECT_EQ(book.waiting(), 0);
  EXPECT_TRUE(record.counts.empty());
}

TEST(TombstoneBook, ReportsOnceADayWhatTheLastReportDidNotHave) {
  TombstoneBook book;
  TurnRecord first(kNow);
  book.changed(false, true, first);
  book.report(first);
  EXPECT_TRUE(first.output.notes.empty());
  TurnRecord next(kNow + base::days24(1));
  book.report(next);
  book.report(next);
  ASSERT_EQ(next.output.notes.size(), 1U);
  EXPECT_EQ(next.output.notes[0].event, "consent_report");
  EXPECT_EQ(next.output.notes[0].detail, "tombstones: kept=1 (+1) applied=0 (+0) waiting=1");
  TurnRecord last(kNow + base::days24(9));
  book.changed(true, false, last);
  book.report(last);
  EXPECT_EQ(last.output.notes[0].detail, "tombstones: kept=1 (+0) applied=1 (+1) waiting=0");
}

}  // namespace
}  // namespace sojourn::runtime
