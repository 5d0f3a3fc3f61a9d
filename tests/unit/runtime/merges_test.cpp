// Two users who have both lived here and turn out to be one: what is known of both holds of the
// destination, and their ways through journeys go on, across a restart right after.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Endpoint = IntakeRequest::Endpoint;
using Json = nlohmann::json;

constexpr const char* kSource = "source@example.com";
constexpr const char* kAda = "ada@example.com";

// The world stands at 2026-03-01T09:00 UTC.
constexpr const char* kWorld = R"(
  user { plan string  city string  birthday date  tags [string] }
  event signup
  event login
  event order { id string }
  event purchase { total number }
  event done
  list vips = 71
  list guests = 72
  message_type news = 1 marketing opt_out
  message_type tips = 2 marketing opt_out
  campaign m1 = 101 email news
  campaign m2 = 102 email tips
  campaign m3 = 103 email news { once }
  policy { timezone "UTC" cap marketing 2 per 7d defer up to 1h else drop }
  journey greeting { enter on signup exit on done wait 1d send m1 wait 30d }
  journey second { enter on login reenter after 1h up to 1 times exit on done wait 2d send m2 }
  journey basket { enter on order one per entry.id reenter always wait 3d }
  journey pros { enter when user.plan == "pro" reenter always wait 1d }
  journey party { enter every year on user.birthday - 1d at 09:00 reenter always wait 1d }
  journey buyers { enter on login reenter always wait 5d
    if count(purchase within 30d) >= 3 { send m3 } wait 30d }
)";

class Merges : public testing::Test {
 protected:
  std::string merge() { return merge(kSource, kAda); }
  std::string merge(const std::string& source, const std::string& destination) {
    return world.post(
        Endpoint::kUsersMerge,
        fmt::format(R"({{"sourceEmail":"{}","destinationEmail":"{}"}})", source, destination));
  }
  void track(const std::string& who, const std::string& event, const std::string& fields = "{}") {
    EXPECT_EQ(world.track(fmt::format(R"({{"email":"{}","eventName":"{}","dataFields":{}}})", who,
                                      event, fields)),
              "200 Success");
  }
  void update(const std::string& who, const std::string& fields) {
    EXPECT_EQ(world.update(fmt::format(R"({{"email":"{}","dataFields":{}}})", who, fields)),
              "200 Success");
  }
  Json person(const std::string& who = kAda) { return Json::parse(world.report(who)); }
  bool is_known(const std::string& who) { return person(who).contains("id"); }
  std::string field(const std::string& name) {
    const Json profile = person().at("profile");
    return profile.contains(name) ? profile.at(name).at("value").dump() : "";
  }
  // "greeting", "greeting", "basket": where they are, by number.
  std::vector<std::string> inside(const std::string& who = kAda) {
    std::vector<std::string> journeys;
    const Json report = person(who);
    for (const Json& each : report.at("enrollments")) journeys.push_back(each.at("journey"));
    return journeys;
  }
  // What the counters of its steps say together.
  std::int64_t counted_inside(const std::string& journey) {
    std::int64_t sum = 0;
    for (const auto& [name, value] : world.counters()) {
      if (name.starts_with("inside/" + journey + "/")) sum += value;
    }
    return sum;
  }
  // The campaigns that leave, all of which are accepted.
  std::vector<int> leave() {
    std::vector<int> campaigns;
    while (!world.nothing_to_take()) {
      const Outgoing message = world.take();
      EXPECT_EQ(Json::parse(message.request.body).at("recipientEmail"), kAda);
      campaigns.push_back(Json::parse(message.request.body).at("campaignId"));
      world.accept(message);
    }
    return campaigns;
  }

  ShardWorld world{kWorld};
};

TEST_F(Merges, TheSourceIsNobodyAfterwardsAndSayingItAgainSaysSo) {
  track(kSource, "signup");
  track(kAda, "login");
  const Json before = person();
  EXPECT_EQ(merge(), "200 Success");
  EXPECT_FALSE(is_known(kSource));
  EXPECT_EQ(person().at("id"), before.at("id"));
  EXPECT_EQ(world.counter("merges"), 1);
  world.restart();
  EXPECT_FALSE(is_known(kSource));
  EXPECT_EQ(merge(), "400 BadParams");
  EXPECT_EQ(merge(kAda, kAda), "400 BadParams");
  EXPECT_EQ(world.counter("merges"), 1);
}

