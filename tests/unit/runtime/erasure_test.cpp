// People who are erased: nothing of them is left, whatever they had, and nothing that comes late
// brings any of it back. People who are forgotten: what comes about them is refused. Through the
// real store.
#include <algorithm>
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "runtime/fan_out_record.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Intake = IntakeRequest::Endpoint;
using Json = nlohmann::json;
using store::Identity;
using store::RowKind;

constexpr const char* kAda = "ada@example.com";
constexpr const char* kAdaPath = "/api/users/ada@example.com";

// Ada can have a row of every kind that users have.
constexpr const char* kWorld = R"(
  user { plan string endsAt timestamp? team string }
  event signup
  event login
  event asked
  event bought
  event told { team string } for users where user.team == event.team up to 9
  webhook oracle = "https://oracle.example.com/ask" { returns { answer string } }
  message_type news = 1 marketing opt_out
  campaign hello = 101 email news
  campaign later = 102 email news
  policy { timezone "UTC" cap marketing 5 per 24h defer up to 2d else drop }
  journey waits {
    enter on signup
    goal bought on bought within 30d
    send hello
    wait 3d
    if at least 1 login within 7d { send later }
  }
  journey done { enter on signup goal bought on bought within 30d exit }
  journey dated { enter when now >= user.endsAt send later }
  journey calls { enter on asked call oracle up to 1h wait 1d }
)";

std::string event(const std::string& name, const std::string& rest = "") {
  return R"({"email":"ada@example.com","eventName":")" + name + "\"" + rest + "}";
}

class ErasureTest : public testing::Test {
 protected:
  void sign_up() {
    EXPECT_EQ(world.update(R"({"email":"ada@example.com","userId":"u-1",
                               "dataFields":{"team":"a","endsAt":"2026-04-01T09:00:00Z"}})"),
              "200 Success");
    for (const char* name : {"signup", "login"}) {
      EXPECT_EQ(world.track(event(name, R"(,"id":")" + std::string(name) + "-1\"")), "200 Success");
    }
  }
  store::UserId id_of(const char* email = kAda) {
    store::ReadSet read;
    read.identities.push_back({Identity::Kind::kEmail, email});
    const auto found = world.store().load(read)->identities.at(0);
    return found.value_or(store::UserId{});
  }
  // What there is of a user anywhere in the store.
  std::set<std::string> found_of(store::UserId id) {
    std::set<std::string> found;
    for (int kind = 0; kind <= 16; ++kind) {
      const auto rows = world.store().rows(id, static_cast<RowKind>(kind), 1);
      if (!rows->empty()) found.insert("row " + std::to_string(kind));
    }
    if (!world.store().deliveries_of(id)->empty()) found.insert("delivery");
    const auto timers = world.store().due_timers(base::kNever, 10'000);
    for (const auto& timer : *timers) {
      if (timer.user == id) found.insert(timer.enrollment == 0 ? "watch timer" : "timer");
    }
    const auto parts = world.store().fan_outs({}, 1'000);
    for (const store::FanOutRow& row : *parts) {
      if (row.key.part == 0) continue;
      const auto users = *decode_users(row.body);
      if (std::ranges::find(users, id) != users.end()) found.insert("fan-out");
    }
    return found;
  }
  // entered = inside + exited, of every journey.
  void expect_counts_hold() {
    std::map<std::string, std::int64_t> balance;
    for (const auto& [name, value] : world.counters()) {
      const std::string journey = name.substr(name.find('/') + 1);
      const std::string of = journey.substr(0, journey.find('/'));
      if (name.starts_with("entered/")) balance[of] += value;
      if (name.starts_with("inside/") || name.starts_with("exited/")) balance[of] -= value;
    }
    for (const auto& [journey, left] : balance) EXPECT_EQ(left, 0) << journey;
    EXPECT_FALSE(balance.empty());
  }
  std::string forget(const std::string& person = R"({"email":"ada@example.com"})") {
    return world.post(Intake::kUsersForget, person);
  }

  ShardWorld world{kWorld};
};

TEST_F(ErasureTest, NothingIsLeftOfAnybodyWhoHadEverything) {
  sign_up();
  const Outgoing hello = world.take();
  world.accept(hello);
  EXPECT_EQ(world.track(event("asked")), "200 Success");
  const store::UserId id = id_of();
  ASSERT_THAT(found_of(id),
              UnorderedElementsAre("row 0", "row 1", "row 2", "row 3", "row 5", "row 6", "row 7",
                                   "row 8", "delivery", "timer", "watch timer"));
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_THAT(found_of(id), IsEmpty());
  EXPECT_EQ(id_of(), store::UserId{}) << "nobody has the email";
  EXPECT_EQ(Json::parse(world.report("u-1")).value("id", ""), "") << "nor the userId";
  EXPECT_EQ(world.counter("users_erased"), 1);
  EXPECT_EQ(world.counter("exited/waits/erased"), 1);
  expect_counts_hold();
  // Nothing that was to come comes.
  const Outgoing asked = world.take();
  world.reply(asked, {{"answer", graph::Value("yes")}});
  world.pass(base::days24(60));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_THAT(found_of(id), IsEmpty());
}

TEST_F(ErasureTest, TheIndexOfFieldsFindsThemNoMore) {
  sign_up();
  EXPECT_EQ(world.erase("/api/users/byUserId/u-1"), "200 Success");
  EXPECT_EQ(world.track(R"({"email":"bob@example.com","eventName":"told",
                            "dataFields":{"team":"a"}})"),
            "200 Success");
  EXPECT_EQ(world.counter("fan_out_users/told"), 0);
}

