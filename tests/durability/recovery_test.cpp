// A run ends in the middle of things by a power cut; a new process takes over the
// disk, finds what is in doubt, and finishes everybody's journey.
#include <gmock/gmock.h>
#include <iostream>
#include <map>

#include "runtime/log_record.h"
#include "tests/durability/busy_days.h"
#include "tests/durability/finish.h"
#include "tests/durability/power_cut.h"

namespace sojourn::durability {
namespace {

using runtime::DeliveryRecord;
using ::testing::ElementsAreArray;

constexpr int kTurns = 150;

bool is_message(const Claim& claim) {
  return claim.record.kind == DeliveryRecord::Kind::kMessage;
}
bool is_at_most_once(const Claim& claim) {
  return claim.record.subject == "last_call";
}

// Why the message of this claim ended unsent; empty when the log does not say so.
std::string skipped_because(store::Store& store, const Claim& claim) {
  const auto rows = store.rows(claim.key.user, store::RowKind::kLog, 1'000).value();
  for (const store::Row& row : rows) {
    const auto lines = runtime::decode_log(row.body).value();
    for (const runtime::LogRecord& line : lines) {
      if (line.kind == runtime::LogRecord::Kind::kSkipped && line.subject == claim.record.subject) {
        return line.detail;
      }
    }
  }
  return {};
}

std::vector<std::string> doubts_expected(const std::vector<Claim>& claims) {
  std::vector<std::string> details;
  for (const Claim& claim : claims) {
    if (!is_message(claim)) continue;
    details.push_back("key=" + claim.key.message.hex() +
                      " endpoint=email attempt=" + std::to_string(claim.record.attempts) +
                      " the process ended before the answer came");
  }
  return details;
}

std::vector<std::string> doubts_noted(const Witness& witness) {
  std::vector<std::string> details;
  for (const auto& note : witness.notes()) {
    if (note.event == "in_doubt") details.push_back(note.detail);
  }
  return details;
}

class Recovery : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  Recovery() : before_(GetParam()) {
    std::cout << "seed " << GetParam() << '\n';
    before_.go(kTurns);
    const std::string path = restore(before_.shard().witness().power_cut(), directory_);
    after_ = std::make_unique<WatchedShard>(path, GetParam());
    claims_ = claims_on_disk(after_->store());
  }

  void recover() {
    const base::Instant now = before_.now() + base::minutes(5);
    ASSERT_TRUE(after_->shard().recover(now).has_value());
    EXPECT_TRUE(after_->witness().outgoing().empty()) << "nothing leaves before the first turn";
  }

  BusyDays before_;
  store::ScratchDirectory directory_{store::ScratchDirectory::Place::kMemory};
  std::unique_ptr<WatchedShard> after_;
  std::vector<Claim> claims_;
};

TEST_P(Recovery, NotesWhatWasHandedOutAsInDoubt) {
  ASSERT_FALSE(claims_.empty());
  EXPECT_EQ(claims_.size(), before_.shard().witness().promises().claims.size());
  recover();
  EXPECT_THAT(doubts_noted(after_->witness()), ElementsAreArray(doubts_expected(claims_)));
  EXPECT_TRUE(claims_on_disk(after_->store()).empty());
}

TEST_P(Recovery, TriesAgainWithTheSameKeyUnlessAtMostOnce) {
  recover();
  const auto attempts = finish(*after_, before_.now() + base::minutes(5));
  std::size_t repeated = 0;
  for (const Claim& claim : claims_) {
    const auto found = attempts.find(claim.key);
    if (is_at_most_once(claim)) {
      EXPECT_EQ(found, attempts.end()) << "an at most once message was sent twice";
      EXPECT_EQ(skipped_because(after_->store(), claim), "unknown");
    } else if (found == attempts.end()) {
      EXPECT_TRUE(is_message(claim));
      EXPECT_EQ(skipped_because(after_->store(), claim), "exited");
    } else {
      ++repeated;
      EXPECT_THAT(found->second, ::testing::ElementsAre(claim.record.attempts + 1));
    }
  }
  EXPECT_GT(repeated, 0);
}

TEST_P(Recovery, EveryJourneyEndsAndEveryMessageIsAccountedFor) {
  recover();
  finish(*after_, before_.now() + base::minutes(5));
  store::Store& store = after_->store();
  EXPECT_EQ(counter(store, "entered/welcome"), before_.traffic().people());
  EXPECT_EQ(counter(store, "repeated_events"), before_.traffic().repeats());
  EXPECT_EQ(total(store, "exited"), total(store, "entered"));
  EXPECT_EQ(total(store, "inside"), 0);
  EXPECT_EQ(total(store, "accepted") + total(store, "skipped"), total(store, "planned"));
  EXPECT_GT(total(store, "accepted"), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Recovery, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace sojourn::durability
