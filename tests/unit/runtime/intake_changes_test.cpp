// updateEmail, merge, trackPurchase, updateCart and triggerWorkflow: what they are read as.
#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "graph/catalog.h"
#include "runtime/intake_parse.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using Json = nlohmann::json;

graph::Type type_of(graph::Type::Kind kind) {
  graph::Type type;
  type.kind = kind;
  return type;
}

graph::Type list_of(const graph::Type& element) {
  graph::Type type = type_of(graph::Type::Kind::kList);
  type.element = std::make_shared<graph::Type>(element);
  return type;
}

graph::Catalog catalog() {
  graph::Type item = type_of(graph::Type::Kind::kObject);
  item.fields = {{"id", type_of(graph::Type::Kind::kString)},
                 {"price", type_of(graph::Type::Kind::kNumber)}};
  graph::Catalog catalog;
  catalog.user_fields = {{"seats", type_of(graph::Type::Kind::kInteger), {}},
                         {"shoppingCartItems", list_of(item), {}}};
  catalog.events = {{"purchase",
                     "Order Placed",
                     {{"total", type_of(graph::Type::Kind::kNumber)},
                      {"items", list_of(item)},
                      {"coupon", type_of(graph::Type::Kind::kString)}}}};
  catalog.api_entries = {{"api winback", {}, {{"plan", type_of(graph::Type::Kind::kString)}}}};
  return catalog;
}

IntakeMapping mapping() {
  IntakeMapping mapping;
  mapping.workflows[4711] = "winback";
  return mapping;
}

class IntakeChanges : public testing::Test {
 protected:
  template <typename Item>
  Item item(Endpoint endpoint, const std::string& body) {
    auto request = parser_.parse(endpoint, body, "generated");
    EXPECT_TRUE(request.has_value()) << (request ? "" : request.error().body);
    return request ? std::get<Item>(request->items.at(0)) : Item{};
  }
  std::string refusal(Endpoint endpoint, const std::string& body) {
    auto request = parser_.parse(endpoint, body, "generated");
    if (request) return "accepted";
    const Json json = Json::parse(request.error().body);
    return std::to_string(request.error().status) + " " + json["code"].get<std::string>() + " " +
           json["params"].dump();
  }

  Program program_{"test", catalog(), {}};
  IntakeParser parser_{program_, IntakeLimits{}, mapping()};
};

TEST_F(IntakeChanges, ANewEmailIsThatOfTheOneWhoIsNamedNow) {
  const auto rename = item<IntakeRename>(Endpoint::kUsersUpdateEmail,
                                         R"({"currentUserId":"u-1","newEmail":"Ada@Example.com"})");
  EXPECT_EQ(rename.person.user_id, "u-1");
  EXPECT_EQ(rename.new_email, "ada@example.com");
  EXPECT_FALSE(rename.may_be_unknown);
  const auto both = item<IntakeRename>(
      Endpoint::kUsersUpdateEmail,
      R"({"currentEmail":"a@example.com","currentUserId":"u-1","newEmail":"b@example.com"})");
  EXPECT_EQ(both.person.email, "a@example.com");
  EXPECT_FALSE(both.person.user_id.has_value()) << "the email counts";
  EXPECT_EQ(refusal(Endpoint::kUsersUpdateEmail, R"({"newEmail":"b@example.com"})"),
            R"(400 BadParams {"obj":"currentEmail or currentUserId is missing"})");
  EXPECT_EQ(refusal(Endpoint::kUsersUpdateEmail, R"({"currentUserId":"u-1"})"),
            R"(400 BadJsonBody {"obj.newEmail":"String value expected"})");
  EXPECT_EQ(refusal(Endpoint::kUsersUpdateEmail, R"({"currentUserId":"u-1","newEmail":"b"})"),
            "400 InvalidEmailAddressError null");
}

TEST_F(IntakeChanges, AMergeNamesTwo) {
  const auto merge = item<IntakeMerge>(
      Endpoint::kUsersMerge, R"({"sourceUserId":"anon-1","destinationEmail":"A@example.com"})");
  EXPECT_EQ(merge.source.user_id, "anon-1");
  EXPECT_EQ(merge.person.email, "a@example.com");
  EXPECT_EQ(refusal(Endpoint::kUsersMerge,
                    R"({"sourceEmail":"A@example.com","destinationEmail":"a@example.com"})"),
            "400 BadParams null");
  EXPECT_EQ(refusal(Endpoint::kUsersMerge, R"({"sourceUserId":"anon-1"})"),
            R"(400 BadParams {"obj":"destinationEmail or destinationUserId is missing"})");
}

constexpr const char* kPurchase = R"({
    "user":{"email":"a@example.com","dataFields":{"seats":3}},
    "items":[{"id":"s1","name":"Shoe","price":9.5,"quantity":2}],
    "total":19,"id":"o-1","createdAt":1774602000,"dataFields":{"coupon":"spring","total":1}})";

