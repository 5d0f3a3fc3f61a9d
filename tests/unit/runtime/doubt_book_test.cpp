#include "runtime/doubt_book.h"

#include <gtest/gtest.h>

#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

constexpr base::Instant kNow{1'772'355'600'000};
constexpr base::Millis kGap{500};

TEST(DoubtBook, CountsWhatIsClaimedWithWhatIsParked) {
  TurnRecord record(kNow);
  DoubtBook book(3);
  EXPECT_TRUE(book.has_room(Endpoint::kEmail, 2));
  EXPECT_FALSE(book.has_room(Endpoint::kEmail, 3));
  book.park(Endpoint::kEmail, record);
  EXPECT_TRUE(book.has_room(Endpoint::kEmail, 1));
  EXPECT_FALSE(book.has_room(Endpoint::kEmail, 2));
  EXPECT_TRUE(book.has_room(Endpoint::kSms, 2)) << "each endpoint has its own";
  book.unpark(Endpoint::kEmail, record);
  EXPECT_EQ(book.parked(Endpoint::kEmail), 0u);
  EXPECT_EQ(record.counts.at("parked/email"), 0);
}

TEST(DoubtBook, GivesEachLookUpAnInstantOfItsOwn) {
  DoubtBook book(3);
  EXPECT_EQ(book.next_look_up(kNow, kGap), kNow);
  EXPECT_EQ(book.next_look_up(kNow, kGap), kNow) << "two may go at once";
  EXPECT_EQ(book.next_look_up(kNow, kGap), kNow + kGap);
  EXPECT_EQ(book.next_look_up(kNow, kGap), kNow + base::Millis{1'000});
  // At their instants they go; a little late does not matter.
  EXPECT_EQ(book.next_look_up(kNow + base::Millis{502}, kGap), kNow + base::Millis{502});
  EXPECT_EQ(book.next_look_up(kNow + base::Millis{1'000}, kGap), kNow + base::Millis{1'000});
}

TEST(DoubtBook, AsksNoMoreThanTwicePerSecondForLong) {
  DoubtBook book(3);
  int asked = 0;
  for (int millis = 0; millis < 60'000; millis += 7) {
    const base::Instant now = kNow + base::Millis{millis};
    if (book.next_look_up(now, kGap) == now) ++asked;
  }
  EXPECT_GE(asked, 119);
  EXPECT_LE(asked, 122);
}

}  // namespace
}  // namespace sojourn::runtime
