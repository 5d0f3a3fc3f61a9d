#include "runtime/intake_parse.h"

#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "graph/catalog.h"
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

graph::Catalog catalog() {
  graph::Catalog catalog;
  catalog.user_fields = {{"seats", type_of(graph::Type::Kind::kInteger), {}},
                         {"trialEndsAt", type_of(graph::Type::Kind::kTimestamp), {}}};
  catalog.events = {{"purchased",
                     "Purchased Something",
                     {{"amount", type_of(graph::Type::Kind::kNumber)},
                      {"plan", type_of(graph::Type::Kind::kString)}}}};
  graph::Type item = type_of(graph::Type::Kind::kObject);
  item.fields = {{"id", type_of(graph::Type::Kind::kString)}};
  graph::Type items = type_of(graph::Type::Kind::kList);
  items.element = std::make_shared<const graph::Type>(item);
  catalog.events.push_back({"ordered", "ordered", {{"items", items}}});
  catalog.lists = {{"vips", 21}};
  catalog.campaigns.emplace_back();
  catalog.campaigns.back().name = "welcome";
  catalog.campaigns.back().id = 101;
  graph::Type optional = type_of(graph::Type::Kind::kInteger);
  optional.optional = true;
  graph::Type plans = type_of(graph::Type::Kind::kOneOf);
  plans.choices = {"free", "pro"};
  catalog.api_entries = {{"api winback", {}, {{"plan", plans}, {"seats", optional}}}};
  return catalog;
}

class IntakeParse : public ::testing::Test {
 protected:
  tl::expected<IntakeRequest, IntakeAnswer> parse(Endpoint endpoint, const std::string& body) {
    return parser_.parse(endpoint, body, "0123456789abcdef0123456789abcdef");
  }
  IntakeEvent event(const std::string& body) {
    auto request = parse(Endpoint::kEventsTrack, body);
    EXPECT_TRUE(request.has_value()) << (request ? "" : request.error().body);
    return std::get<IntakeEvent>(request.value().items.at(0));
  }
  // The answer's status, code and params.
  std::string refusal(Endpoint endpoint, const std::string& body) {
    auto request = parse(endpoint, body);
    if (request) return "accepted";
    const Json json = Json::parse(request.error().body);
    return std::to_string(request.error().status) + " " + json["code"].get<std::string>() + " " +
           json["params"].dump();
  }

  Program program_{"test", catalog(), {}};
  IntakeParser parser_{program_, IntakeLimits{3}};
};

TEST_F(IntakeParse, TakesAnEventAsItsDeclaredTypes) {
  const IntakeEvent e = event(
      R"({"email":"Ada@Example.com","userId":"u-1","eventName":"Purchased Something","id":"e-1",
          "createdAt":1774602000,"dataFields":{"amount":3,"plan":"pro","color":"red"}})");
  EXPECT_EQ(e.person.email, "ada@example.com");
  EXPECT_EQ(e.person.user_id, "u-1");
  EXPECT_EQ(e.id, "e-1");
  EXPECT_EQ(base::to_iso8601(*e.created_at), "2026-03-27T09:00:00Z");
  EXPECT_EQ(graph::find_field(e.fields, "amount"), graph::Value(3.0));
  EXPECT_EQ(graph::find_field(e.fields, "plan"), graph::Value("pro"));
}

TEST_F(IntakeParse, AnEventSaysWhatItIsDeclaredToSay) {
  const std::string begin = R"({"email":"a@example.com","eventName":"Purchased Something",)";
  const std::string lacking = begin + R"("dataFields":{"amount":3}})";
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, lacking),
            R"(400 BadParams {"dataFields.plan":"string expected"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, begin + R"("dataFields":{"amount":3,"plan":null}})"),
            R"(400 BadParams {"dataFields.plan":"string expected"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, R"({"email":"a@example.com","eventName":"Other"})"),
            "accepted")
      << "nobody has declared it";
  const auto bulk =
      parse(Endpoint::kEventsTrackBulk, R"({"events":[)" + lacking + "," + begin +
                                            R"("dataFields":{"amount":3,"plan":"a"}}]})");
  ASSERT_TRUE(bulk.has_value());
  EXPECT_EQ(bulk->items.size(), 1U);
  ASSERT_EQ(bulk->failures.size(), 1U);
  EXPECT_EQ(bulk->failures[0].identity, "plan");
}

