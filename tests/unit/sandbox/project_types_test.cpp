// How the three types of projects tell users apart, and what becomes of a name that changes.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

class ProjectTypes : public ServiceTest {
 protected:
  void play(const std::string& type) {
    open(":memory:", {.project = R"({"projectId":4711,"type":")" + type + R"(",
      "lists":[{"id":700,"name":"Trial users"}]})"});
  }
  json answer_to(std::string_view path, std::string_view body) { return parsed(post(path, body)); }
  // null: nobody goes by that name.
  json user(const std::string& name) {
    return parsed(ask("GET", "/api/users/" + name)).value("user", json());
  }
  std::string update(std::string_view body) {
    const std::string answer = post("/api/users/update", body);
    const std::string status = answer.substr(0, 3);
    return status == "200" ? status : status + " " + parsed(answer)["code"].get<std::string>();
  }
  static json parsed(const std::string& answer) { return json::parse(answer.substr(4)); }
};

TEST_F(ProjectTypes, AUserIsRenamedByTheDataOfAnUpdate) {
  for (const char* type : {"hybrid", "userId"}) {
    play(type);
    update(R"({"userId":"u-old","dataFields":{"plan":"pro"}})");
    EXPECT_EQ(update(R"({"userId":"u-old","dataFields":{"userId":"u-new","email":"New@b.com"}})"),
              "200");
    EXPECT_TRUE(user("byUserId/u-old").is_null()) << type;
    const json renamed = user("byUserId/u-new");
    EXPECT_EQ(renamed["userId"], "u-new");
    EXPECT_EQ(renamed["email"], "new@b.com");
    EXPECT_EQ(renamed["dataFields"]["plan"], "pro");
    EXPECT_EQ(renamed["dataFields"]["userId"], "u-new");
    EXPECT_EQ(user("new@b.com").is_null(), std::string(type) == "userId");
    // The old name is free again, and has nothing of the one who bore it.
    EXPECT_EQ(update(R"({"userId":"u-old"})"), "200");
    EXPECT_FALSE(user("byUserId/u-old")["dataFields"].contains("plan"));
  }
}

TEST_F(ProjectTypes, ANameOfAnotherUserIsAConflict) {
  play("hybrid");
  update(R"({"email":"ada@b.com","userId":"u-ada"})");
  update(R"({"email":"bob@b.com","userId":"u-bob"})");
  EXPECT_EQ(update(R"({"email":"bob@b.com","dataFields":{"userId":"u-ada"}})"),
            "409 UserIdAlreadyExists");
  EXPECT_EQ(update(R"({"userId":"u-bob","dataFields":{"email":"ADA@b.com"}})"),
            "409 EmailAlreadyExists");
  EXPECT_EQ(update(R"({"email":"eve@b.com","userId":"u-ada"})"), "409 UserIdAlreadyExists");
  EXPECT_EQ(update(R"({"email":"ada@b.com","userId":"u-eve"})"), "409 EmailAlreadyExists");
  const json bulk = answer_to("/api/users/bulkUpdate", R"({"users":[
    {"email":"bob@b.com","dataFields":{"userId":"u-ada"}},
    {"userId":"u-bob","dataFields":{"email":"ada@b.com"}},
    {"email":"bob@b.com","userId":"u-bob","dataFields":{"userId":"u-bob","email":"bob@b.com"}}]})");
  EXPECT_EQ(bulk["successCount"], 1);
  EXPECT_EQ(bulk["failedUpdates"]["conflictEmails"], json::parse(R"(["bob@b.com"])"));
  EXPECT_EQ(bulk["failedUpdates"]["conflictUserIds"], json::parse(R"(["u-bob"])"));
  EXPECT_EQ(user("ada@b.com")["userId"], "u-ada");
  EXPECT_EQ(user("byUserId/u-bob")["email"], "bob@b.com");
  play("userId");
  update(R"({"userId":"u-ada"})");
  EXPECT_EQ(update(R"({"userId":"u-bob","dataFields":{"userId":"u-ada"}})"),
            "409 UserIdAlreadyExists");
}

