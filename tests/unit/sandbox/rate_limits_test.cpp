#include "sandbox/rate_limits.h"

#include "sandbox/routes.h"
#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

class RateLimits : public ServiceTest {
 protected:
  RateLimits() { configure({.rate_limits = true}); }
};

TEST_F(RateLimits, RefuseWhatIsBeyondThemUntilTheNextSecond) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(ask("GET", "/api/users/getFields").starts_with("200 ")) << i;
  }
  EXPECT_EQ(ask("GET", "/api/users/getFields"),
            R"(429 {"msg":"Exceeded rate limit of 3.0 per second for endpoint: )"
            R"(/api/users/getFields, project: 1 ","code":"RateLimitExceeded","params":{}})");
  now = now + base::seconds(1);
  EXPECT_TRUE(ask("GET", "/api/users/getFields").starts_with("200 "));
}

TEST_F(RateLimits, CountEachOperationApart) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(ask("GET", "/api/users/ada@example.com").starts_with("200 "));
  }
  EXPECT_TRUE(ask("GET", "/api/users/bob@example.com").starts_with("429 "));
  EXPECT_TRUE(ask("GET", "/api/users/byUserId/u-1").starts_with("200 "));
}

TEST_F(RateLimits, AreNotThoseOfSends) {
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE(post("/api/email/target", R"({"campaignId":1,"recipientEmail":"a@example.com"})")
                    .starts_with("200 "));
  }
}

TEST_F(RateLimits, OfADayHoldBesideThoseOfASecond) {
  int taken = 0;
  for (int i = 0; i < 1002; ++i) {
    const std::string answer = post("/api/users/forget", R"({"email":"a@example.com"})");
    taken += answer.starts_with("200 ") ? 1 : 0;
    now = now + base::seconds(1);
  }
  EXPECT_EQ(taken, 1000);
}

TEST(PublishedLimits, AreOfOperationsThatThereAre) {
  for (const RateLimit& limit : published_limits()) {
    std::string path(limit.pattern);
    for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{')) {
      path.replace(at, path.find('}') - at + 1, "7");
    }
    std::vector<std::string> names;
    const Route* route = find_route(limit.method, path, names);
    ASSERT_NE(route, nullptr) << limit.method << " " << limit.pattern;
    EXPECT_EQ(route->pattern, limit.pattern);
  }
}

}  // namespace
}  // namespace sojourn::sandbox