TEST_F(Merges, NothingOfTheSourceStaysInTheStore) {
  track(kSource, "signup");
  track(kSource, "purchase", R"({"total":1})");
  update(kSource, R"({"birthday":"1990-05-01","plan":"pro"})");
  track(kSource, "done");
  const std::string id = person(kSource).at("id");
  track(kAda, "login");
  EXPECT_EQ(merge(), "200 Success");
  const auto user = store::UserId::unpack(std::stoull(id, nullptr, 16));
  using Kind = store::RowKind;
  for (const Kind kind : {Kind::kHead, Kind::kEnrollment, Kind::kPast, Kind::kEvent,
                          Kind::kMeasured, Kind::kSent, Kind::kWatch, Kind::kLog}) {
    EXPECT_THAT(*world.store().rows(user, kind, 100), IsEmpty()) << static_cast<int>(kind);
  }
  EXPECT_THAT(*world.store().deliveries_of(user), IsEmpty());
  const auto timers = *world.store().due_timers(base::kNever, 1'000);
  for (const store::TimerKey& timer : timers) EXPECT_NE(timer.user, user);
}

TEST_F(Merges, TheDestinationsFieldsStayAndTheSourcesFillWhatItLacks) {
  update(kSource, R"({"plan":"free","city":"Paris"})");
  update(kAda, R"({"plan":"team"})");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  EXPECT_EQ(field("plan"), R"("team")");
  EXPECT_EQ(field("city"), R"("Paris")");
}

TEST_F(Merges, AUserIdThatTheDestinationLacksBecomesItsName) {
  EXPECT_EQ(world.update(R"({"email":"source@example.com","userId":"u-1"})"), "200 Success");
  track(kSource, "signup");
  track(kAda, "login");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  EXPECT_EQ(person("u-1").at("email"), kAda);
  EXPECT_FALSE(is_known(kSource));
  track(kSource, "signup");
  EXPECT_NE(person(kSource).at("id"), person().at("id")) << "the address is free";
}

TEST_F(Merges, ListsAreThoseOfBoth) {
  EXPECT_EQ(world.subscribe(R"({"listId":71,"subscribers":[{"email":"source@example.com"}]})"),
            "200");
  EXPECT_EQ(world.subscribe(R"({"listId":72,"subscribers":[{"email":"ada@example.com"}]})"), "200");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  EXPECT_THAT(person().at("lists"), ElementsAre("guests", "vips"));
}

TEST_F(Merges, ANoOfEitherHolds) {
  track(kSource, "signup");
  track(kAda, "signup");
  EXPECT_EQ(world.update_subscriptions(
                R"({"email":"source@example.com","unsubscribedMessageTypeIds":[1]})"),
            "200 Success");
  EXPECT_EQ(merge(), "200 Success");
  world.pass(hours(24));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/greeting/m1/no_consent"), 1);
}

TEST_F(Merges, HistoryIsThatOfBothInTheOrderInWhichItCame) {
  track(kSource, "purchase", R"({"total":1})");
  world.pass(hours(1));
  track(kAda, "login");
  track(kAda, "purchase", R"({"total":2})");
  world.pass(hours(1));
  track(kSource, "purchase", R"({"total":3})");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  std::vector<std::string> times;
  const Json report = person();
  for (const Json& event : report.at("history")) times.push_back(event.at("at"));
  EXPECT_THAT(times,
              ElementsAre("2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"));
  world.pass(days24(5));
  EXPECT_THAT(leave(), Contains(103)) << "three purchases, two of them before they were one";
}

TEST_F(Merges, OfOneTypeOfEventTheNewestOfBothAreKept) {
  for (int i = 0; i < 200; ++i) track(kSource, "purchase", R"({"total":1})");
  world.pass(hours(1));
  for (int i = 0; i < 200; ++i) track(kAda, "purchase", R"({"total":1})");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  const Json history = person().at("history");
  EXPECT_EQ(history.size(), 256U);
  EXPECT_EQ(history.front().at("at"), "2026-03-01T09:00:00Z");
  EXPECT_EQ(history.at(56).at("at"), "2026-03-01T10:00:00Z");
  track(kAda, "purchase", R"({"total":1})");
  EXPECT_EQ(person().at("history").size(), 256U);
}

TEST_F(Merges, AnEnrollmentGoesOnWhereItIsAndItsTimerFiresInTime) {
  track(kSource, "signup");
  world.pass(hours(20));
  track(kAda, "login");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  EXPECT_THAT(inside(), UnorderedElementsAre("greeting", "second", "buyers"));
  world.pass(base::Millis{hours(4).count - 1});
  EXPECT_TRUE(world.nothing_to_take());
  world.pass(base::Millis{1});
  EXPECT_THAT(leave(), ElementsAre(101));
  EXPECT_THAT(world.log(kAda), Contains("accepted greeting m1 " +
                                        person().at("sent").at(0).at("key").get<std::string>()));
}

TEST_F(Merges, WhoAreBothInAJourneyGoOnAsTheDestination) {
  track(kSource, "signup");
  world.pass(hours(12));
  track(kAda, "signup");
  EXPECT_EQ(merge(), "200 Success");
  EXPECT_THAT(inside(), ElementsAre("greeting"));
  EXPECT_EQ(world.counter("exited/greeting/merged"), 1);
  EXPECT_EQ(counted_inside("greeting"), 1);
  world.restart();
  world.pass(hours(12));
  EXPECT_TRUE(world.nothing_to_take()) << "the source's day is over, its enrollment too";
  world.pass(hours(12));
  EXPECT_THAT(leave(), ElementsAre(101));
}

TEST_F(Merges, EnrollmentsOfDifferentValuesGoOnBesideEachOther) {
  track(kSource, "order", R"({"id":"o-1"})");
  track(kAda, "order", R"({"id":"o-2"})");
  track(kSource, "order", R"({"id":"o-3"})");
  track(kAda, "order", R"({"id":"o-3"})");
  EXPECT_EQ(merge(), "200 Success");
  EXPECT_THAT(inside(), ElementsAre("basket", "basket", "basket"));
  EXPECT_EQ(world.counter("exited/basket/merged"), 1);
  world.restart();
  world.pass(days24(3));
  EXPECT_EQ(world.counter("exited/basket/completed"), 3);
}

TEST_F(Merges, EndedEnrollmentsOfBothCountForReentry) {
  for (const char* who : {kSource, kAda}) {
    track(who, "login");
    track(who, "done");
  }
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  world.pass(hours(2));
  track(kAda, "login");
  EXPECT_EQ(world.counter("refused/second/reenter_times"), 1);
}

TEST_F(Merges, MessagesOfBothCountForCapsAndForOnce) {
  track(kSource, "signup");
  world.pass(hours(24));
  ASSERT_FALSE(world.nothing_to_take());
  world.accept(world.take());
  track(kAda, "signup");
  world.pass(hours(24));
  EXPECT_THAT(leave(), ElementsAre(101));
  track(kAda, "login");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  EXPECT_EQ(person().at("sent").size(), 2U);
  world.pass(days24(2));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/second/m2/capped"), 1);
}

TEST_F(Merges, ACommonConditionIsNoNewsButWhatBecomesTrueOfBothIs) {
  update(kSource, R"({"plan":"pro"})");
  update(kAda, R"({"city":"Rome"})");
  EXPECT_EQ(world.counter("entered/pros"), 1);
  world.pass(hours(24));
  EXPECT_EQ(merge(), "200 Success");
  EXPECT_EQ(field("plan"), R"("pro")");
  EXPECT_EQ(world.counter("entered/pros"), 1) << "it had been so of the source";
  update(kAda, R"({"plan":"free"})");
  update(kAda, R"({"plan":"pro"})");
  EXPECT_EQ(world.counter("entered/pros"), 2);
}

TEST_F(Merges, ADateThatCameToTheSourceDoesNotComeAgain) {
  update(kSource, R"({"birthday":"1990-03-03"})");
  world.pass(hours(24));
  EXPECT_EQ(world.counter("entered/party"), 1);
  update(kAda, R"({"plan":"team"})");
  EXPECT_EQ(merge(), "200 Success");
  world.pass(days24(30));
  EXPECT_EQ(world.counter("entered/party"), 1);
}

TEST_F(Merges, ADateOfTheSourceComesToTheDestination) {
  update(kSource, R"({"birthday":"1990-03-20"})");
  update(kAda, R"({"plan":"team"})");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  EXPECT_EQ(person().at("watched").size(), 1U);
  world.pass(days24(30));
  EXPECT_EQ(world.counter("entered/party"), 1);
}

TEST_F(Merges, TheLogOfBothIsOneAndSaysThatTheyAre) {
  track(kSource, "signup");
  world.pass(hours(1));
  track(kAda, "login");
  EXPECT_EQ(merge(), "200 Success");
  world.restart();
  const std::vector<std::string> log = world.log(kAda);
  EXPECT_THAT(log, Contains("entered greeting signup"));
  EXPECT_THAT(log, Contains("merged source@example.com"));
  EXPECT_THAT(log, Contains("event login"));
}

TEST_F(Merges, OneTurnMakesThreeUsersOne) {
  track("first@example.com", "signup");
  track(kSource, "order", R"({"id":"o-1"})");
  track(kAda, "login");
  world.stop_after(0);
  merge("first@example.com", kSource);
  merge();
  world.go_on();
  EXPECT_EQ(world.counter("merges"), 2);
  world.restart();
  EXPECT_THAT(inside(), UnorderedElementsAre("greeting", "basket", "second", "buyers"));
  EXPECT_THAT(world.log(kAda), Contains("entered greeting signup"));
  world.pass(hours(24));
  EXPECT_THAT(leave(), ElementsAre(101));
}

}  // namespace
}  // namespace sojourn::runtime
