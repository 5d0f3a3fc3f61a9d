#include "connectors/webhook/answer.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <string>

#include "base/random.h"

namespace sojourn::connectors::webhook {
namespace {

using graph::Type;
using graph::TypedField;

Type type_of(Type::Kind kind, bool optional = false) {
  Type type;
  type.kind = kind;
  type.optional = optional;
  return type;
}

std::vector<TypedField> returns() {
  Type tier = type_of(Type::Kind::kOneOf, true);
  tier.choices = {"gold", "silver"};
  Type tags = type_of(Type::Kind::kList, true);
  tags.element = std::make_shared<const Type>(type_of(Type::Kind::kString));
  Type place = type_of(Type::Kind::kObject, true);
  place.fields = {{"city", type_of(Type::Kind::kString)}};
  return {{"score", type_of(Type::Kind::kInteger)},
          {"tier", tier},
          {"tags", tags},
          {"place", place},
          {"note", type_of(Type::Kind::kString, true)}};
}

// "accepted answered", and the fields; or "rejected wrong_answer: what is wrong".
std::string verdict(const Attempt& attempt, const std::vector<TypedField>& fields = returns()) {
  const Decision decision = decide(fields, attempt);
  EXPECT_EQ(decision.reply.has_value(), decision.outcome.kind == OutcomeKind::kAccepted);
  std::string out =
      std::string(to_string(decision.outcome.kind)) + " " + std::string(decision.outcome.reason);
  if (decision.reply) {
    out += ' ';
    graph::append_json(out, graph::Value(graph::Object(*decision.reply)));
  }
  return out;
}
std::string answered(const std::string& body) {
  return verdict(Response{200, "", body});
}
std::string status(int number) {
  return verdict(Response{number, "", R"({"score":1})"});
}

TEST(WebhookAnswer, IsReadByWhatIsDeclaredAndNothingElseIsKept) {
  EXPECT_EQ(answered(R"({"score":7})"), R"(accepted answered {"score":7})");
  EXPECT_EQ(
      answered(R"({"other":{"x":[1]},"tier":"gold","score":7.0,"tags":["a","b"],
                         "place":{"city":"Bonn","street":"x"},"note":null})"),
      R"(accepted answered {"place":{"city":"Bonn"},"score":7,"tags":["a","b"],"tier":"gold"})");
  EXPECT_EQ(verdict(Response{201, "", R"({"score":1})"}), R"(accepted answered {"score":1})");
}

TEST(WebhookAnswer, OneThatDoesNotFitHasFailed) {
  for (const char* body :
       {"", "[]", "7", "null", "not JSON", R"({"score":)", R"({})", R"({"score":null})",
        R"({"score":"7"})", R"({"score":7.5})", R"({"score":7,"tier":"bronze"})",
        R"({"score":7,"tags":["a",null]})", R"({"score":7,"tags":"a"})",
        R"({"score":7,"place":{}})", R"({"score":7,"place":{"city":3}})",
        R"({"score":99999999999999999999})", "{\"score\":7} {\"score\":8}"}) {
    EXPECT_EQ(answered(body), "rejected wrong_answer") << body;
  }
}

TEST(WebhookAnswer, WhoWantsNothingOfItTakesAnything) {
  EXPECT_EQ(verdict(Response{204, "", ""}, {}), "accepted answered {}");
  EXPECT_EQ(verdict(Response{200, "", "<html>"}, {}), "accepted answered {}");
}

TEST(WebhookAnswer, HasLimitsOfSizeAndDepth) {
  const auto padded = [](std::size_t bytes) {
    const std::string head = R"({"score":1,"x":")";
    return head + std::string(bytes - head.size() - 2, 'x') + "\"}";
  };
  EXPECT_EQ(answered(padded(kMaxAnswerBytes)), R"(accepted answered {"score":1})");
  EXPECT_EQ(answered(padded(kMaxAnswerBytes + 1)), "rejected wrong_answer");
  const auto nested = [](std::size_t depth) {
    return R"({"score":1,"x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(answered(nested(8)), R"(accepted answered {"score":1})");
  EXPECT_EQ(answered(nested(kMaxAnswerDepth + 1)), "rejected wrong_answer");
  EXPECT_EQ(answered(nested(20'000)), "rejected wrong_answer");
  const std::string long_note(kMaxReplyBytes, 'n');
  EXPECT_EQ(answered(fmt::format(R"({{"score":1,"note":"{}"}})", long_note)),
            "rejected wrong_answer");
}

TEST(WebhookAnswer, WhoIsBusyOrBrokenIsAskedAgain) {
  for (const int number : {500, 502, 503, 504, 599})
    EXPECT_EQ(status(number), "retry server_error");
  EXPECT_EQ(status(429), "retry rate_limited");
  EXPECT_EQ(status(408), "retry request_timeout");
  EXPECT_EQ(status(425), "retry too_early");
  const Decision decision = decide({}, Response{429, "7", ""});
  EXPECT_EQ(decision.outcome.retry_after, base::seconds(7));
  EXPECT_FALSE(decide({}, Response{404, "7", ""}).outcome.retry_after.has_value());
}

TEST(WebhookAnswer, WhoSaysNoIsTakenAtItsWord) {
  for (const int number : {400, 401, 403, 404, 409, 410, 422, 499}) {
    EXPECT_EQ(status(number), "rejected refused") << number;
  }
  for (const int number : {301, 302, 307, 308}) EXPECT_EQ(status(number), "rejected redirected");
  for (const int number : {0, 100, 600, 9'999, -5}) EXPECT_EQ(status(number), "rejected not_http");
}

TEST(WebhookAnswer, WithoutAnAnswerItIsAskedAgainUnlessInVain) {
  EXPECT_EQ(verdict(TransportFailure{false, "no route"}), "retry no_connection");
  EXPECT_EQ(verdict(TransportFailure{true, "reset"}), "retry no_answer");
  EXPECT_EQ(verdict(TransportFailure{false, "10.0.0.1", true}), "rejected not_callable");
}

TEST(WebhookAnswer, NothingOfTheBodyIsInTheMessage) {
  const Decision decision = decide(returns(), Response{200, "", R"({"score":"ada@example.com"})"});
  EXPECT_EQ(decision.outcome.message, "status 200: `score` is not what is declared");
  EXPECT_EQ(decide({}, Response{500, "", "ada@example.com"}).outcome.message, "status 500");
}

// Whatever comes back: an answer that fits, or a failure; and what fits has its fields.
TEST(WebhookAnswer, MadeUpBodiesAreAnAnswerOrAFailure) {
  constexpr std::uint64_t kSeed = 20260301;
  constexpr int kRounds = 20'000;
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  base::SeededRandom random(kSeed);
  const std::string whole =
      R"({"score":7,"tier":"gold","tags":["a","\u00fc"],"place":{"city":"Bonn"},"note":null})";
  const std::string alphabet = "{}[]\",:0123456789.eE+-\\ntrufals\xc3\xff\x01";
  int fitting = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string body = whole;
    for (std::uint64_t i = random.next() % 4; i-- > 0;) {
      const std::size_t at = random.next() % body.size();
      if (random.next() % 3 == 0) body.erase(at, 1 + random.next() % 5);
      body.insert(std::min(at, body.size()), 1, alphabet[random.next() % alphabet.size()]);
    }
    const Decision decision = decide(returns(), Response{200, "", body});
    if (!decision.reply) {
      EXPECT_EQ(decision.outcome.kind, OutcomeKind::kRejected);
      continue;
    }
    ++fitting;
    EXPECT_EQ(graph::find_field(*decision.reply, "score").kind(), graph::Value::Kind::kInteger);
  }
  EXPECT_GT(fitting, kRounds / 10);
  EXPECT_LT(fitting, kRounds);
}

TEST(WebhookAnswer, NoRowOfTheTableIsHiddenByThoseAboveIt) {
  std::set<std::string_view> reasons;
  for (const OutcomeRow& row : outcome_table()) {
    bool reached = false;
    for (int number = row.first_status; number <= row.last_status && !reached; ++number) {
      for (const OutcomeRow& first : outcome_table()) {
        if (number < first.first_status || number > first.last_status) continue;
        reached = &first == &row;
        break;
      }
    }
    EXPECT_TRUE(reached) << row.reason;
    EXPECT_TRUE(reasons.insert(row.reason).second) << row.reason;
  }
}

}  // namespace
}  // namespace sojourn::connectors::webhook