TEST_F(IntakeParse, OfAFieldGivenTwiceTheFirstCounts) {
  const IntakeEvent e = event(
      R"({"email":"a@example.com","eventName":"Purchased Something",
          "dataFields":{"amount":1,"plan":"pro","amount":2,"plan":null}})");
  EXPECT_EQ(e.fields, (std::vector<graph::Field>{{"amount", graph::Value(1.0)},
                                                 {"plan", graph::Value("pro")}}));
  const auto update = parse(Endpoint::kUsersUpdate,
                            R"({"email":"a@example.com","dataFields":{"seats":1,"seats":2}})");
  ASSERT_TRUE(update.has_value());
  EXPECT_EQ(std::get<IntakeUpdate>(update->items.at(0)).fields,
            (std::vector<graph::Field>{{"seats", graph::Value(std::int64_t{1})}}));
}

TEST_F(IntakeParse, AnEventSaysWhatItIsDeclaredToSayWithinItsFields) {
  const std::string begin = R"({"email":"a@example.com","eventName":"ordered","dataFields":)";
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, begin + R"({"items":[{"id":"a"},{"id":"b"}]}})"),
            "accepted");
  const std::string wrong = R"(400 BadParams {"dataFields.items":"[{ id string }] expected"})";
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, begin + R"({"items":[{"id":"a"},{}]}})"), wrong);
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, begin + R"({"items":[null]}})"), wrong);
}

TEST_F(IntakeParse, ReadsCreatedAtInSecondsAndInMilliseconds) {
  const auto at = [&](const std::string& created) {
    return event(R"({"email":"a@example.com","eventName":"x","createdAt":)" + created + "}")
        .created_at->millis;
  };
  EXPECT_EQ(at("1774602000"), 1'774'602'000'000);
  EXPECT_EQ(at("1774602000123"), 1'774'602'000'123);
}

TEST_F(IntakeParse, NamesWhatIsNotDeclaredAndDropsIt) {
  auto request = parse(Endpoint::kUsersUpdate,
                       R"({"email":"a@example.com","dataFields":{"seats":2,"shoe":"red"}})");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->filtered_out_fields, std::vector<std::string>{"shoe"});
  EXPECT_EQ(std::get<IntakeUpdate>(request->items[0]).fields.size(), 1u);
}

TEST_F(IntakeParse, ANullClearsAField) {
  auto request =
      parse(Endpoint::kUsersUpdate, R"({"email":"a@example.com","dataFields":{"seats":null}})");
  ASSERT_TRUE(request.has_value());
  const auto& fields = std::get<IntakeUpdate>(request->items[0]).fields;
  ASSERT_EQ(fields.size(), 1u);
  EXPECT_TRUE(fields[0].second.is_missing());
}

TEST_F(IntakeParse, ANewNameIsReadAsTheNamesThatARequestBeginsWith) {
  const auto renamed =
      parse(Endpoint::kUsersUpdate, R"({"userId":"u-1","dataFields":{"email":"Ada@Example.com"}})");
  ASSERT_TRUE(renamed.has_value());
  const auto& update = std::get<IntakeUpdate>(renamed->items.at(0));
  EXPECT_EQ(update.fields.at(0).second, graph::Value("ada@example.com"));
  EXPECT_EQ(refusal(Endpoint::kUsersUpdate, R"({"userId":"u-1","dataFields":{"email":"ada"}})"),
            "400 InvalidEmailAddressError null");
  EXPECT_EQ(
      refusal(Endpoint::kUsersUpdate, R"({"email":"ada@example.com","dataFields":{"userId":""}})"),
      "400 InvalidUserIdError null");
}

