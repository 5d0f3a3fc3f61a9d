#include "sandbox/page.h"

#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

class PageTest : public ServiceTest {
 protected:
  bool shows(std::string_view query, std::string_view words) {
    const Reply reply = service->show(query);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, "text/html; charset=utf-8");
    return reply.body.find(words) != std::string::npos;
  }
};

TEST_F(PageTest, ShowsMessagesAndWhatBecameOfThem) {
  post("/api/email/target", R"({"campaignId":900041,"recipientEmail":"ada@example.com"})");
  post("/api/email/target", R"({"campaignId":900041,"recipientEmail":"ada@example.com",)"
                            R"("sendAt":"2026-03-02 10:00:00"})");
  EXPECT_TRUE(shows("", "<td>900041 Welcome</td>"));
  EXPECT_TRUE(shows("", "<td>sent</td>"));
  EXPECT_TRUE(shows("", "<td>waits until 2026-03-02T10:00:00Z</td>"));
  EXPECT_TRUE(shows("", "/?user=email%3Aada@example.com"));
}

TEST_F(PageTest, LinksAnAddressOfAnyCaseToItsUser) {
  post("/api/email/target", R"({"campaignId":900041,"recipientEmail":"Ada@Example.com"})");
  EXPECT_TRUE(shows("", "<a href=\"/?user=email%3Aada@example.com\">"));
}

TEST_F(PageTest, ShowsAUser) {
  post("/api/users/update", R"({"email":"ada@example.com","dataFields":{"seats":7}})");
  post("/api/events/track", R"({"email":"ada@example.com","eventName":"trialStarted"})");
  EXPECT_TRUE(shows("user=email%3Aada@example.com", "&quot;seats&quot;: 7"));
  EXPECT_TRUE(shows("user=email%3Aada@example.com", "<td>trialStarted</td>"));
  EXPECT_TRUE(shows("user=email%3Anobody@example.com", "nothing is known"));
}

TEST_F(PageTest, EscapesWhatCameFromOutside) {
  post("/api/events/track", R"({"userId":"<script>","eventName":"<img src=x onerror=alert(1)>"})");
  post("/api/users/update", R"({"userId":"<script>","dataFields":{"a":"</pre><script>"}})");
  post("/api/email/target", R"({"campaignId":1,"recipientUserId":"<script>",)"
                            R"("dataFields":{"x":"<script>"}})");
  for (const char* query :
       {"", "user=user_id%3A%3Cscript%3E", "users=", "user=%22%3E%3Cscript%3E"}) {
    EXPECT_FALSE(shows(query, "<script")) << query;
    EXPECT_FALSE(shows(query, "<img")) << query;
  }
}

TEST_F(PageTest, ShowsTheNewestMessagesFirst) {
  for (int i = 1; i <= 150; ++i) {
    post("/api/email/target",
         R"({"campaignId":)" + std::to_string(i) + R"(,"recipientEmail":"ada@example.com"})");
  }
  EXPECT_TRUE(shows("", "Campaign 150"));
  EXPECT_FALSE(shows("", "Campaign 50<"));
}

}  // namespace
}  // namespace sojourn::sandbox