// The outcome of an attempt that was under way, and what the store then has of it.
class ErasedInFlight : public ErasureTest, public testing::WithParamInterface<OutcomeKind> {};

TEST_P(ErasedInFlight, AnOutcomeThatComesLateChangesNothing) {
  sign_up();
  const Outgoing hello = world.take();
  const store::UserId id = id_of();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_THAT(found_of(id), IsEmpty()) << "the claim, too";
  const auto lanes_before = world.lanes();
  EXPECT_EQ(lanes_before.at(0).in_flight, 1U) << "it is under way all the same";
  world.end(hello, GetParam());
  EXPECT_EQ(world.lanes().at(0).in_flight, 0U);
  EXPECT_THAT(found_of(id), IsEmpty());
  EXPECT_EQ(id_of(), store::UserId{});
  world.pass(base::days24(10));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/waits/hello/erased"), 1);
  EXPECT_EQ(world.counter("accepted/waits/hello"), 0);
}

INSTANTIATE_TEST_SUITE_P(Outcomes, ErasedInFlight,
                         testing::Values(OutcomeKind::kAccepted, OutcomeKind::kRejected,
                                         OutcomeKind::kRetry, OutcomeKind::kUnknown));

TEST_F(ErasureTest, ARestartBringsNothingBack) {
  sign_up();
  const store::UserId id = id_of();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  world.restart();
  EXPECT_THAT(found_of(id), IsEmpty());
  world.pass(base::days24(40));
  EXPECT_TRUE(world.nothing_to_take()) << "what was claimed is in nobody's doubt";
  expect_counts_hold();
}

TEST_F(ErasureTest, WhoWasErasedMayComeAgainAsSomebodyNew) {
  sign_up();
  const store::UserId before = id_of();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.track(event("signup", R"(,"id":"signup-2")")), "200 Success");
  const store::UserId after = id_of();
  EXPECT_NE(after, before);
  EXPECT_NE(after, store::UserId{});
  EXPECT_EQ(world.counter("entered/waits"), 2);
  EXPECT_THAT(world.log(kAda), testing::Contains(HasSubstr("entered waits")));
  EXPECT_THAT(world.log(kAda), Not(testing::Contains(HasSubstr("login")))) << "of the life before";
  // Who comes late with the outcome of the old life meets the new one without harm.
  world.accept(world.take());
  EXPECT_EQ(world.counter("accepted/waits/hello"), 0);
  world.accept(world.take());
  EXPECT_EQ(world.counter("accepted/waits/hello"), 1);
}

TEST_F(ErasureTest, WhatWasTakenBeforeIsRecognisedWhenItComesAgain) {
  sign_up();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.track(event("signup", R"(,"id":"signup-1")")), "200 Success");
  EXPECT_EQ(id_of(), store::UserId{}) << "a repeat makes nobody";
}

TEST_F(ErasureTest, WhoIsNobodyCannotBeDeleted) {
  EXPECT_EQ(world.erase(kAdaPath), "400 BadParams");
  EXPECT_EQ(world.erase("/api/users/byUserId/u-1"), "400 BadParams");
  sign_up();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.erase(kAdaPath), "400 BadParams") << "nor twice";
}