TEST_F(IntakeParse, EveryRefusalNamesTheField) {
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, "{"),
            R"(400 BadJsonBody {"obj":"valid JSON expected"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, "[]"),
            R"(400 BadJsonBody {"obj":"Object value expected"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, R"({"email":"a@example.com"})"),
            R"(400 BadJsonBody {"obj.eventName":"a name of at least one character is required"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, R"({"email":7,"eventName":"x"})"),
            R"(400 BadJsonBody {"obj.email":"String value expected"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrack,
                    R"({"email":"a@example.com","eventName":"x","createdAt":"today"})"),
            R"(400 BadJsonBody {"obj.createdAt":"Number value expected"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrack,
                    R"({"email":"a@example.com","eventName":"x","dataFields":[]})"),
            R"(400 BadJsonBody {"obj.dataFields":"Object value expected"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrack, R"({"eventName":"x"})"),
            R"(400 BadParams {"obj":"email or userId is missing"})");
  EXPECT_EQ(refusal(Endpoint::kUsersUpdate, R"({"email":"nobody"})"),
            "400 InvalidEmailAddressError null");
  EXPECT_EQ(refusal(Endpoint::kUsersUpdate, R"({"userId":" "})"), "400 InvalidUserIdError null");
}

TEST_F(IntakeParse, AWrongTypeIsReportedAsIterableDoes) {
  EXPECT_EQ(
      refusal(Endpoint::kUsersUpdate, R"({"email":"a@example.com","dataFields":{"seats":"many"}})"),
      R"(400 RequestFieldsTypesMismatched {"validationErrors":{"seats":{"_type":"UnexpectedType",)"
      R"("category":"user","expectedType":"long","incomingTypes":["string"],"offendingValue":"many"}}})");
}

TEST_F(IntakeParse, ABulkRequestFailsItemByItem) {
  auto request = parse(Endpoint::kUsersBulkUpdate,
                       R"({"users":[{"email":"a@example.com"},{"email":"bad@"},
                                    {"userId":"u","dataFields":{"seats":"many"}}]})");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->items.size(), 1u);
  ASSERT_EQ(request->failures.size(), 2u);
  EXPECT_EQ(request->failures[0].list, "invalidEmails");
  EXPECT_EQ(request->failures[0].identity, "bad@");
  EXPECT_EQ(request->failures[1].list, "invalidDataUserIds");
  EXPECT_EQ(request->failures[1].identity, "u");
}

TEST_F(IntakeParse, ABulkRequestThatIsBrokenFailsWholeAndSaysWhere) {
  EXPECT_EQ(refusal(Endpoint::kEventsTrackBulk,
                    R"({"events":[{"email":"a@example.com","eventName":"x"},
                                  {"email":"a@example.com","eventName":"x","createdAt":"soon"}]})"),
            R"(400 BadJsonBody {"obj.events[1].createdAt":"Number value expected"})");
  EXPECT_EQ(refusal(Endpoint::kEventsTrackBulk, R"({"users":[]})"),
            R"(400 BadJsonBody {"obj.events":"Array value expected"})");
}

TEST_F(IntakeParse, TooManyItemsAreRefused) {
  EXPECT_EQ(refusal(Endpoint::kUsersBulkUpdate,
                    R"({"users":[{"userId":"1"},{"userId":"2"},{"userId":"3"},{"userId":"4"}]})"),
            "400 BatchTooLarge null");
}

TEST_F(IntakeParse, DeepNestingIsRefusedNotFollowed) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(refusal(Endpoint::kEventsTrack,
                    R"({"email":"a@example.com","eventName":"x","dataFields":{"plan":)" + deep),
            R"(400 BadJsonBody {"obj":"valid JSON expected"})");
}

