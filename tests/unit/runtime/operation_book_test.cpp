// The book of what operators say, without a store: which commands make sense when, and the
// bound of their log.
#include "runtime/operation_book.h"

#include <gtest/gtest.h>

#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

using What = JourneyCommand::What;

using Clock = JourneyCommand::Clock;

void say(OperationBook& book, What what, std::int64_t at = 1'000, Clock clock = Clock::kRun) {
  TurnRecord record(base::Instant{at});
  ASSERT_EQ(book.refusal(what, "j"), std::nullopt);
  book.apply({what, "j", true, "ada", 1, clock}, "", record);
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

TEST(OperationBook, AFrozenClockStandsUntilThePauseEnds) {
  OperationBook book;
  const auto stood = [&](std::int64_t now) {
    const engine::FrozenClock clock = book.clock("j", base::Instant{now});
    return std::pair(clock.stood.count, clock.stands);
  };
  EXPECT_EQ(stood(500), std::pair(std::int64_t{0}, false));
  say(book, What::kPause, 1'000);
  EXPECT_EQ(stood(2'000), std::pair(std::int64_t{0}, false)) << "a clock that runs";
  say(book, What::kResume, 2'000);
  say(book, What::kPause, 3'000, Clock::kFreeze);
  EXPECT_EQ(book.refusal(What::kPause, "j"), "`j` is paused already, with its clock frozen");
  EXPECT_EQ(stood(3'400), std::pair(std::int64_t{400}, true));
  EXPECT_EQ(stood(2'900), std::pair(std::int64_t{0}, true)) << "set back";
  say(book, What::kDrain, 3'500);
  EXPECT_EQ(stood(3'600), std::pair(std::int64_t{600}, true));
  say(book, What::kResume, 4'000);
  EXPECT_EQ(stood(9'000), std::pair(std::int64_t{1'000}, false));
  say(book, What::kPause, 10'000, Clock::kFreeze);
  say(book, What::kStop, 10'070);
  EXPECT_EQ(stood(20'000), std::pair(std::int64_t{1'070}, false));
  EXPECT_EQ(book.clock("other", base::Instant{20'000}).stood.count, 0);
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
