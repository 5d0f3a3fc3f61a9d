#include "app/doorkeeper.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "app/front_door.h"
#include "tests/unit/app/request_text.h"

namespace sojourn::app {
namespace {

using testing::HasSubstr;
using Verdict = Doorkeeper::Verdict;

const std::string kShop = "sojourn_" + std::string(64, '1');
const std::string kShopNext = "sojourn_" + std::string(64, '2');
const std::string kOps = "sojourn_" + std::string(64, '3');

AccessKey key(const std::string& name, const std::string& text, const char* scopes) {
  AccessKey out;
  out.name = name;
  out.scopes = *parse_scopes(scopes);
  out.digest = digest_of(text);
  return out;
}

std::vector<AccessKey> keys() {
  return {key("shop", kShop, "ingest"), key("shop-next", kShopNext, "ingest"),
          key("ops", kOps, "read,operate")};
}

uv::HttpRequest with(const std::string& header,
                     const std::string& line = "POST /api/events/track") {
  return request_of(line + " HTTP/1.1\nHost: localhost\n" + header);
}

std::string presented(const std::string& headers, const std::string& line = "POST /v1/track") {
  return presented_key(with(headers, line)).value_or("nothing");
}

TEST(PresentedKey, StandsWhereItsSendersPutIt) {
  EXPECT_EQ(presented("Api-Key: k\n"), "k");
  EXPECT_EQ(presented("api_key: k\n"), "k");
  EXPECT_EQ(presented("Authorization: Bearer k\n"), "k");
  EXPECT_EQ(presented("Authorization: bearer k\n"), "k");
  EXPECT_EQ(presented("Authorization: Basic azo=\n"), "k");
  EXPECT_EQ(presented("Api-Key: k\nAuthorization: Bearer of-a-user\n"), "k")
      << "as Iterable's libraries send both";
  EXPECT_EQ(presented("Authorization: Basic azo=\n", "POST /api/events/track"), "nothing");
  EXPECT_EQ(presented(""), "nothing");
  EXPECT_EQ(presented("Authorization: Digest k\n"), "nothing");
}

TEST(PresentedKey, IsOneOrNone) {
  EXPECT_EQ(presented("Api-Key: k\nApi-Key: k\n"), "nothing");
  EXPECT_EQ(presented("Api-Key: k\napi_key: l\n"), "nothing");
  EXPECT_EQ(presented("Authorization: Bearer k\nAuthorization: Bearer l\n"), "nothing");
}

TEST(Doorkeeper, LetsEachKeyDoWhatItMay) {
  Doorkeeper doorkeeper(keys());
  const auto ask = [&](const std::string& text, Scope scope) {
    return doorkeeper.ask(with("Api-Key: " + text + "\n"), scope).verdict;
  };
  for (const std::string& text : {kShop, kShopNext}) {
    EXPECT_EQ(ask(text, Scope::kIngest), Verdict::kAdmitted) << "both of a rotation";
    for (const Scope scope : {Scope::kRead, Scope::kOperate, Scope::kErase}) {
      EXPECT_EQ(ask(text, scope), Verdict::kWithoutScope) << to_string(scope);
    }
  }
  EXPECT_EQ(ask(kOps, Scope::kRead), Verdict::kAdmitted);
  EXPECT_EQ(ask(kOps, Scope::kOperate), Verdict::kAdmitted);
  EXPECT_EQ(ask(kOps, Scope::kIngest), Verdict::kWithoutScope);
  EXPECT_EQ(ask("sojourn_" + std::string(64, '4'), Scope::kIngest), Verdict::kUnknownKey);
  EXPECT_EQ(doorkeeper.ask(with(""), Scope::kIngest).verdict, Verdict::kUnknownKey);
}

TEST(Doorkeeper, KnowsASelfMadeKeyOnlyWhereItStandsInTheClear) {
  AccessKey weak = key("weak", "password", "ingest");
  Doorkeeper hashed({weak});
  EXPECT_EQ(hashed.ask(with("Api-Key: password\n"), Scope::kIngest).verdict, Verdict::kUnknownKey);
  weak.self_made = true;
  Doorkeeper in_the_clear({weak});
  EXPECT_EQ(in_the_clear.ask(with("Api-Key: password\n"), Scope::kIngest).verdict,
            Verdict::kAdmitted);
}

TEST(Doorkeeper, CountsByNameAndGoesOnCountingWhenKeysAreReadAnew) {
  Doorkeeper doorkeeper(keys());
  const auto ask = [&](const std::string& text, Scope scope) {
    return doorkeeper.ask(with("Api-Key: " + text + "\n"), scope).verdict;
  };
  ask(kShop, Scope::kIngest);
  ask(kShop, Scope::kIngest);
  ask(kShop, Scope::kErase);
  ask("nobody's", Scope::kIngest);
  doorkeeper.replace({key("shop", kShop, "ingest"), key("web", kOps, "ingest")});
  EXPECT_EQ(ask(kShopNext, Scope::kIngest), Verdict::kUnknownKey) << "it was revoked";
  ask(kShop, Scope::kIngest);
  const auto uses = doorkeeper.uses();
  ASSERT_EQ(uses.size(), 2U);
  EXPECT_EQ(uses[0].name, "shop");
  EXPECT_EQ(uses[0].admitted, 3U);
  EXPECT_EQ(uses[0].without_scope, 1U);
  EXPECT_EQ(uses[1].admitted, 0U);
  EXPECT_EQ(doorkeeper.unknown(), 2U);
}

class FrontDoorTest : public testing::Test {
 protected:
  uv::HttpResponse operate(const std::string& line, const std::string& text,
                           const std::string& body = {}) {
    uv::HttpRequest request =
        request_of(line + " HTTP/1.1\nHost: localhost\nApi-Key: " + text + "\n", body);
    auto refusal = door_.refuse_operator(request);
    body_ = request.body();
    return refusal.value_or(uv::HttpResponse{});
  }
  Doorkeeper doorkeeper_{keys()};
  const HostGuard guard_{std::vector<std::string>{}};
  const FrontDoor door_{guard_, doorkeeper_};
  std::string body_;
};

TEST_F(FrontDoorTest, SaysWhatAKeyLacks) {
  const uv::HttpResponse unknown = operate("GET /status", "x");
  EXPECT_EQ(unknown.status, 401);
  EXPECT_THAT(unknown.body, HasSubstr(R"("code":"BadApiKey")"));
  const uv::HttpResponse lacks = operate("GET /status", kShop);
  EXPECT_EQ(lacks.status, 403);
  EXPECT_THAT(lacks.body, HasSubstr("the key `shop` has not the scope `read`"));
  EXPECT_EQ(lacks.body.find(kShop), std::string::npos);
  EXPECT_EQ(operate("POST /journey", kShop).status, 403);
  EXPECT_EQ(operate("GET /status", kOps).status, 200);
}

TEST_F(FrontDoorTest, LetsNothingElseBeAskedFromElsewhere) {
  for (const char* line : {"POST /clock", "POST /status", "GET /journey", "DELETE /user", "GET /",
                           "POST /deliveries", "GET /status/", "POST /anything"}) {
    EXPECT_EQ(operate(line, kOps).status, 404) << line;
    EXPECT_EQ(operate(line, kShop).status, 403) << line;
    EXPECT_EQ(operate(line, "x").status, 401) << line;
  }
}

TEST_F(FrontDoorTest, NamesTheKeyAsWhoAsks) {
  EXPECT_EQ(operate("POST /journey", kOps, R"({"journey":"j","by":"the boss"})").status, 200);
  EXPECT_THAT(body_, HasSubstr(R"("by":"key ops")"));
  EXPECT_EQ(operate("POST /journey", kOps, "no JSON").status, 200);
  EXPECT_EQ(body_, "no JSON") << "it is for others to say what is wrong with it";
}

}  // namespace
}  // namespace sojourn::app
