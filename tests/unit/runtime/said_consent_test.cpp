// What was said last holds, in whatever order it came.
#include "runtime/said_consent.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/send_policy.h"
#include "graph/built_in.h"

namespace sojourn::runtime {
namespace {

using base::Instant;
using graph::Value;

class SaidConsentTest : public testing::Test {
 protected:
  void say(bool subscribes, std::vector<std::int64_t> types, Instant at,
           std::vector<std::int64_t> channels = {}) {
    now = now + base::seconds(1);
    for (auto& [name, value] :
         with_said(head, {subscribes, std::move(channels), std::move(types), at}, now)) {
      head.set({name, std::move(value), ProfileField::Source::kIntake, now, {}});
    }
  }
  // Somebody else writes a field, as users/updateSubscriptions does.
  void write(std::string_view field, graph::List ids) {
    now = now + base::seconds(1);
    head.set({std::string(field), Value(std::move(ids)), ProfileField::Source::kIntake, now, {}});
  }
  bool holds(std::string_view field, std::int64_t id) const {
    const ProfileField* found = head.find(field);
    return found != nullptr &&
           std::ranges::find(found->value.as_list(), Value(id)) != found->value.as_list().end();
  }
  bool refused(std::int64_t type) const { return holds(graph::kUnsubscribedIds, type); }
  bool subscribed(std::int64_t type) const { return holds(graph::kSubscribedIds, type); }

  UserHead head;
  Instant now{1'000'000'000};
};

constexpr Instant kFirst{500'000'000};
constexpr Instant kSecond{500'001'000};
constexpr Instant kThird{500'002'000};

TEST_F(SaidConsentTest, TheOrderInWhichNoticesComeDoesNotMatter) {
  struct Word {
    bool yes;
    std::int64_t type;
    Instant at;
  };
  std::vector<Word> words{
      {false, 41, kFirst}, {true, 41, kSecond}, {false, 42, kThird}, {true, 42, kFirst}};
  std::vector<int> order{0, 1, 2, 3};
  do {
    head = {};
    for (const int i : order) {
      const Word& word = words[static_cast<std::size_t>(i)];
      say(word.yes, {word.type}, word.at);
      say(word.yes, {word.type}, word.at);
    }
    EXPECT_TRUE(subscribed(41) && !refused(41));
    EXPECT_TRUE(refused(42) && !subscribed(42));
  } while (std::ranges::next_permutation(order).found);
}

TEST_F(SaidConsentTest, AtOneInstantNoWins) {
  say(true, {41}, kFirst);
  say(false, {41}, kFirst);
  EXPECT_TRUE(refused(41));
  say(true, {41}, kFirst);
  EXPECT_TRUE(refused(41));
}

TEST_F(SaidConsentTest, ChannelsAreApartFromTypes) {
  say(false, {}, kFirst, {41});
  EXPECT_TRUE(holds(graph::kUnsubscribedChannelIds, 41));
  EXPECT_FALSE(refused(41));
  say(true, {}, kSecond, {41});
  EXPECT_FALSE(holds(graph::kUnsubscribedChannelIds, 41));
}

TEST_F(SaidConsentTest, ALateYesDoesNotUndoANoThatAnotherSystemWrote) {
  say(false, {41}, kFirst);
  write(graph::kUnsubscribedIds, {Value(std::int64_t{41}), Value(std::int64_t{43})});
  const Instant written = now;
  say(false, {42}, written + base::seconds(9));
  for (const std::int64_t type : {41, 43}) {
    say(true, {type}, kThird);
    EXPECT_TRUE(refused(type)) << "it was said before that was written";
    say(true, {type}, written + base::seconds(1));
    EXPECT_FALSE(refused(type)) << type;
  }
}

TEST_F(SaidConsentTest, ANoHoldsAgainstAListThatDoesNotKnowItYet) {
  write(graph::kSubscribedIds, {Value(std::int64_t{41})});
  write(graph::kUnsubscribedIds, {});
  say(false, {41}, kFirst);
  EXPECT_TRUE(refused(41) && !subscribed(41));
}

TEST_F(SaidConsentTest, WhatIsNoNewsChangesNothing) {
  say(false, {41}, kSecond);
  EXPECT_TRUE(with_said(head, {true, {}, {41}, kFirst}, now).empty());
  const auto again = with_said(head, {false, {}, {41}, kThird}, now);
  EXPECT_FALSE(again.empty()) << "it was said later, too";
  EXPECT_FALSE(changes_consent(again));
}

TEST_F(SaidConsentTest, TheNumberOfTimesKeptIsBounded) {
  for (std::int64_t id = 0; id < 1'100; ++id) {
    say(false, {id}, Instant{kFirst.millis + id});
  }
  const ProfileField* times = head.find(graph::kSaidTimes);
  ASSERT_NE(times, nullptr);
  EXPECT_EQ(times->value.as_object().size(), kMaxSaidIds + 1);
  EXPECT_TRUE(refused(0)) << "what was said stays";
}

// A profile for the rule that reads suppressions.
class Profile final : public engine::ProfileView {
 public:
  explicit Profile(const UserHead& head, std::string email) : head_(head), email_(email) {}
  const Value& field(std::string_view name) const override {
    static const Value kMissing;
    if (name == "email") return email_;
    const ProfileField* found = head_.find(name);
    return found == nullptr ? kMissing : found->value;
  }
  Value cleared(std::string_view) const override { return {}; }

 private:
  const UserHead& head_;
  Value email_;
};

class SuppressionTest : public SaidConsentTest {
 protected:
  void suppress(graph::Medium medium, std::string_view why, Instant at,
                const std::string& of = "ada@example.com") {
    if (auto value = with_suppression(head, {medium, why, of, at})) {
      head.set({std::string(graph::kSuppressed),
                std::move(*value),
                ProfileField::Source::kIntake,
                now,
                {}});
    }
  }
  std::string why(graph::Medium medium, bool marketing = true,
                  const std::string& email = "ada@example.com") const {
    return std::string(engine::suppressed(Profile(head, email), {medium, marketing, "news"}));
  }
};

TEST_F(SuppressionTest, ItIsOfOneMediumAndOneAddress) {
  suppress(graph::Medium::kEmail, "hard_bounce", kFirst);
  EXPECT_EQ(why(graph::Medium::kEmail), "hard_bounce");
  EXPECT_EQ(why(graph::Medium::kEmail, false), "hard_bounce");
  EXPECT_EQ(why(graph::Medium::kSms), "");
  EXPECT_EQ(why(graph::Medium::kEmail, true, "new@example.com"), "");
}

TEST_F(SuppressionTest, AComplaintIsAboutMarketing) {
  suppress(graph::Medium::kEmail, graph::kComplaint, kFirst);
  EXPECT_EQ(why(graph::Medium::kEmail), "complaint");
  EXPECT_EQ(why(graph::Medium::kEmail, false), "");
}

TEST_F(SuppressionTest, WhatWasSaidLastHolds) {
  suppress(graph::Medium::kEmail, "", kSecond);
  suppress(graph::Medium::kEmail, "hard_bounce", kFirst);
  EXPECT_EQ(why(graph::Medium::kEmail), "");
  suppress(graph::Medium::kEmail, "hard_bounce", kThird);
  suppress(graph::Medium::kEmail, "", kSecond);
  EXPECT_EQ(why(graph::Medium::kEmail), "hard_bounce");
}

}  // namespace
}  // namespace sojourn::runtime
