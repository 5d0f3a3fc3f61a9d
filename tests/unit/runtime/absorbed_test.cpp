// Somebody of whom only consent was known turns out to be somebody else: what waits to go on about
// them, what ended unsent, the log and what is on its way to them is the other's from then on,
// whichever way the two become one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::minutes;
using connectors::OutcomeKind;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Intake = IntakeRequest::Endpoint;

constexpr const char* kWorld = R"(
  event signup
  event seen
  event named { who string } for users where user.email == event.who up to 1
  user { plan string? }
  message_type news = 41 marketing opt_out channel 31
  policy { timezone "UTC" }
  journey greet { enter on signup reenter always wait 30d }
)";
constexpr const char* kPatch = "PATCH /api/subscriptions/messageType/41/user/ada@example.com";
constexpr const char* kOfChannel =
    "DELETE /api/subscriptions/messageChannel/31/user/ada@example.com";

// How ada@example.com, of whom only consent is known, becomes a user who is known otherwise.
struct Way {
  std::string name;
  std::string known_as;  // a JSON member
  void (*become_one)(ShardWorld& world);
  std::string email = "ada@example.com";  // the user's, afterwards
};

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

const std::vector<Way> kWays = {
    {"AnUpdateWithBothNames", R"("userId":"u-1")",
     [](ShardWorld& world) {
       world.update(R"({"userId":"u-1","email":"ada@example.com","dataFields":{"plan":"x"}})");
     }},
    {"AnEventWithBothNames", R"("userId":"u-1")",
     [](ShardWorld& world) {
       world.track(R"({"userId":"u-1","email":"ada@example.com","eventName":"signup"})");
     }},
    {"ANewEmail", R"("userId":"u-1")",
     [](ShardWorld& world) {
       world.update(R"({"userId":"u-1","dataFields":{"email":"ada@example.com"}})");
     }},
    {"AMergeIntoThem", R"("email":"bob@example.com")",
     [](ShardWorld& world) {
       world.post(Intake::kUsersMerge,
                  R"({"sourceEmail":"bob@example.com","destinationEmail":"ada@example.com"})");
     }},
    {"AMergeOfThem", R"("email":"bob@example.com")",
     [](ShardWorld& world) {
       world.post(Intake::kUsersMerge,
                  R"({"sourceEmail":"ada@example.com","destinationEmail":"bob@example.com"})");
     },
     "bob@example.com"},
};

class Absorbed : public testing::TestWithParam<Way> {
 protected:
  static ShardSettings settings() {
    ShardSettings settings;
    settings.keep_log_days = 10;
    settings.turn.max_fan_out_users = 1;
    return settings;
  }
  void make_known() {
    EXPECT_EQ(world.update("{" + GetParam().known_as + R"(,"dataFields":{"plan":"pro"}})"),
              "200 Success");
  }
  void become_one() {
    GetParam().become_one(world);
    EXPECT_NE(id_of(GetParam().email), tombstone) << "they are one";
  }
  void say(const std::string& call) {
    EXPECT_EQ(world.consent(call, ForwardMode::kQueue), "202 Success");
  }
  // One of ada@example.com that waits for its second attempt.
  void leave_one_waiting() {
    say(kPatch);
    tombstone = id_of("ada@example.com");
    world.end(world.take(), OutcomeKind::kRetry);
  }
  std::string unsubscribe() const {
    return "DELETE /api/subscriptions/messageType/41/user/" + GetParam().email;
  }
  std::string take() {
    const Outgoing outgoing = world.take();
    world.accept(outgoing);
    return outgoing.request.method + " " + outgoing.request.path;
  }
  store::UserId id_of(const std::string& email) {
    store::ReadSet read;
    read.identities.push_back({store::Identity::Kind::kEmail, email});
    return world.store().load(read)->identities.at(0).value_or(store::UserId{});
  }
  std::vector<store::Row> rows_of(store::UserId user, store::RowKind kind) {
    return *world.store().rows(user, kind, 100);
  }
  // What has her address among what waits and what ended unsent.
  std::vector<std::string> kept_about_her() {
    std::vector<std::string> kept;
    const auto deliveries = world.store().deliveries({}, 100);
    for (const store::Delivery& delivery : *deliveries) kept.push_back(delivery.body);
    for (const store::Row& row : rows_of({0, 0}, store::RowKind::kDeadLetter)) {
      kept.push_back(row.body);
    }
    std::erase_if(kept, [](const std::string& body) {
      return body.find("ada@example.com") == std::string::npos;
    });
    return kept;
  }

  ShardWorld world{kWorld, settings()};
  store::UserId tombstone;
};

