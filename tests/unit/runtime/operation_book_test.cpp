// The book of what operators say, without a store: which commands make sense when, and the
// bound of their log.
#include "runtime/operation_book.h"

#include <gtest/gtest.h>

#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

using What = JourneyCommand::What;

void say(OperationBook& book, What what) {
  TurnRecord record(base::Instant{1'000});
  ASSERT_EQ(book.refusal(what, "j"), std::nullopt);
  book.apply({what, "j", true, "ada", 1}, "", record);
}

TEST(OperationBook, RefusesWhatMakesNoSense) {
  OperationBook book;
  EXPECT_EQ(book.refusal(What::kResume, "j"), "`j` is neither paused nor drained nor stopped");
  say(book, What::kPause);
  EXPECT_EQ(book.refusal(What::kPause, "j"), "`j` is paused already");
  EXPECT_EQ(book.refusal(What::kPause, "other"), std::nullopt);
  say(book, What::kDrain);
  EXPECT_EQ(book.refusal(What::kDrain, "j"), "`j` is draining already");
  say(book, What::kStop);
  EXPECT_EQ(book.refusal(What::kPause, "j"), "`j` is stopped already");
  EXPECT_EQ(book.refusal(What::kStop, "j"), "`j` is stopped already");
  EXPECT_EQ(book.refusal(What::kDrain, "j"), "`j` is stopped already");
  EXPECT_EQ(book.refusal(What::kResume, "j"),
            "people are still being sent out of `j`; try again when that is done");
}

TEST(OperationBook, AResumeTakesBackThePauseFirst) {
  OperationBook book;
  say(book, What::kDrain);
  say(book, What::kPause);
  EXPECT_EQ(book.closed_by("j"), "paused");
  say(book, What::kResume);
  EXPECT_EQ(book.closed_by("j"), "draining");
  EXPECT_FALSE(book.is_paused("j"));
  say(book, What::kResume);
  EXPECT_EQ(book.closed_by("j"), "");
}

TEST(OperationBook, TheLogOfCommandsIsBounded) {
  OperationBook book;
  TurnRecord record(base::Instant{1'000});
  for (std::uint64_t i = 0; i < kMaxAuditLines + 2; ++i) {
    const What what = i % 2 == 0 ? What::kPause : What::kResume;
    book.apply({what, "j", true, "ada", 1}, "", record);
  }
  EXPECT_EQ(record.commit.put_rows.size(), kMaxAuditLines + 2);
  ASSERT_EQ(record.commit.remove_rows.size(), 2U);
  EXPECT_EQ(record.commit.remove_rows[0].number, 1U);
  EXPECT_EQ(record.commit.remove_rows[1].number, 2U);
}

}  // namespace
}  // namespace sojourn::runtime
