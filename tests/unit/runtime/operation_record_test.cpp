// The stored forms of what operators have said: each reads back as it was written, and
// damaged bytes are an error.
#include "runtime/operation_record.h"

#include <gtest/gtest.h>

namespace sojourn::runtime {
namespace {

std::vector<Operation> operations() {
  Operation paused;
  paused.journey = "welcome";
  paused.paused_at = base::Instant{5'000};
  paused.entries = Operation::Entries::kDraining;
  paused.queue = 3;
  paused.first = 7;
  paused.next = 1'000'007;
  Operation frozen = paused;
  frozen.journey = "frozen";
  frozen.clock_stands = true;
  Operation has_stood;
  has_stood.journey = "thawed";
  has_stood.stood = base::days24(40);
  Operation stopped;
  stopped.journey = "trial";
  stopped.entries = Operation::Entries::kStopped;
  stopped.is_sending_out = true;
  stopped.last_sent_out = store::UserId{1'023, 9};
  return {paused, frozen, has_stood, stopped};
}

// Every beginning of it is damaged, and so is anything longer.
template <typename Decode>
void expect_whole(const std::string& bytes, Decode decode) {
  EXPECT_TRUE(decode(bytes).has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode(bytes.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(decode(bytes + "x").has_value());
}

TEST(OperationRecord, ReadsBackWhatWasSaid) {
  const auto decode = [](std::string_view bytes) { return decode_operations(bytes); };
  EXPECT_EQ(*decode(encode(operations())), operations());
  expect_whole(encode(operations()), decode);
}

TEST(OperationRecord, ReadsBackWhatIsHeldBack) {
  const auto decode = [](std::string_view bytes) { return decode_held(bytes); };
  const store::UserId user{4, 12};
  const HeldBack timer{user, store::TimerKey{user, base::Instant{-1}, 2}};
  const HeldBack delivery{user, base::Hash128{17, 18}};
  for (const HeldBack& held : {timer, delivery}) {
    EXPECT_EQ(*decode(encode(held)), held);
    expect_whole(encode(held), decode);
  }
}

TEST(OperationRecord, ReadsBackALineOfTheLog) {
  const auto decode = [](std::string_view bytes) { return decode_audit(bytes); };
  const AuditLine line{base::Instant{77}, "ada", "stop", "welcome", "3 inside"};
  EXPECT_EQ(*decode(encode(line)), line);
  expect_whole(encode(line), decode);
}

TEST(OperationRecord, EarlierPlacesHaveGreaterNumbersAndQueuesAreApart) {
  EXPECT_GT(held_row(1, 0).number, held_row(1, 1).number);
  EXPECT_NE(queue_user(1), queue_user(2));
  EXPECT_LT(queue_user(1'000'000).number, 1ULL << 48U);
}

}  // namespace
}  // namespace sojourn::runtime
