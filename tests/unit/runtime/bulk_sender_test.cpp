#include "runtime/bulk_sender.h"

#include <deque>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/driven_clock.h"
#include "base/random.h"
#include "runtime/dispatcher.h"

namespace sojourn::runtime {
namespace {

namespace iterable = connectors::iterable;

// Iterable, as far as a test answers for it.
class FakeIterable final : public Transport {
 public:
  bool send(const connectors::HttpRequest& request, Done done) override {
    if (full) return false;
    sent.push_back(request.path + " " + request.body);
    waiting.push_back(std::move(done));
    return true;
  }
  void answer(const connectors::Attempt& attempt) {
    const Done done = std::move(waiting.front());
    waiting.pop_front();
    done(attempt);
  }

  bool full = false;
  std::vector<std::string> sent;
  std::deque<Done> waiting;
};

Outgoing event(std::uint64_t user, const std::string& body) {
  Outgoing out;
  out.key = {store::UserId{0, user}, {}};
  out.attempt = 1;
  out.endpoint = Endpoint::kEventsTrack;
  out.request = {"POST", "/api/events/track", body};
  return out;
}

Outgoing update(std::uint64_t user, const std::string& body) {
  Outgoing out = event(user, body);
  out.endpoint = Endpoint::kUsersUpdate;
  out.request.path = "/api/users/update";
  return out;
}

connectors::Response taken() {
  return {200, "", R"({"successCount":1,"failCount":0})"};
}

class BulkSending : public testing::Test {
 protected:
  void begin(Endpoint endpoint, BulkLimits limits = {}) {
    dispatcher_.send_in_bulk(endpoint, limits, clock_,
                             [this](base::Millis after) { asked_.push_back(after); });
  }
  void wake(Endpoint endpoint) {
    ASSERT_FALSE(asked_.empty()) << "it has not asked for it";
    asked_.pop_back();
    dispatcher_.wake(endpoint);
  }
  // "1 accepted kWell" …: user, outcome, and what it says of the endpoint.
  std::vector<std::string> ended() {
    std::vector<std::string> out;
    for (const AttemptEnded& end : std::exchange(ended_, {})) {
      const std::string health(end.health == connectors::Health::kUnknown ? ""
                                                                          : " of the endpoint");
      out.push_back(std::to_string(end.key.user.number) + " " + std::string(end.outcome.reason) +
                    health);
    }
    return out;
  }
  using Words = std::vector<std::string>;