TEST_F(IntakeChanges, APurchaseIsADeclaredEventAndAnUpdate) {
  const auto event = item<IntakeEvent>(Endpoint::kTrackPurchase, kPurchase);
  EXPECT_EQ(event.wire_name, "Order Placed");
  EXPECT_EQ(event.id, "purchase o-1") << "an event of the same id is another thing";
  EXPECT_EQ(event.person.email, "a@example.com");
  EXPECT_EQ(base::to_iso8601(*event.created_at), "2026-03-27T09:00:00Z");
  EXPECT_EQ(graph::find_field(event.fields, "total"), graph::Value(19.0))
      << "what the call says itself wins";
  EXPECT_EQ(graph::find_field(event.fields, "coupon"), graph::Value("spring"));
  EXPECT_EQ(graph::find_field(event.fields, "items").as_list().size(), 1U);
  ASSERT_TRUE(event.update.has_value());
  EXPECT_EQ(graph::find_field(event.update->fields, "seats"), graph::Value(std::int64_t{3}));
  EXPECT_EQ(event.update->fields.back().first, "shoppingCartItems");
  EXPECT_TRUE(event.update->fields.back().second.is_missing()) << "what is bought leaves the cart";
}

TEST_F(IntakeChanges, ACartIsKeptWhereItsFieldIsDeclared) {
  const auto event = item<IntakeEvent>(
      Endpoint::kUpdateCart,
      R"({"user":{"userId":"u-1"},"items":[{"id":"s1","name":"Shoe","price":9,"quantity":1}]})");
  EXPECT_EQ(event.wire_name, "cart_updated") << "not declared, so noted under its own name";
  EXPECT_FALSE(event.id.has_value());
  ASSERT_TRUE(event.update.has_value());
  EXPECT_EQ(graph::find_field(event.update->fields, "shoppingCartItems").as_list().size(), 1U);
}

TEST_F(IntakeChanges, AnEmptyCartIsACart) {
  EXPECT_EQ(refusal(Endpoint::kUpdateCart, R"({"user":{"userId":"u-1"},"items":[]})"), "accepted");
}

TEST_F(IntakeChanges, WhatIsWrongWithAPurchaseIsNamed) {
  const auto of = [&](const std::string& body) { return refusal(Endpoint::kTrackPurchase, body); };
  EXPECT_EQ(of(R"({"items":[],"total":"1","user":{"userId":"u"}})"),
            R"(400 BadJsonBody {"obj.total":"Number value expected"})");
  EXPECT_EQ(of(R"({"items":[],"total":1})"),
            R"(400 BadJsonBody {"obj.user":"Object value expected"})");
  EXPECT_EQ(of(R"({"items":[],"total":1,"user":{}})"),
            R"(400 BadParams {"obj.user":"email or userId is missing"})");
  EXPECT_EQ(of(R"({"total":1,"user":{"userId":"u"}})"),
            R"(400 BadJsonBody {"obj.items":"Array value expected"})");
  EXPECT_EQ(of(R"({"items":[{"id":"s","name":"x","price":"9"}],"total":1,"user":{"userId":"u"}})"),
            R"(400 BadJsonBody {"obj.items[0].price":"Number value expected"})");
}

TEST_F(IntakeChanges, AWorkflowIsTheJourneyThatStandsForIt) {
  const auto event = item<IntakeEvent>(
      Endpoint::kTriggerWorkflow,
      R"({"workflowId":4711,"email":"a@example.com","dataFields":{"plan":"pro","more":1}})");
  EXPECT_EQ(event.journey, "winback");
  EXPECT_EQ(event.fields.size(), 1U) << "what the journey does not ask for is dropped";
  EXPECT_EQ(refusal(Endpoint::kTriggerWorkflow, R"({"workflowId":4711,"email":"a@example.com"})"),
            R"(400 BadParams {"obj.dataFields.plan":"string expected"})");
  EXPECT_EQ(refusal(Endpoint::kTriggerWorkflow, R"({"workflowId":4711,"listId":7})"),
            R"(400 BadParams {"obj.listId":"email or userId expected"})");
  EXPECT_EQ(refusal(Endpoint::kTriggerWorkflow, R"({"email":"a@example.com"})"),
            R"(400 BadJsonBody {"obj.workflowId":"Integer value expected"})");
}

TEST_F(IntakeChanges, AWorkflowOfNobodysIsNotOurs) {
  EXPECT_EQ(refusal(Endpoint::kTriggerWorkflow, R"({"workflowId":12,"email":"a@example.com"})"),
            R"(400 BadParams {"workflowId":"12"})");
  const auto request = parser_.parse(Endpoint::kTriggerWorkflow, R"({"workflowId":12})", "");
  ASSERT_FALSE(request.has_value());
  EXPECT_EQ(request.error().why, IntakeAnswer::Why::kNotOurs);
}

TEST_F(IntakeChanges, AMappingFitsTheProgram) {
  EXPECT_TRUE(check_mapping(mapping(), program_).has_value());
  IntakeMapping wrong = mapping();
  wrong.workflows[12] = "welcome";
  const auto no_entry = check_mapping(wrong, program_);
  ASSERT_FALSE(no_entry.has_value());
  EXPECT_NE(no_entry.error().message.find("12 is the journey `welcome`"), std::string::npos);
  wrong = mapping();
  wrong.cart_event = "cart";
  EXPECT_TRUE(check_mapping(wrong, program_).has_value()) << "a default need not be declared";
  wrong.names_cart_event = true;
  const auto no_event = check_mapping(wrong, program_);
  ASSERT_FALSE(no_event.has_value());
  EXPECT_NE(no_event.error().message.find("cart_event"), std::string::npos);
}

}  // namespace
}  // namespace sojourn::runtime