TEST_F(ErasureTest, WhatIsNoNameIsRefused) {
  EXPECT_EQ(world.erase("/api/users/ada"), "400 InvalidEmailAddressError");
  EXPECT_EQ(world.erase("/api/users/%zz"), "400 InvalidEmailAddressError");
  EXPECT_EQ(world.erase("/api/users/byUserId/"), "400 InvalidUserIdError");
  EXPECT_EQ(forget("{}"), "400 BadParams");
}

TEST_F(ErasureTest, APathMayBePercentEncoded) {
  EXPECT_EQ(world.update(R"({"email":"ada+x@example.com"})"), "200 Success");
  EXPECT_EQ(world.erase("/api/users/Ada%2Bx%40example.com"), "200 Success");
  EXPECT_EQ(id_of("ada+x@example.com"), store::UserId{});
}

TEST_F(ErasureTest, ADeadLetterOfTheirsGoes) {
  sign_up();
  world.refuse(world.take(), "400 BadParams");
  EXPECT_EQ(world.counter("dead_letters_kept"), 1);
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.counter("dead_letters_kept"), 0);
  EXPECT_EQ(world.counter("dead_letters_gone/erased"), 1);
  EXPECT_THAT(*world.store().rows({0, 0}, RowKind::kDeadLetter, 10), IsEmpty());
}

TEST_F(ErasureTest, WhatAPauseHoldsBackIsNotLetGo) {
  sign_up();
  world.accept(world.take());
  world.command(JourneyCommand::What::kPause, "waits");
  world.pass(base::days24(4));
  EXPECT_EQ(world.counter("held_back/waits"), 1);
  const store::UserId id = id_of();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  world.command(JourneyCommand::What::kResume, "waits");
  world.pass(base::minutes(1));
  EXPECT_EQ(world.counter("held_back/waits"), 0);
  EXPECT_THAT(found_of(id), IsEmpty());
  EXPECT_TRUE(world.nothing_to_take());
  expect_counts_hold();
}

TEST_F(ErasureTest, InOneTurnALifeEndsAndAnotherBegins) {
  EXPECT_EQ(world.track(R"({"email":"bob@example.com","eventName":"login"})"), "200 Success");
  world.stop_after(0);
  world.update(R"({"email":"ada@example.com","userId":"u-1","dataFields":{"plan":"old"}})");
  world.track(event("signup"));
  world.erase(kAdaPath);
  world.track(event("signup"));
  world.go_on();
  EXPECT_EQ(world.counter("entered/waits"), 2);
  EXPECT_EQ(world.counter("exited/waits/erased"), 1);
  expect_counts_hold();
  EXPECT_EQ(Json::parse(world.report("u-1")).value("id", ""), "");
  EXPECT_THAT(world.report(kAda), Not(HasSubstr("old")));
  world.accept(world.take());
  EXPECT_TRUE(world.nothing_to_take()) << "of the life that ended nothing left";
}

TEST_F(ErasureTest, WhatIterableTellsOfThemMakesNobody) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  world.notice(R"({"email":"ada@example.com","eventName":"emailComplaint",
                   "dataFields":{"campaignId":101,"createdAt":"2026-03-01 09:00:00 +00:00"}})");
  EXPECT_EQ(world.counter("notices/emailComplaint/forgotten"), 1);
  EXPECT_EQ(id_of(), store::UserId{});
}

TEST_F(ErasureTest, WhatComesAboutSomebodyForgottenIsRefused) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(id_of(), store::UserId{});
  const auto refuses = [&] {
    EXPECT_EQ(world.track(event("login", R"(,"id":"late-1")")), "400 ForgottenUserError");
    EXPECT_EQ(world.track(R"({"userId":"u-1","eventName":"login"})"), "400 ForgottenUserError")
        << "by their other name, too";
    EXPECT_EQ(world.update(R"({"email":"ada@example.com"})"), "409 ForgottenUserError");
    EXPECT_EQ(world.update(R"({"userId":"u-9","dataFields":{"email":"ada@example.com"}})"),
              "409 ForgottenUserError");
    EXPECT_EQ(world.engage(R"({"email":"ada@example.com","engagement":"opened"})"),
              "400 ForgottenUserError");
    EXPECT_EQ(world.enter("nothing", R"({"email":"ada@example.com"})"), "404 UnknownJourney");
    EXPECT_THAT(world.track_bulk(R"({"events":[)" + event("login") + R"(,
                    {"userId":"u-1","eventName":"login"},
                    {"email":"bob@example.com","eventName":"login"}]})"),
                testing::AllOf(HasSubstr(R"("forgottenEmails":["ada@example.com"])"),
                               HasSubstr(R"("forgottenUserIds":["u-1"])"),
                               HasSubstr(R"("successCount":1)")));
  };
  refuses();
  world.restart();
  refuses();
  EXPECT_EQ(id_of(), store::UserId{});
  EXPECT_EQ(id_of("bob@example.com").number, 1U);
}