  base::DrivenClock clock_{base::Instant{1'772'355'600'000}};
  FakeIterable iterable_;
  std::vector<base::Millis> asked_;
  std::vector<AttemptEnded> ended_;
  Dispatcher dispatcher_{iterable_,
                         [this](AttemptEnded ended) { ended_.push_back(std::move(ended)); }};
};

TEST_F(BulkSending, WhatWaitsIsOneCall) {
  begin(Endpoint::kEventsTrack);
  dispatcher_.dispatch(event(1, R"({"a":1})"));
  dispatcher_.dispatch(event(2, R"({"a":2})"));
  EXPECT_TRUE(iterable_.sent.empty());
  EXPECT_EQ(asked_, (std::vector<base::Millis>{base::Millis{0}}));
  wake(Endpoint::kEventsTrack);
  EXPECT_EQ(iterable_.sent, (Words{R"(/api/events/trackBulk {"events":[{"a":1},{"a":2}]})"}));
  EXPECT_EQ(dispatcher_.under_way(), 2u);
  iterable_.answer(taken());
  EXPECT_EQ(ended(), (Words{"1 accepted of the endpoint", "2 accepted"}));
  EXPECT_EQ(dispatcher_.under_way(), 0u);
  EXPECT_TRUE(asked_.empty()) << "nothing waits";
}

TEST_F(BulkSending, OneCallIsUnderWayAtATimeAndTheNextKeepsItsDistance) {
  BulkLimits limits;
  limits.gap = base::Millis{250};
  begin(Endpoint::kEventsTrack, limits);
  dispatcher_.dispatch(event(1, R"({"a":1})"));
  wake(Endpoint::kEventsTrack);
  dispatcher_.dispatch(event(1, R"({"a":2})"));
  dispatcher_.dispatch(event(2, R"({"a":3})"));
  EXPECT_TRUE(asked_.empty()) << "the first has not been answered";
  clock_.set(clock_.wall() + base::Millis{100});
  iterable_.answer(taken());
  EXPECT_EQ(asked_, (std::vector<base::Millis>{base::Millis{150}}));
  wake(Endpoint::kEventsTrack);
  EXPECT_EQ(iterable_.sent.back(), R"(/api/events/trackBulk {"events":[{"a":2},{"a":3}]})");
}

TEST_F(BulkSending, ACallHoldsNoMoreItemsAndBytesThanAllowed) {
  BulkLimits limits;
  limits.items = 2;
  limits.bytes = iterable::bulk_bytes(iterable::kEventsTrackBulk) + 8 + 9;
  begin(Endpoint::kEventsTrack, limits);
  const std::string seven = R"({"a":1})";
  const std::string eight = R"({"a":12})";
  const std::string long_one = R"({"a":1234567890123456789012345678901234567890})";
  for (const std::string& body : {seven, eight, seven, eight, eight, long_one}) {
    dispatcher_.dispatch(event(1, body));
  }
  while (!asked_.empty()) {
    wake(Endpoint::kEventsTrack);
    iterable_.answer(taken());
  }
  EXPECT_EQ(iterable_.sent, (Words{
                                "/api/events/trackBulk {\"events\":[" + seven + "," + eight + "]}",
                                "/api/events/trackBulk {\"events\":[" + seven + "," + eight + "]}",
                                "/api/events/trackBulk {\"events\":[" + eight + "]}",
                                "/api/events/trackBulk {\"events\":[" + long_one + "]}",
                            }));
}

TEST_F(BulkSending, ACallHoldsOneUpdateOfEachUserInTheOrderTheyCame) {
  begin(Endpoint::kUsersUpdate);
  dispatcher_.dispatch(update(1, R"({"a":1})"));
  dispatcher_.dispatch(update(1, R"({"a":2})"));
  dispatcher_.dispatch(update(2, R"({"a":3})"));
  dispatcher_.dispatch(update(1, R"({"a":4})"));
  while (!asked_.empty()) {
    wake(Endpoint::kUsersUpdate);
    iterable_.answer(taken());
  }
  EXPECT_EQ(iterable_.sent, (Words{
                                R"(/api/users/bulkUpdate {"users":[{"a":1},{"a":3}]})",
                                R"(/api/users/bulkUpdate {"users":[{"a":2}]})",
                                R"(/api/users/bulkUpdate {"users":[{"a":4}]})",
                            }));
}

TEST_F(BulkSending, WhatIsTooMuchIsMadeAgainInParts) {
  begin(Endpoint::kEventsTrack);
  for (std::uint64_t user = 1; user <= 3; ++user) {
    dispatcher_.dispatch(event(user, "{\"a\":" + std::to_string(user) + "}"));
  }
  const connectors::Response too_large{400, "", R"({"code":"BatchTooLarge"})"};
  wake(Endpoint::kEventsTrack);
  dispatcher_.dispatch(event(4, R"({"a":4})"));
  iterable_.answer(too_large);
  EXPECT_TRUE(ended().empty());
  wake(Endpoint::kEventsTrack);
  EXPECT_EQ(iterable_.sent.back(), R"(/api/events/trackBulk {"events":[{"a":1}]})");
  iterable_.answer(too_large);
  EXPECT_EQ(ended(), (Words{"1 too_large of the endpoint"}));
  wake(Endpoint::kEventsTrack);
  EXPECT_EQ(iterable_.sent.back(), R"(/api/events/trackBulk {"events":[{"a":2},{"a":3}]})");
  iterable_.answer(taken());
  EXPECT_EQ(ended(), (Words{"2 accepted of the endpoint", "3 accepted"}));
  wake(Endpoint::kEventsTrack);
  EXPECT_EQ(iterable_.sent.back(), R"(/api/events/trackBulk {"events":[{"a":4}]})");
}

TEST_F(BulkSending, EachHasTheOutcomeThatTheAnswerGivesIt) {
  begin(Endpoint::kUsersUpdate);
  dispatcher_.dispatch(update(1, R"({"email":"a@example.com"})"));
  dispatcher_.dispatch(update(2, R"({"email":"b@example.com"})"));
  wake(Endpoint::kUsersUpdate);
  iterable_.answer(connectors::Response{
      200, "",
      R"({"successCount":1,"failCount":1,"failedUpdates":{"forgottenEmails":["a@example.com"]}})"});
  EXPECT_EQ(ended(), (Words{"1 forgotten_user of the endpoint", "2 accepted"}));
}

TEST_F(BulkSending, AnAnswerThatNeverCameIsThatOfEach) {
  begin(Endpoint::kEventsTrack);
  dispatcher_.dispatch(event(1, R"({"a":1})"));
  dispatcher_.dispatch(event(2, R"({"a":2})"));
  wake(Endpoint::kEventsTrack);
  iterable_.answer(connectors::TransportFailure{true, "reset"});
  EXPECT_EQ(ended(), (Words{"1 no_answer of the endpoint", "2 no_answer"}));
}

TEST_F(BulkSending, WhatFindsNoRoomIsTriedAgain) {
  begin(Endpoint::kEventsTrack);
  iterable_.full = true;
  dispatcher_.dispatch(event(1, R"({"a":1})"));
  wake(Endpoint::kEventsTrack);
  EXPECT_EQ(ended(), (Words{"1 no_connection"})) << "the endpoint was not asked";
  EXPECT_EQ(dispatcher_.under_way(), 0u);
}

TEST_F(BulkSending, OtherEndpointsAndRequestsLeaveAlone) {
  begin(Endpoint::kEventsTrack);
  dispatcher_.dispatch(update(1, R"({"a":1})"));
  Outgoing other = event(1, R"({"a":2})");
  other.request.path = "/api/events/other";
  dispatcher_.dispatch(other);
  EXPECT_EQ(iterable_.sent,
            (Words{R"(/api/users/update {"a":1})", R"(/api/events/other {"a":2})"}));
}

// The numbers of a call's items: {"n":7}.
std::vector<std::uint64_t> numbers_in(const std::string& call) {
  std::vector<std::uint64_t> out;
  const std::string mark = R"("n":)";
  for (std::size_t at = call.find(mark); at != std::string::npos; at = call.find(mark, at + 1)) {
    out.push_back(std::stoull(call.substr(at + mark.size())));
  }
  return out;
}

TEST_F(BulkSending, WhateverIsAnsweredEachEndsOnceAndUsersKeepTheirOrder) {
  constexpr std::uint64_t kDeliveries = 400;
  constexpr std::uint64_t kUsers = 13;
  const std::vector<connectors::Attempt> answers{
      taken(), connectors::Response{400, "", R"({"code":"BatchTooLarge"})"},
      connectors::TransportFailure{true, "reset"}, connectors::Response{413, "", ""},
      connectors::Response{200, "", R"({"successCount":0,"failCount":1})"}};
  base::SeededRandom random(11);
  BulkLimits limits;
  limits.items = 40;
  begin(Endpoint::kUsersUpdate, limits);
  std::uint64_t made = 0;
  while (made < kDeliveries || dispatcher_.under_way() > 0) {
    for (std::uint64_t more = base::random_below(random, 30); more > 0 && made < kDeliveries;
         --more, ++made) {
      Outgoing out = update(made % kUsers, "{\"n\":" + std::to_string(made) + "}");
      out.attempt = static_cast<std::uint32_t>(made);
      dispatcher_.dispatch(std::move(out));
    }
    if (!iterable_.waiting.empty()) {
      ASSERT_EQ(iterable_.waiting.size(), 1u) << "one call at a time";
      iterable_.answer(answers.at(base::random_below(random, answers.size())));
    } else if (!asked_.empty()) {
      wake(Endpoint::kUsersUpdate);
    }
  }
  ASSERT_EQ(ended_.size(), kDeliveries);
  std::set<std::uint32_t> once;
  for (const AttemptEnded& end : ended_) once.insert(end.attempt);
  EXPECT_EQ(once.size(), kDeliveries);
  std::map<std::uint64_t, std::uint64_t> last;  // by user
  std::set<std::uint64_t> seen;
  for (const std::string& call : iterable_.sent) {
    const std::vector<std::uint64_t> numbers = numbers_in(call);
    EXPECT_LE(numbers.size(), limits.items);
    std::set<std::uint64_t> users;
    for (const std::uint64_t number : numbers) {
      EXPECT_TRUE(users.insert(number % kUsers).second) << "two of one user in " << call;
      if (!seen.insert(number).second) continue;
      const auto [before, is_first] = last.try_emplace(number % kUsers, number);
      EXPECT_TRUE(is_first || before->second < number) << "overtaken in " << call;
      before->second = number;
    }
  }
}

// A bulk call whose answer was lost is made again, and what it stands for would count again.
TEST_F(BulkSending, LeavesOutWhatARepeatWouldDouble) {
  begin(Endpoint::kEventsTrack);
  Outgoing once = event(1, R"({"eventName":"a"})");
  once.passed_on = iterable::Endpoint::kSend;
  dispatcher_.dispatch(std::move(once));
  ASSERT_EQ(iterable_.sent, (std::vector<std::string>{R"(/api/events/track {"eventName":"a"})"}));
  iterable_.answer(connectors::TransportFailure{true, "reset"});
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(ended_[0].outcome.kind, connectors::OutcomeKind::kUnknown);

  Outgoing same = event(2, R"({"eventName":"a","id":"e-1"})");
  same.passed_on = iterable::Endpoint::kRepeat;
  dispatcher_.dispatch(std::move(same));
  EXPECT_EQ(iterable_.sent.size(), 1U) << "it waits for others";
}

}  // namespace
}  // namespace sojourn::runtime
