#include "runtime/intake_segment.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "graph/catalog.h"
#include "runtime/intake_parse.h"
#include "runtime/intake_reply.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;

graph::Type type_of(graph::Type::Kind kind) {
  graph::Type type;
  type.kind = kind;
  return type;
}

graph::Catalog catalog() {
  graph::Catalog catalog;
  catalog.user_fields = {{"plan", type_of(graph::Type::Kind::kString), {}}};
  catalog.events = {{"signed_up", "Signed Up", {{"seats", type_of(graph::Type::Kind::kInteger)}}}};
  return catalog;
}

class IntakeSegment : public testing::Test {
 protected:
  IntakeRequest parse(Endpoint endpoint, const std::string& body, bool anonymous = false) {
    IntakeMapping mapping;
    mapping.anonymous_is_user_id = anonymous;
    IntakeParser parser(program_, IntakeLimits{4}, mapping);
    auto request = parser.parse(endpoint, body, "generated");
    EXPECT_TRUE(request.has_value()) << (request ? "" : request.error().body);
    return request ? std::move(*request) : IntakeRequest{};
  }

  Program program_{"test", catalog(), {}};
};

TEST_F(IntakeSegment, ATrackIsAnEventUnderItsWireName) {
  const IntakeRequest request = parse(Endpoint::kSegmentTrack,
                                      R"({"userId":"u-1","event":"Signed Up","messageId":"m-1",
                "timestamp":"2026-03-27T09:00:00.000Z","properties":{"seats":3,"color":"red"},
                "context":{"traits":{"email":"Ada@example.com"}}})");
  ASSERT_EQ(request.items.size(), 1U);
  const auto& event = std::get<IntakeEvent>(request.items[0]);
  EXPECT_EQ(event.person.user_id, "u-1");
  EXPECT_EQ(event.person.email, "ada@example.com");
  EXPECT_EQ(event.wire_name, "Signed Up");
  EXPECT_EQ(event.id, "segment m-1") << "an event of the same id is another thing";
  EXPECT_EQ(base::to_iso8601(*event.created_at), "2026-03-27T09:00:00Z");
  ASSERT_EQ(event.fields.size(), 1U);
  EXPECT_EQ(event.fields[0].second, graph::Value(std::int64_t{3}));
}

TEST_F(IntakeSegment, TraitsAreProfileFieldsAndTheEmailIsAName) {
  const IntakeRequest request =
      parse(Endpoint::kSegmentIdentify,
            R"({"userId":"u-1","traits":{"email":"ada@example.com","plan":"pro","age":7}})");
  const auto& update = std::get<IntakeUpdate>(request.items.at(0));
  EXPECT_EQ(update.person.email, "ada@example.com");
  EXPECT_EQ(update.person.user_id, "u-1");
  ASSERT_EQ(update.fields.size(), 1U);
  EXPECT_EQ(update.fields[0].first, "plan");
}

TEST_F(IntakeSegment, AnAliasIsAMerge) {
  const IntakeRequest request =
      parse(Endpoint::kSegmentAlias, R"({"previousId":"anon-1","userId":"u-1"})");
  const auto& merge = std::get<IntakeMerge>(request.items.at(0));
  EXPECT_EQ(merge.source.user_id, "anon-1");
  EXPECT_EQ(merge.person.user_id, "u-1");
  EXPECT_TRUE(merge.may_be_unknown);
}

TEST_F(IntakeSegment, WhoHasOnlyAnAnonymousIdIsLeftOutUnlessThatIsAName) {
  const std::string body =
      R"({"anonymousId":"anon-1","event":"Signed Up","properties":{"seats":3}})";
  const IntakeRequest left_out = parse(Endpoint::kSegmentTrack, body);
  EXPECT_TRUE(left_out.items.empty());
  EXPECT_TRUE(left_out.refusals.empty());
  const IntakeRequest named = parse(Endpoint::kSegmentTrack, body, true);
  EXPECT_EQ(std::get<IntakeEvent>(named.items.at(0)).person.user_id, "anon-1");
}

TEST_F(IntakeSegment, PagesScreensAndGroupsAreLeftOut) {
  const IntakeRequest request = parse(Endpoint::kSegmentOther, R"({"userId":"u-1"})");
  EXPECT_TRUE(request.items.empty());
  EXPECT_TRUE(request.refusals.empty());
}

TEST_F(IntakeSegment, OfABatchEachIsTakenOrRefusedForItself) {
  const IntakeRequest request =
      parse(Endpoint::kSegmentBatch,
            R"({"batch":[{"type":"page","userId":"u-1"},{"type":"track","userId":"u-1"},
                         {"type":"identify","userId":"u-1","traits":{"plan":7}},
                         {"type":"track","userId":"u-1","event":"Signed Up",
                          "properties":{"seats":3}}]})");
  EXPECT_EQ(request.items.size(), 1U);
  ASSERT_EQ(request.refusals.size(), 2U);
  EXPECT_EQ(request.refusals[0].index, 1U);
  EXPECT_EQ(request.refusals[0].message, "obj.event: a name of at least one character is required");
  EXPECT_EQ(request.refusals[1].index, 2U);
}

TEST_F(IntakeSegment, TheAnswerIsSegmentsAndSaysWhatWasRefused) {
  IntakeResult result;
  result.endpoint = Endpoint::kSegmentBatch;
  result.accepted = 1;
  EXPECT_EQ(answer_of(result).body, R"({"success":true,"accepted":1,"refused":[]})");
  result.refusals = {{2, "what was wrong"}};
  EXPECT_EQ(answer_of(result).status, 200);
  EXPECT_EQ(answer_of(result).body,
            R"({"success":true,"accepted":1,"refused":[{"index":2,"message":"what was wrong"}]})");
  result.accepted = 0;
  EXPECT_EQ(answer_of(result).status, 400);
}

}  // namespace
}  // namespace sojourn::runtime
