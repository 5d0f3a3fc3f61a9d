// Whatever comes, the sandbox answers, and is not at fault itself: bodies that are wrong in every
// place of every schema, with members of other calls, and paths and queries that are no text.
#include <array>
#include <fmt/core.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "sandbox/guarded.h"
#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

const std::string kRoot = SOJOURN_SOURCE_DIR;

std::string text_of(const std::string& file) {
  std::ifstream in(kRoot + "/" + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// What stands in no place where it is awaited.
const std::vector<json>& hostile_values() {
  static const std::vector<json> kValues = [] {
    json list = json::parse(R"([null, true, -1, 0, 1.5, 1e300, 9223372036854775807,
      18446744073709551615, -9223372036854775808, "", "x", "2026-13-45 99:99:99", "a@b.com",
      " \u0000\ud83d\ude00", [], [null], [1, "x", {}], [[[1]]], {}, {"a": 1}, {"": null}, {"7": 7},
      {"email": 5, "userId": [], "emailListIds": {"a": 1}, "userListIds": "x",
       "subscribedMessageTypeIds": {"b": 2}, "unsubscribedMessageTypeIds": [["x"]],
       "unsubscribedChannelIds": true, "shoppingCartItems": 7, "signupDate": 1},
      {"dataFields": 3}])");
    list.push_back(std::string(70'000, 'y'));
    return list.get<std::vector<json>>();
  }();
  return kValues;
}

json usual_text(const std::string& name) {
  if (name.ends_with("mail"))
    return name.starts_with("new") ? "new@example.com" : "ada@example.com";
  if (name.ends_with("serId")) return "u-1";
  if (name == "sendAt") return "2026-03-01 10:00:00";
  return "e-1";
}

// A body that has every member of a schema.
json sample(const json& schema, const std::string& name) {
  const std::string type = schema.value("type", "");
  if (schema.contains("enum")) return schema["enum"][0];
  if (type == "object") {
    json out = json::object();
    const json members = schema.value("properties", json::object());
    for (const auto& [member, one] : members.items()) {
      out[member] = sample(one, member);
    }
    return out;
  }
  if (type == "array") return json::array({sample(schema.value("items", json::object()), name)});
  if (type == "integer") return name == "listId" ? 700 : 5001;
  if (type == "number") return 1.5;
  if (type == "boolean") return true;
  return usual_text(name);
}

std::string path_for(std::string pattern) {
  constexpr auto kNames =
      std::to_array<std::pair<const char*, const char*>>({{"{subscriptionGroup}", "messageType"},
                                                          {"{subscriptionGroupId}", "41"},
                                                          {"{catalogName}", "plans"},
                                                          {"{itemId}", "ultimate"}});
  for (const auto& [name, value] : kNames) {
    const std::size_t at = pattern.find(name);
    if (at != std::string::npos) pattern.replace(at, std::string_view(name).size(), value);
  }
  return pattern;
}

class HostileRequests : public ServiceTest, public testing::WithParamInterface<const char*> {
 protected:
  HostileRequests() {
    const std::string type = GetParam();
    if (type == "open") return;
    json project = json::parse(text_of("tests/transcripts/project.json"));
    project["type"] = type;
    project_ = project.dump();
  }

  void begin() { open(":memory:", {.project = project_, .tell_of_sends = true}); }

  void expect_answer(const std::string& method, const std::string& path, const std::string& query,
                     const std::string& body) {
    const Reply reply = service->handle({method, path, query, "secret", body}, now);
    ++asked_;
    EXPECT_TRUE(reply.status >= 200 && reply.status < 500)
        << method << " " << path << "?" << query << "\n"
        << body.substr(0, 500) << "\n"
        << reply.status << " " << reply.body;
    const bool reads = reply.content_type != "application/json" || json::accept(reply.body);
    EXPECT_TRUE(reads) << method << " " << path << "?" << query << "\n" << reply.body;
  }

  // What looks at what was kept before.
  void look() {
    for (const char* path : {"/api/users/ada@example.com", "/api/users/byUserId/u-1",
                             "/api/events/ada@example.com", "/api/users/getFields"}) {
      expect_answer("GET", path, {}, {});
    }
    expect_answer("GET", "/api/users/getSentMessages", "email=ada@example.com&limit=1000", {});
    expect_answer("GET", "/api/lists/getUsers", "listId=700", {});
    expect_answer("POST", "/api/lists/subscribe", {},
                  R"({"listId":700,"subscribers":[{"email":"ada@example.com","userId":"u-1"}]})");
    expect_answer("PATCH", "/api/subscriptions/messageType/41/user/ada@example.com", {}, {});
    expect_answer("PATCH", "/api/subscriptions/emailList/700/byUserId/u-1", {}, {});
    expect_answer("POST", "/api/email/target", {},
                  R"({"campaignId":5003,"recipientEmail":"ada@example.com",)"
                  R"("recipientUserId":"u-1"})");
    EXPECT_EQ(service->show("user=email:ada@example.com").status, 200);
    EXPECT_EQ(service->show({}).status, 200);
  }

  std::optional<std::string> project_;
  std::size_t asked_ = 0;
};

TEST_P(HostileRequests, WrongInEveryPlaceOfEverySchema) {
  const json schemas = json::parse(text_of("sandbox/schemas/iterable.json"));
  for (const json& operation : schemas.at("operations")) {
    begin();
    const std::string method = operation.at("method");
    const std::string path = path_for(operation.at("path"));
    const json good = sample(operation.at("request"), "");
    expect_answer(method, path, {}, good.dump());
    std::set<std::string> tried;
    const json places = good.flatten();
    for (const auto& [place, value] : places.items()) {
      // The place itself, and what it stands in, up to the whole body.
      for (json::json_pointer at(place); tried.insert(at.to_string()).second; at.pop_back()) {
        for (const json& hostile : hostile_values()) {
          json bad = good;
          bad[at] = hostile;
          expect_answer(method, path, "action=subscribe", bad.dump());
        }
        if (at.empty()) break;
      }
    }
    look();
  }
  EXPECT_GT(asked_, 5'000u);
}

TEST_P(HostileRequests, WithTheMembersOfOtherCalls) {
  const json schemas = json::parse(text_of("sandbox/schemas/iterable.json"));
  std::set<std::string> members;
  for (const json& operation : schemas.at("operations")) {
    for (const auto& [name, one] : operation.at("request").at("properties").items()) {
      members.insert(name);
    }
  }
  for (const json& operation : schemas.at("operations")) {
    begin();
    const json good = sample(operation.at("request"), "");
    for (const std::string& name : members) {
      if (good.contains(name)) continue;
      for (const json& hostile : {json(5), json("x"), json::array({json::object()})}) {
        json bad = good;
        bad[name] = hostile;
        expect_answer(operation.at("method"), path_for(operation.at("path")), {}, bad.dump());
      }
    }
    look();
  }
}

TEST_P(HostileRequests, PathsAndQueriesThatAreNoText) {
  begin();
  constexpr auto kRoutes = std::to_array<std::pair<const char*, const char*>>({
      {"GET", "/api/users/{}"},
      {"GET", "/api/users/byUserId/{}"},
      {"DELETE", "/api/users/{}"},
      {"DELETE", "/api/users/byUserId/{}"},
      {"GET", "/api/events/{}"},
      {"GET", "/api/events/byUserId/{}"},
      {"DELETE", "/api/lists/{}"},
      {"PATCH", "/api/subscriptions/{}/7/user/a@b.com"},
      {"PATCH", "/api/subscriptions/messageType/{}/user/a@b.com"},
      {"PATCH", "/api/subscriptions/messageType/7/user/{}"},
      {"DELETE", "/api/subscriptions/messageType/7/byUserId/{}"},
      {"GET", "/api/campaigns/{}"},
      {"POST", "/api/catalogs/{}"},
      {"GET", "/api/catalogs/{}/items"},
      {"DELETE", "/api/catalogs/{}"},
      {"GET", "/api/catalogs/plans/items/{}"},
      {"DELETE", "/api/catalogs/plans/items/{}"},
  });
  constexpr auto kPages = std::to_array<const char*>(
      {"/api/users/getByEmail", "/api/users/byUserId", "/api/users/getSentMessages",
       "/api/users/getFields", "/api/events/ada@example.com", "/api/lists", "/api/lists/getUsers",
       "/api/campaigns", "/api/templates", "/api/templates/email/get",
       "/api/templates/getByClientTemplateId", "/api/channels", "/api/messageTypes",
       "/api/journeys", "/api/catalogs", "/api/catalogs/plans/items"});
  const std::string long_name(5'000, 'z');
  const std::vector<std::string> hostile = {"%ff",
                                            "%ff@b.com",
                                            "a@%ff.com",
                                            "%00",
                                            "%zz",
                                            "%",
                                            "..",
                                            "%2F",
                                            "-1",
                                            "0",
                                            "9223372036854775807",
                                            "99999999999999999999",
                                            "1e5",
                                            "%F0%9F%98%80",
                                            "%ED%A0%80@b.com",
                                            long_name};
  for (const auto& [method, pattern] : kRoutes) {
    for (const std::string& name : hostile) {
      expect_answer(method, fmt::format(fmt::runtime(pattern), name), {}, {});
    }
  }
  for (const char* page : kPages) {
    for (const char* member :
         {"email", "userId", "page", "pageSize", "sort", "limit", "campaignIds", "startDateTime",
          "messageMedium", "campaignState", "state", "listId", "size", "templateId",
          "clientTemplateId", "templateType"}) {
      for (const std::string& value : hostile) {
        expect_answer("GET", page, fmt::format("email=a@b.com&{}={}", member, value), {});
      }
    }
  }
  look();
}

INSTANTIATE_TEST_SUITE_P(Projects, HostileRequests,
                         testing::Values("open", "email", "hybrid", "userId"));

TEST(Guarded, AFaultOfTheSandboxIsAnAnswer) {
  const Reply reply = guarded([]() -> Reply { throw std::runtime_error("no such \"member\""); });
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body,
            R"({"msg":"An error occurred. Please try again later.","code":"GenericError",)"
            R"("params":{"sandbox":"no such \"member\""}})");
  EXPECT_EQ(guarded([] { return Reply{.status = 202}; }).status, 202);
}

}  // namespace
}  // namespace sojourn::sandbox
