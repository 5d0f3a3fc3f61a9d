#include "runtime/doubt_book.h"

#include <gtest/gtest.h>

#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

constexpr base::Instant kNow{1'772'355'600'000};

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

}  // namespace
}  // namespace sojourn::runtime