TEST_F(ErasureTest, ANameThatWasForgottenIsNobodysNewName) {
  sign_up();
  EXPECT_EQ(world.update(R"({"email":"bob@example.com"})"), "200 Success");
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(world.post(Intake::kUsersUpdateEmail,
                       R"({"currentEmail":"bob@example.com","newEmail":"ada@example.com"})"),
            "400 EmailAlreadyExists");
  EXPECT_EQ(world.post(Intake::kUsersMerge,
                       R"({"sourceEmail":"bob@example.com","destinationUserId":"u-1"})"),
            "409 ForgottenUserError");
  EXPECT_EQ(world.post(Intake::kUsersMerge,
                       R"({"sourceUserId":"u-1","destinationEmail":"bob@example.com"})"),
            "409 ForgottenUserError");
}

TEST_F(ErasureTest, NoNameOfWhoWasForgottenIsKept) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(world.counter("forgotten_names"), 2);
  const std::string key = world.store().setting("forgotten_names_key")->value_or("");
  EXPECT_EQ(key.size(), 64U);
  store::ReadSet read;
  read.identities = {{Identity::Kind::kEmail, kAda},
                     {Identity::Kind::kUserId, "u-1"},
                     {Identity::Kind::kForgottenEmail, kAda}};
  const auto loaded = world.store().load(read);
  for (const auto& owner : loaded->identities) EXPECT_FALSE(owner.has_value());
  EXPECT_EQ(forget(), "200 Success") << "again";
  EXPECT_EQ(forget(R"({"userId":"u-1"})"), "200 Success");
  EXPECT_EQ(world.counter("forgotten_names"), 2);
  world.restart();
  EXPECT_EQ(world.store().setting("forgotten_names_key")->value_or(""), key) << "made once";
}

TEST_F(ErasureTest, UntilTheyAreForgottenNoMore) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(world.track(event("login", R"(,"id":"late-1")")), "400 ForgottenUserError");
  EXPECT_EQ(world.post(Intake::kUsersUnforget, R"({"email":"ada@example.com"})"), "200 Success");
  EXPECT_EQ(world.track(event("login", R"(,"id":"late-1")")), "200 Success");
  EXPECT_EQ(world.history(kAda).size(), 1U) << "what was refused left no trace by its id";
  EXPECT_EQ(world.track(R"({"userId":"u-1","eventName":"login"})"), "400 ForgottenUserError")
      << "each name by itself";
  EXPECT_EQ(world.post(Intake::kUsersUnforget, R"({"userId":"u-1"})"), "200 Success");
  EXPECT_EQ(world.post(Intake::kUsersUnforget, R"({"userId":"u-1"})"), "200 Success") << "again";
  EXPECT_EQ(world.counter("forgotten_names"), 0);
}

TEST_F(ErasureTest, SomebodyNobodyHasHeardOfCanBeForgotten) {
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(world.track(event("signup")), "400 ForgottenUserError");
}

TEST_F(ErasureTest, ForgottenWithinOneTurnTheyAreRefusedInIt) {
  EXPECT_EQ(world.track(R"({"email":"bob@example.com","eventName":"login"})"), "200 Success");
  world.stop_after(0);
  world.track(event("signup"));
  forget();
  world.track(event("signup"));
  world.post(Intake::kUsersUnforget, R"({"email":"ada@example.com"})");
  world.track(event("signup"));
  forget();
  world.go_on();
  EXPECT_EQ(world.counter("entered/waits"), 2);
  EXPECT_EQ(world.counter("forgotten_names"), 1);
  EXPECT_EQ(id_of(), store::UserId{});
  EXPECT_TRUE(world.nothing_to_take());
}