TEST_F(ProjectTypes, ANewNameMustBeOne) {
  play("hybrid");
  EXPECT_EQ(update(R"({"userId":"u","dataFields":{"email":"ada"}})"),
            "400 InvalidEmailAddressError");
  EXPECT_EQ(update(R"({"userId":"u","dataFields":{"userId":"caf\u00e9"}})"),
            "400 InvalidUserIdError");
  post("/api/users/forget", R"({"userId":"u-gone"})");
  EXPECT_EQ(update(R"({"userId":"u","dataFields":{"userId":"u-gone"}})"), "409 ForgottenUserError");
  EXPECT_TRUE(user("byUserId/u").is_null());
}

TEST_F(ProjectTypes, AnEmailIsOnlyAFieldWhereUserIdsDecide) {
  play("userId");
  update(R"({"userId":"u-1","email":"family@b.com","dataFields":{"n":1}})");
  update(R"({"userId":"u-2","email":"family@b.com","dataFields":{"n":2}})");
  EXPECT_EQ(user("byUserId/u-1")["dataFields"]["n"], 1);
  EXPECT_EQ(user("byUserId/u-2")["dataFields"]["n"], 2);
  EXPECT_EQ(user("byUserId/u-2")["email"], "family@b.com");
  EXPECT_EQ(update(R"({"email":"family@b.com"})"), "400 BadParams");
}

TEST_F(ProjectTypes, AUserIdStaysWithItsOwnerInAProjectOfEmails) {
  play("email");
  update(R"({"email":"q@b.com","userId":"u-q2","dataFields":{"n":1}})");
  EXPECT_EQ(update(R"({"email":"r@b.com","userId":"u-q2","dataFields":{"n":2}})"), "200");
  EXPECT_EQ(user("byUserId/u-q2")["email"], "q@b.com");
  EXPECT_EQ(user("q@b.com")["dataFields"]["n"], 1);
  EXPECT_EQ(user("r@b.com")["userId"], "u-q2");
  EXPECT_EQ(user("r@b.com")["dataFields"]["n"], 2);
  ask("DELETE", "/api/users/r@b.com");
  EXPECT_EQ(user("byUserId/u-q2")["email"], "q@b.com");
}

TEST_F(ProjectTypes, WhoIsDeletedIsGoneUnderWhatWasKnownBeforeTheEmail) {
  play("hybrid");
  update(R"({"userId":"u","dataFields":{"before":1}})");
  update(R"({"email":"ada@b.com","userId":"u"})");
  EXPECT_EQ(user("ada@b.com")["dataFields"]["before"], 1);
  ask("DELETE", "/api/users/ada@b.com");
  EXPECT_TRUE(user("ada@b.com").is_null());
  EXPECT_TRUE(user("byUserId/u").is_null());
}

TEST_F(ProjectTypes, ListsStandInAFieldThatDependsOnTheType) {
  for (const auto& [type, field, other] : {std::tuple("email", "emailListIds", "userListIds"),
                                           std::tuple("hybrid", "userListIds", "emailListIds")}) {
    play(type);
    update(R"({"email":"ada@b.com"})");
    post("/api/lists/subscribe", R"({"listId":700,"subscribers":[{"email":"ada@b.com"}]})");
    EXPECT_EQ(user("ada@b.com")["dataFields"][field], json::parse("[700]")) << type;
    EXPECT_FALSE(user("ada@b.com")["dataFields"].contains(other)) << type;
    EXPECT_EQ(service->handle({"GET", "/api/lists/getUsers", "listId=700", "k", {}}, now).body,
              "ada@b.com\n");
    post("/api/users/updateSubscriptions", R"({"email":"ada@b.com","emailListIds":[]})");
    EXPECT_EQ(user("ada@b.com")["dataFields"][field], json::array()) << type;
    const json fields = parsed(ask("GET", "/api/users/getFields"))["fields"];
    EXPECT_EQ(fields[field], "long");
    EXPECT_FALSE(fields.contains(other));
  }
}

