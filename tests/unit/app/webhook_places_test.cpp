#include "app/webhook_places.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

class WebhookPlaces : public testing::Test {
 protected:
  WebhookPlaces() {
    config_.root = folder_.path();
    config_.webhooks.allow = {"scores.example.com"};
    webhook_.name = "scoring";
    webhook_.url = "https://scores.example.com/one";
    webhook_.timeout = base::seconds(5);
  }

  DaemonProgram program() const {
    DaemonProgram program;
    program.catalog.webhooks = {webhook_, unused_};
    graph::Graph graph;
    graph.journey = "scored";
    graph::Step step;
    step.action = call_;
    graph.steps.push_back(step);
    program.graphs.push_back(graph);
    return program;
  }
  base::Result<std::vector<WebhookPlace>> places() const {
    return webhook_places(config_, program());
  }
  // "message | hint"
  std::string error() const {
    const auto made = places();
    return made ? "none" : made.error().message + " | " + made.error().hint;
  }
  std::string header(const std::string& name) const {
    const auto made = places();
    EXPECT_TRUE(made.has_value()) << made.error().message;
    const auto& headers = made->at(0).headers;
    const auto found = std::ranges::find(headers, name, &uv::HttpHeader::name);
    return found == headers.end() ? "" : found->value;
  }

  static graph::Webhook unused() {
    graph::Webhook webhook;
    webhook.name = "unused";
    webhook.url = "http://10.0.0.1/";
    return webhook;
  }
  static graph::Call call() {
    graph::Call call;
    call.webhook = "scoring";
    return call;
  }

  TemporaryFolder folder_;
  Config config_;
  graph::Webhook webhook_;
  const graph::Webhook unused_ = unused();
  graph::Call call_ = call();
};

TEST_F(WebhookPlaces, AreOfWhatIsCalled) {
  webhook_.method = "PATCH";
  webhook_.headers = {{"X-Team", "lifecycle"}};
  const auto made = places();
  ASSERT_TRUE(made.has_value()) << made.error().message;
  ASSERT_EQ(made->size(), 1u);
  EXPECT_EQ(made->at(0).url, "https://scores.example.com/one");
  EXPECT_EQ(made->at(0).method, uv::HttpCall::Method::kPatch);
  EXPECT_EQ(made->at(0).timeout, base::seconds(5));
  EXPECT_FALSE(made->at(0).allow_private);
  EXPECT_EQ(header("X-Team"), "lifecycle");
  EXPECT_EQ(header("Content-Type"), "application/json");
  EXPECT_EQ(header("Authorization"), "");
  EXPECT_EQ(called_webhooks(program()), (std::vector<std::string>{"scoring"}));
}

TEST_F(WebhookPlaces, AHostThatIsNotOnTheListIsRefusedByName) {
  config_.webhooks.allow = {};
  EXPECT_EQ(error(),
            "webhook `scoring`, called by journey `scored`, is on the host "
            "`scores.example.com:443`, which sojourn.toml does not allow | "
            "write `allow = [\"scores.example.com\"]` under [webhooks]");
  webhook_.url = "https://scores.example.com:8443/one";
  EXPECT_NE(error().find("allow = [\"scores.example.com:8443\"]"), std::string::npos);
  config_.webhooks.allow = {"*.example.com"};
  EXPECT_EQ(error().substr(0, 37), "`*.example.com` of `allow` is not a h");
}

TEST_F(WebhookPlaces, PlainHttpGoesToThisMachineOnlyAndOnlyWhenItIsNamed) {
  webhook_.url = "http://scores.example.com/one";
  EXPECT_NE(error().find("is not https"), std::string::npos);
  config_.webhooks.allow_private = {"scores.example.com"};
  EXPECT_NE(error().find("is not https"), std::string::npos);
  webhook_.url = "http://127.0.0.1:8080/one";
  EXPECT_NE(error().find("is not https"), std::string::npos);
  config_.webhooks.allow = {"127.0.0.1:8080"};
  EXPECT_NE(error().find("is not https"), std::string::npos);
  config_.webhooks.allow_private = {"127.0.0.1:8080"};
  ASSERT_EQ(error(), "none");
  EXPECT_TRUE(places()->at(0).allow_private);
}

TEST_F(WebhookPlaces, ThisMachineIsNamedAsAPrivateHost) {
  webhook_.url = "https://localhost/one";
  config_.webhooks.allow = {"localhost"};
  EXPECT_NE(error().find("write `allow_private = [\"localhost\"]`"), std::string::npos);
}

TEST_F(WebhookPlaces, ASecretIsReadFromItsPlaceAndSent) {
  webhook_.secret = "scoring_key";
  EXPECT_EQ(error(),
            "webhook `scoring`, called by journey `scored`, needs the secret `scoring_key`, which "
            "sojourn.toml does not know | write `[webhooks.secrets.scoring_key]` and below it "
            "`key_env = \"VARIABLE\"` or `key_file = \"PATH\"`");
  config_.webhooks.secrets["scoring_key"] = {"scoring.key", {}};
  EXPECT_NE(error().find("needs the secret `scoring_key`: there is no key in "), std::string::npos);
  folder_.write("scoring.key", "canary-secret\n");
  EXPECT_EQ(header("Authorization"), "Bearer canary-secret");
  webhook_.headers = {{"authorization", "x"}};
  EXPECT_NE(error().find("`authorization` that cannot be sent"), std::string::npos);
  webhook_.headers = {};
  folder_.write("scoring.key", "canary\rHost: evil.example\n");
  EXPECT_NE(error().find("holds a control character"), std::string::npos);
  EXPECT_EQ(error().find("canary"), std::string::npos);
}

TEST_F(WebhookPlaces, AHeaderCannotEndItsLineNorTheRequest) {
  const std::pair<std::string, std::string> bad[] = {{"X-A", "one\r\nHost: evil.example"},
                                                     {"X-A", "one\nX-B: two"},
                                                     {"X-A", std::string(1, '\0')},
                                                     {"X A", "one"},
                                                     {"X-A:", "one"},
                                                     {"", "one"},
                                                     {"X\r\nY", "one"},
                                                     {"Host", "evil.example"},
                                                     {"content-length", "3"},
                                                     {"Transfer-Encoding", "chunked"},
                                                     {"Connection", "close"},
                                                     {"Idempotency-Key", "mine"},
                                                     {"Proxy-Authorization", "x"}};
  for (const auto& one : bad) {
    webhook_.headers = {one};
    EXPECT_NE(error().find("that cannot be sent"), std::string::npos) << one.first;
  }
}

TEST_F(WebhookPlaces, AGetCarriesNoData) {
  webhook_.method = "GET";
  EXPECT_EQ(error(), "none");
  call_.fields = 0;
  EXPECT_EQ(error(),
            "webhook `scoring`, called by journey `scored`, is asked by GET, which carries no data "
            "| say another `method`, or take the `with` of its calls out");
}

TEST_F(WebhookPlaces, AUrlThatCanBeReadInTwoWaysIsRefused) {
  webhook_.url = "https://scores.example.com@evil.example/";
  EXPECT_NE(error().find("which names no host that can be called"), std::string::npos);
}

}  // namespace
}  // namespace sojourn::app