// An event for many is on its way to her and to others.
TEST(ErasureOfOneAmongMany, AnEventOnItsWayToManyComesToTheOthers) {
  ShardSettings settings;
  settings.turn.max_fan_out_users = 1;
  ShardWorld world(kWorld, settings);
  for (const char* who : {"ada", "bob", "cyd"}) {
    EXPECT_EQ(world.update(R"({"email":")" + std::string(who) +
                           R"(@example.com","dataFields":{"team":"a"}})"),
              "200 Success");
  }
  world.stop_after(1);
  world.track(R"({"email":"sender@example.com","eventName":"told","dataFields":{"team":"a"}})");
  ASSERT_EQ(world.gauges().fan_out_users.used, 3U);
  world.stop_after(0);
  for (const char* who : {"ada", "cyd"}) {
    world.erase("/api/users/" + std::string(who) + "@example.com");
  }
  world.go_on();
  EXPECT_EQ(world.gauges().fan_out_users.used, 0U);
  EXPECT_THAT(*world.store().fan_outs({}, 10), IsEmpty());
  EXPECT_THAT(world.log("bob@example.com"), testing::Contains(HasSubstr("event told")));
  EXPECT_EQ(world.counter("users_erased"), 2);
  world.restart();
  EXPECT_EQ(world.gauges().fan_out_users.used, 0U);
}

// Its answer never came, and it was to be looked up.
TEST(ErasureInDoubt, WhatWasToBeLookedUpIsNot) {
  ShardSettings settings;
  settings.turn.look_up_after = base::minutes(2);
  ShardWorld world(kWorld, settings);
  EXPECT_EQ(world.track(event("signup")), "200 Success");
  world.end(world.take(), OutcomeKind::kUnknown);
  EXPECT_EQ(world.counter("parked/email"), 1);
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.counter("parked/email"), 0);
  world.pass(base::hours(1));
  EXPECT_TRUE(world.nothing_to_take());
}

// People come, go on, are erased and forgotten while answers are on their way.
class RandomLives : public ErasureTest, public testing::WithParamInterface<std::uint64_t> {
 protected:
  static std::string person(std::uint64_t number) {
    return "p" + std::to_string(number) + "@example.com";
  }
  static std::string body(const std::string& who, const std::string& rest) {
    return R"({"email":")" + who + "\"" + rest + "}";
  }
  void act() {
    const std::string who = person(random_.next() % 3);
    switch (random_.next() % 10) {
      case 0:
      case 1:
      case 2:
        world.track(body(who, R"(,"eventName":"signup")"));
        return;
      case 3:
        world.track(body(who, R"(,"eventName":"asked")"));
        return;
      case 4:
        world.update(body(who, R"(,"dataFields":{"team":"a","endsAt":"2026-04-01T09:00:00Z"})"));
        return;
      case 5:
        return world.pass(base::hours(static_cast<std::int64_t>(random_.next() % 40)));
      case 6:
        if (random_.next() % 3 == 0) world.restart();
        return;
      case 7:
        return erase(who);
      default:
        return answer();
    }
  }
  void erase(const std::string& who) {
    const store::UserId id = id_of(who.c_str());
    if (random_.next() % 2 == 0) {
      forget(body(who, ""));
      EXPECT_EQ(world.track(body(who, R"(,"eventName":"signup")")), "400 ForgottenUserError");
      world.post(Intake::kUsersUnforget, body(who, ""));
    } else {
      world.erase("/api/users/" + who);
    }
    if (id.number != 0) gone_.insert(id);
  }
  void answer() {
    if (world.nothing_to_take()) return;
    const Outgoing outgoing = world.take();
    if (outgoing.call) return world.reply(outgoing, {{"answer", graph::Value("yes")}});
    constexpr std::array kKinds = {OutcomeKind::kAccepted, OutcomeKind::kRetry,
                                   OutcomeKind::kUnknown, OutcomeKind::kRejected};
    world.end(outgoing, kKinds.at(random_.next() % kKinds.size()));
  }

  base::SeededRandom random_{GetParam()};
  std::set<store::UserId> gone_;
};

TEST_P(RandomLives, WhoIsGoneStaysGone) {
  for (int step = 0; step < 200; ++step) {
    act();
    for (const store::UserId id : gone_) EXPECT_THAT(found_of(id), IsEmpty()) << step;
  }
  EXPECT_GT(gone_.size(), 5U);
  // What was asked of the provider before may still be answered; nothing new is asked.
  world.end_all(OutcomeKind::kRetry, connectors::Health::kUnknown);
  world.pass(base::days24(40));
  while (!world.nothing_to_take()) {
    const Outgoing outgoing = world.take();
    EXPECT_FALSE(gone_.contains(outgoing.key.user));
    if (outgoing.call) {
      world.reply(outgoing, {{"answer", graph::Value("yes")}});
    } else {
      world.accept(outgoing);
    }
  }
  expect_counts_hold();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLives, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace sojourn::runtime