TEST_P(Absorbed, WhatWaitsLeavesBeforeWhatIsSaidNext) {
  make_known();
  leave_one_waiting();
  become_one();
  world.restart();
  say(unsubscribe());
  EXPECT_TRUE(world.nothing_to_take()) << "an earlier word is still to be said";
  world.pass(minutes(5));
  EXPECT_EQ(take(), kPatch);
  EXPECT_EQ(take(), unsubscribe());
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_P(Absorbed, WhatIsUnderWayIsWaitedFor) {
  make_known();
  say(kPatch);
  const Outgoing patch = world.take();
  become_one();
  say(unsubscribe());
  EXPECT_TRUE(world.nothing_to_take());
  world.accept(patch);
  EXPECT_EQ(take(), unsubscribe());
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_P(Absorbed, AnErasureTakesWhatWaitsAndWhatEndedUnsent) {
  make_known();
  say(kOfChannel);
  world.refuse(world.take(), "nobody is called so");
  leave_one_waiting();
  EXPECT_EQ(kept_about_her().size(), 2U);
  become_one();
  world.restart();
  EXPECT_EQ(world.post(Intake::kUsersForget, R"({"email":")" + GetParam().email + R"("})"),
            "200 Success");
  EXPECT_THAT(kept_about_her(), IsEmpty());
  world.pass(days24(1));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("forwards/erased"), 1);
  EXPECT_EQ(world.counter("dead_letters_gone/erased"), 1);
  EXPECT_EQ(world.counter("dead_letters_kept"), 0);
}

TEST_P(Absorbed, WhatTheLogHasIsTheOthersAndIsForgottenAsTheirs) {
  make_known();
  leave_one_waiting();
  const std::string line = "profile subscribed to message type 41";
  EXPECT_THAT(world.log("ada@example.com"), ElementsAre(line));
  become_one();
  EXPECT_THAT(world.log(GetParam().email), Contains(line));
  EXPECT_THAT(rows_of(tombstone, store::RowKind::kLog), IsEmpty());
  world.pass(days24(12));
  EXPECT_THAT(world.log(GetParam().email), Not(Contains(line)));
}

// One user in a turn is told, and carl@example.com comes first. Each of them has appeared, by an
// event that nothing reads: before that no event for many finds them.
TEST_P(Absorbed, AnEventForManyComesToWhoeverTheyAreByThen) {
  make_known();
  EXPECT_EQ(world.update(R"({"email":"carl@example.com"})"), "200 Success");
  EXPECT_EQ(world.consent(kOfChannel), "202 Success");
  EXPECT_EQ(world.track(R"({"email":"ada@example.com","eventName":"seen"})"), "200 Success");
  tombstone = id_of("ada@example.com");
  world.stop_after(1);
  world.track_bulk(R"({"events":[
      {"email":"dora@example.com","eventName":"named","dataFields":{"who":"carl@example.com"}},
      {"email":"dora@example.com","eventName":"named","dataFields":{"who":"ada@example.com"}}]})");
  world.stop_after(1);
  become_one();
  EXPECT_EQ(world.counter("events/named"), 1) << "theirs is on its way";
  world.restart();
  EXPECT_EQ(world.counter("events/named"), 2);
  EXPECT_THAT(world.log(GetParam().email), Contains(HasSubstr("event named")));
}

TEST_P(Absorbed, TheLogNamesThemAlsoWhereNothingOfTheirsIsNews) {
  make_known();
  const std::string theirs = GetParam().known_as;
  world.update("{" + theirs + R"(,"dataFields":{"unsubscribedMessageTypeIds":[41]}})");
  world.update(R"({"email":"ada@example.com","dataFields":{"unsubscribedMessageTypeIds":[41]}})");
  tombstone = id_of("ada@example.com");
  become_one();
  EXPECT_THAT(world.log(GetParam().email), Contains("profile the consent of ada@example.com"));
}

INSTANTIATE_TEST_SUITE_P(Ways, Absorbed, testing::ValuesIn(kWays),
                         [](const auto& way) { return way.param.name; });

// Both in one turn: nothing of the log is lost between them.
TEST(AbsorbedAtOnce, TheLogHasWhatTheSameTurnSaidBefore) {
  ShardWorld world(kWorld);
  EXPECT_EQ(world.update(R"({"userId":"u-1","dataFields":{"plan":"pro"}})"), "200 Success");
  world.post(Intake::kUsersBulkUpdate,
             R"({"users":[{"email":"ada@example.com",
                           "dataFields":{"unsubscribedMessageTypeIds":[41]}},
                          {"userId":"u-1","dataFields":{"email":"ada@example.com"}}]})");
  EXPECT_THAT(world.log("u-1"), AllOf(Contains(HasSubstr("unsubscribedMessageTypeIds")),
                                      Contains("profile the consent of ada@example.com")));
  EXPECT_EQ(world.counter("tombstones_kept"), 0) << "no commit has her alone";
}

}  // namespace
}  // namespace sojourn::runtime