TEST_F(IntakeParse, ASubscriberIsOnADeclaredList) {
  auto request = parse(Endpoint::kListsSubscribe, R"({"listId":21,"subscribers":[
      {"email":"Ada@Example.com","dataFields":{"seats":3,"shoe":41}},{"userId":"u-1"},
      {"email":"nobody"}]})");
  ASSERT_TRUE(request.has_value()) << request.error().body;
  ASSERT_EQ(request->items.size(), 2u);
  const auto& first = std::get<IntakeListChange>(request->items[0]);
  EXPECT_EQ(first.person.email, "ada@example.com");
  EXPECT_EQ(first.list, "vips");
  EXPECT_TRUE(first.joined);
  EXPECT_EQ(first.update.fields.size(), 1u);
  EXPECT_EQ(request->filtered_out_fields, std::vector<std::string>{"shoe"});
  ASSERT_EQ(request->failures.size(), 1u);
  EXPECT_EQ(request->failures[0].list, "invalidEmails");
  auto left =
      parse(Endpoint::kListsUnsubscribe, R"({"listId":21,"subscribers":[{"userId":"u-1"}]})");
  EXPECT_FALSE(std::get<IntakeListChange>(left->items.at(0)).joined);
  // What was said of one request does not stick to the next.
  auto update = parse(Endpoint::kUsersUpdate, R"({"userId":"u-1","dataFields":{"seats":3}})");
  EXPECT_TRUE(std::holds_alternative<IntakeUpdate>(update->items.at(0)));
}

TEST_F(IntakeParse, AnUnknownListIsRefused) {
  EXPECT_EQ(refusal(Endpoint::kListsSubscribe, R"({"listId":22,"subscribers":[]})"),
            "400 BadParams null");
  EXPECT_EQ(refusal(Endpoint::kListsSubscribe, R"({"subscribers":[]})"),
            R"(400 BadJsonBody {"obj.listId":"Integer value expected"})");
}

TEST_F(IntakeParse, AnEngagementNamesItsMessageAsFarAsItIsKnown) {
  auto request = parse(Endpoint::kEngagements,
                       R"({"email":"ada@example.com","engagement":"clicked","campaignId":101,
      "messageKey":"abc","url":"https://x","id":"w-1","createdAt":1772000000})");
  ASSERT_TRUE(request.has_value()) << request.error().body;
  const auto& clicked = std::get<IntakeEngagement>(request->items.at(0));
  EXPECT_EQ(clicked.what, graph::Engagement::kClicked);
  EXPECT_EQ(clicked.campaign, "welcome");
  EXPECT_EQ(clicked.message_key, "abc");
  EXPECT_EQ(clicked.url, "https://x");
  EXPECT_EQ(clicked.id, "w-1");
  EXPECT_EQ(clicked.created_at, base::Instant{1'772'000'000'000});
  auto bare = parse(Endpoint::kEngagements,
                    R"({"email":"ada@example.com","engagement":"opened","campaignId":7})");
  EXPECT_EQ(std::get<IntakeEngagement>(bare->items.at(0)).campaign, "") << "not one of ours";
}

TEST_F(IntakeParse, SubscriptionsOfOneAndOfMany) {
  auto one = parse(Endpoint::kSubscriptionsUpdate,
                   R"({"email":"Ada@Example.com","unsubscribedMessageTypeIds":[41],
                       "emailListIds":[21]})");
  ASSERT_TRUE(one.has_value()) << one.error().body;
  const auto said = std::get<IntakeSubscriptions>(one->items.at(0));
  EXPECT_EQ(said.person.email, "ada@example.com");
  EXPECT_EQ(said.update.person.email, "ada@example.com");
  EXPECT_EQ(graph::find_field(said.update.fields, "unsubscribedMessageTypeIds"),
            graph::Value(graph::List{graph::Value(std::int64_t{41})}));
  EXPECT_EQ(said.lists, std::vector<std::string>{"vips"});

  auto many = parse(Endpoint::kSubscriptionsBulkUpdate,
                    R"({"updateSubscriptionsRequests":[
                        {"userId":"u-1","subscribedMessageTypeIds":[41]},
                        {"email":"nobody"}]})");
  ASSERT_TRUE(many.has_value()) << many.error().body;
  EXPECT_EQ(many->items.size(), 1U);
  ASSERT_EQ(many->failures.size(), 1U);
  EXPECT_EQ(many->failures[0].list, "invalidEmails");
  EXPECT_EQ(refusal(Endpoint::kSubscriptionsUpdate,
                    R"({"userId":"u-1","unsubscribedMessageTypeIds":41})"),
            R"(400 BadJsonBody {"obj.unsubscribedMessageTypeIds":"Array value expected"})");
}