TEST_F(ProjectTypes, UpdateEmailIsForProjectsOfEmails) {
  play("hybrid");
  update(R"({"email":"ada@b.com"})");
  EXPECT_TRUE(
      post("/api/users/updateEmail", R"({"currentEmail":"ada@b.com","newEmail":"new@b.com"})")
          .starts_with("400 "));
  EXPECT_FALSE(user("ada@b.com").is_null());
}

TEST_F(ProjectTypes, ErrorsNameTheProject) {
  play("email");
  update(R"({"email":"ada@b.com","dataFields":{"n":1}})");
  EXPECT_NE(post("/api/users/update", R"({"email":"ada@b.com","dataFields":{"n":"x"}})")
                .find("Project 4711: "),
            std::string::npos);
  const char* event = R"({"email":"ada@b.com","eventName":"e","dataFields":{"n":)";
  post("/api/events/track", std::string(event) + "1}}");
  EXPECT_NE(post("/api/events/track", std::string(event) + "true}}").find("Project 4711: "),
            std::string::npos);
}

TEST_F(ProjectTypes, TheFieldsOfEveryProfileHaveTheirTypes) {
  play("email");
  for (const char* bad : {R"("userId":5)", R"("email":5)", R"("emailListIds":{"a":1})",
                          R"("emailListIds":[1,"x"])", R"("subscribedMessageTypeIds":{"b":2})",
                          R"("unsubscribedChannelIds":true)", R"("signupDate":7)"}) {
    EXPECT_EQ(update(std::string(R"({"email":"ada@b.com","dataFields":{)") + bad + "}}"),
              "400 RequestFieldsTypesMismatched")
        << bad;
  }
  EXPECT_TRUE(user("ada@b.com").is_null());
  EXPECT_EQ(update(R"({"email":"ada@b.com","dataFields":{"userId":"u-1","emailListIds":[7]}})"),
            "200");
  EXPECT_EQ(user("byUserId/u-1")["email"], "ada@b.com");
  EXPECT_EQ(parsed(ask("GET", "/api/users/getFields"))["fields"]["userId"], "string");
}

TEST_F(ProjectTypes, IdsThatAreNoneDoNotCount) {
  // What an older record may hold.
  open(":memory:");
  ASSERT_TRUE(inbox->keep(RecordKind::kUpdate,
                          {.topic = "users/update",
                           .key = {},
                           .subject = "email:a@b.com",
                           .time = now,
                           .body = R"({"email":"a@b.com","dataFields":{"emailListIds":{"a":1},
                             "subscribedMessageTypeIds":["x",3]}})"}));
  EXPECT_TRUE(post("/api/lists/subscribe", R"({"listId":71,"subscribers":[{"email":"a@b.com"}]})")
                  .starts_with("200 "));
  EXPECT_TRUE(ask("PATCH", "/api/subscriptions/messageType/4821/user/a@b.com").starts_with("202 "));
  EXPECT_EQ(user("a@b.com")["dataFields"]["emailListIds"], json::parse("[71]"));
  EXPECT_EQ(user("a@b.com")["dataFields"]["subscribedMessageTypeIds"], json::parse("[3,4821]"));
}

TEST_F(ProjectTypes, TheForgottenAreListedByTheirHashes) {
  play("hybrid");
  update(R"({"email":"Ada@b.com","userId":"abc"})");
  EXPECT_EQ(ask("GET", "/api/users/forgotten"), R"(200 {"hashedEmails":[]})");
  post("/api/users/forget", R"({"userId":"abc"})");
  // Of "ada@b.com", and the example of FIPS 180-4.
  EXPECT_EQ(parsed(ask("GET", "/api/users/forgotten"))["hashedEmails"].size(), 1u);
  EXPECT_EQ(ask("GET", "/api/users/forgottenUserIds"),
            R"(200 {"hashedUserIds":[)"
            R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]})");
}

}  // namespace
}  // namespace sojourn::sandbox
