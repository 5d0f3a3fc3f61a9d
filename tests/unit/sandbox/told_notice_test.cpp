#include "sandbox/told_notice.h"

#include <gtest/gtest.h>

namespace sojourn::sandbox {
namespace {

ToldNotice a_notice() {
  return {.event = "emailOpen",
          .end = ToldNotice::End::kTaken,
          .subject = "email:ada@example.com",
          .message_key = "0123",
          .message = 7,
          .happened = base::Instant{1'000},
          .begun = base::Instant{1'100},
          .ended = base::Instant{1'200},
          .attempts = 3,
          .unanswered = 1,
          .bot = true,
          .again = true};
}

TEST(ToldNotice, IsReadBackFromItsRecordHoweverItEnded) {
  for (const auto end : {ToldNotice::End::kTaken, ToldNotice::End::kGivenUp,
                         ToldNotice::End::kDropped, ToldNotice::End::kLost}) {
    ToldNotice notice = a_notice();
    notice.end = end;
    EXPECT_EQ(told_notice(record_of(notice)).value(), notice);
  }
}

TEST(ToldNotice, IsFiledUnderItsEventAndItsPerson) {
  ToldNotice notice = a_notice();
  EXPECT_EQ(record_of(notice).topic, "emailOpen");
  EXPECT_EQ(record_of(notice).subject, "email:ada@example.com");
  EXPECT_EQ(record_of(notice).time, base::Instant{1'200});
  notice.end = ToldNotice::End::kGivenUp;
  EXPECT_EQ(record_of(notice).topic, "emailOpen given_up");
}

TEST(ToldNotice, SaysWhichRecordIsNone) {
  store::Record record = record_of(a_notice());
  record.topic = "emailOpen eaten";
  EXPECT_EQ(told_notice(record).error().message,
            "`emailOpen eaten` of email:ada@example.com is not the record of a notice");
  for (const char* body : {"", "[]", "{}", R"({"key":1})"}) {
    record = record_of(a_notice());
    record.body = body;
    EXPECT_FALSE(told_notice(record).has_value()) << body;
  }
}

}  // namespace
}  // namespace sojourn::sandbox