TEST_F(IntakeParse, WhatWasSentIsNotTold) {
  const std::string answer =
      refusal(Endpoint::kEngagements, R"({"email":"ada@example.com","engagement":"sent"})");
  EXPECT_TRUE(answer.starts_with("400 BadJsonBody")) << answer;
}

class EntryParse : public IntakeParse {
 protected:
  tl::expected<IntakeRequest, IntakeAnswer> parse_entry(const std::string& data) {
    return parser_.parse_entry(
        "winback",
        R"({"email":"Ada@Example.com","id":"e-1","createdAt":1774602000,"dataFields":)" + data +
            "}",
        "0123");
  }
  // The answer's params.
  std::string wrong(const std::string& data) {
    auto request = parse_entry(data);
    return request ? "accepted" : Json::parse(request.error().body)["params"].dump();
  }
};

TEST_F(EntryParse, AnEntryIsAnEventOfTheJourney) {
  auto request = parse_entry(R"({"plan":"pro","seats":null})");
  ASSERT_TRUE(request.has_value()) << request.error().body;
  EXPECT_EQ(request->endpoint, Endpoint::kJourneyEntry);
  EXPECT_EQ(request->answer_id, "e-1");
  const auto& event = std::get<IntakeEvent>(request->items.at(0));
  EXPECT_EQ(event.journey, "winback");
  EXPECT_EQ(event.person.email, "ada@example.com");
  EXPECT_EQ(base::to_iso8601(*event.created_at), "2026-03-27T09:00:00Z");
  ASSERT_EQ(event.fields.size(), 1U);
  EXPECT_EQ(event.fields[0].second, graph::Value("pro"));
  EXPECT_NE(event.id, "e-1") << "an event of that id is another thing";
}

TEST_F(EntryParse, WhatDoesNotFitIsNamedWithItsPlace) {
  EXPECT_EQ(wrong(R"({"plan":"pro"})"), "accepted");
  EXPECT_EQ(wrong("{}"), R"x({"obj.dataFields.plan":"\"free\" | \"pro\" expected"})x");
  EXPECT_EQ(wrong(R"({"plan":"max"})"),
            R"x({"obj.dataFields.plan":"\"free\" | \"pro\" expected"})x");
  EXPECT_EQ(wrong(R"({"plan":"pro","shoe":1})"),
            R"({"obj.dataFields.shoe":"the journey takes no such field"})");
  EXPECT_NE(wrong(R"({"plan":"pro","seats":"many"})").find("UnexpectedType"), std::string::npos);
}

TEST_F(EntryParse, AJourneyThatCannotBeEnteredIsNotFound) {
  auto request = parser_.parse_entry("welcome", R"({"email":"ada@example.com"})", "0123");
  ASSERT_FALSE(request.has_value());
  EXPECT_EQ(request.error().status, 404);
}

TEST_F(EntryParse, SomebodyHasToBeNamed) {
  auto request = parser_.parse_entry("winback", R"({"dataFields":{"plan":"pro"}})", "0123");
  ASSERT_FALSE(request.has_value());
  EXPECT_EQ(request.error().status, 400);
}

}  // namespace
}  // namespace sojourn::runtime
