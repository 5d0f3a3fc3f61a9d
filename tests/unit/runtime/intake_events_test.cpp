#include "runtime/intake_events.h"

#include <gtest/gtest.h>

#include "graph/catalog.h"
#include "runtime/intake_parse.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;

graph::Catalog catalog() {
  graph::Type seats;
  seats.kind = graph::Type::Kind::kInteger;
  graph::Catalog catalog;
  catalog.events = {{"signed_up", "signup", {{"seats", seats}}}};
  return catalog;
}

class IntakeEvents : public testing::Test {
 protected:
  IntakeRequest parse(const std::string& body, EventShape shape = {}) {
    IntakeMapping mapping;
    mapping.events = std::move(shape);
    IntakeParser parser(program_, IntakeLimits{3}, mapping);
    auto request = parser.parse(Endpoint::kEvents, body, "generated");
    EXPECT_TRUE(request.has_value()) << (request ? "" : request.error().body);
    return request ? std::move(*request) : IntakeRequest{};
  }

  Program program_{"test", catalog(), {}};
};

TEST_F(IntakeEvents, OneOrAListInThePlainForm) {
  const std::string one =
      R"({"event":"signup","email":"Ada@example.com","id":"e-1","createdAt":1774602000,
          "data":{"seats":3,"more":1}})";
  for (const std::string& body : {one, "[" + one + "]"}) {
    const IntakeRequest request = parse(body);
    ASSERT_EQ(request.items.size(), 1U) << body;
    const auto& event = std::get<IntakeEvent>(request.items[0]);
    EXPECT_EQ(event.wire_name, "signup");
    EXPECT_EQ(event.person.email, "ada@example.com");
    EXPECT_EQ(event.id, "e-1");
    EXPECT_EQ(base::to_iso8601(*event.created_at), "2026-03-27T09:00:00Z");
    EXPECT_EQ(graph::find_field(event.fields, "seats"), graph::Value(std::int64_t{3}));
  }
}

TEST_F(IntakeEvents, EverythingMayStandElsewhere) {
  EventShape shape;
  shape.items = "payload.events";
  shape.name = "type";
  shape.email = "";
  shape.user_id = "who.account.id";
  shape.id = "meta.uuid";
  shape.created_at = "meta.at";
  shape.fields = "";
  const IntakeRequest request = parse(
      R"({"payload":{"events":[{"type":"signup","who":{"account":{"id":42}},"seats":3,
          "meta":{"uuid":"e-1","at":"2026-03-27T09:00:00Z"}}]}})",
      shape);
  ASSERT_EQ(request.items.size(), 1U);
  const auto& event = std::get<IntakeEvent>(request.items[0]);
  EXPECT_EQ(event.person.user_id, "42");
  EXPECT_EQ(event.id, "e-1");
  EXPECT_EQ(base::to_iso8601(*event.created_at), "2026-03-27T09:00:00Z");
  EXPECT_EQ(graph::find_field(event.fields, "seats"), graph::Value(std::int64_t{3}));
}

TEST_F(IntakeEvents, WhatIsRefusedIsNamedByItsPlaceAndTheRestIsTaken) {
  const IntakeRequest request = parse(
      R"([{"event":"signup"},{"event":"signup","email":"a@example.com","createdAt":"soon"},
          {"event":"signup","email":"a@example.com","data":{"seats":3}}])");
  EXPECT_EQ(request.items.size(), 1U);
  ASSERT_EQ(request.refusals.size(), 2U);
  EXPECT_EQ(request.refusals[0].message, "neither `email` nor `userId` names a user");
  EXPECT_EQ(request.refusals[1].message, "obj.createdAt: a Unix time or an RFC 3339 text expected");
}

TEST_F(IntakeEvents, AnEventThatLacksWhatItIsDeclaredToSayIsRefused) {
  const IntakeRequest request = parse(R"([{"event":"signup","email":"a@example.com"}])");
  EXPECT_TRUE(request.items.empty());
  ASSERT_EQ(request.refusals.size(), 1U);
  EXPECT_EQ(request.refusals[0].message,
            "The event is not as it is declared: field `seats` is not there, integer expected");
}

TEST_F(IntakeEvents, ABodyThatHoldsNoneIsRefusedWhole) {
  IntakeMapping mapping;
  mapping.events.items = "events";
  IntakeParser parser(program_, IntakeLimits{1}, mapping);
  for (const char* body : {"7", "[]", "{}", R"({"events":7})", R"({"events":[{},{}]})"}) {
    EXPECT_FALSE(parser.parse(Endpoint::kEvents, body, "").has_value()) << body;
  }
}

}  // namespace
}  // namespace sojourn::runtime
