// Who may ask the daemon: keys with scopes, kept as hashes; and where a request says it is going.

#include <csignal>
#include <filesystem>
#include <gmock/gmock.h>
#include <memory>
#include <sys/stat.h>
#include <vector>

#include "tests/e2e/crowd.h"
#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kTrack = "/api/events/track";
constexpr const char* kAdaPath = "/api/users/ada@example.com";
const Json kSignup{
    {"email", "ada@example.com"}, {"eventName", "signup"}, {"dataFields", {{"plan", "pro"}}}};

class KeysTest : public WelcomeTest {
 protected:
  Finished key(const Words& words) const {
    Words all{"key"};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--project", project.folder().string()});
    return run_to_end(sojourn(all), project.folder() / "key");
  }
  // The key itself.
  std::string made(const std::string& name, const std::string& scopes) const {
    const Finished finished = key({"new", name, "--scope", scopes});
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(finished.out, StartsWith("sojourn_"));
    return finished.out.substr(0, finished.out.find('\n'));
  }
  void listen(const std::string& lines, const std::string& intake = {}) {
    ProjectSettings settings;
    settings.listen = lines;
    settings.intake = intake;
    configure(settings);
  }
  static Answer track(Http& http, const std::string& key, const std::string& more = "X: y") {
    return http.post(kTrack, kSignup.dump(),
                     {"Content-Type: application/json", "Api-Key: " + key, more});
  }
  static Answer get(Http& http, const std::string& path, const std::string& key) {
    return http.call("GET", path, {}, {"Authorization: Bearer " + key});
  }
  static int operators_port(const Daemon& daemon, const std::filesystem::path& folder) {
    EXPECT_NE(daemon.port(), 0);
    const auto lines = log_lines(read_file(folder / "daemon.err"), "operators");
    if (lines.empty()) return 0;
    const std::string http = lines.at(0).at("http");
    return std::stoi(http.substr(http.rfind(':') + 1));
  }
};

TEST_F(KeysTest, AKeyIsShownOnceAndKeptAsAHash) {
  const std::string shop = made("shop", "ingest");
  const std::string file = read_file(project.folder() / "keys.toml");
  EXPECT_THAT(file, HasSubstr("[shop]\nscopes = [\"ingest\"]\nsha256 = \""));
  EXPECT_THAT(file, Not(HasSubstr(shop)));
  EXPECT_THAT(file, Not(HasSubstr(shop.substr(8))));

  const Finished listed = key({"list"});
  EXPECT_THAT(listed.out, HasSubstr("shop"));
  EXPECT_THAT(listed.out, HasSubstr("[intake]"));
  EXPECT_THAT(listed.out, Not(HasSubstr(shop.substr(8))));

  EXPECT_EQ(key({"new", "shop", "--scope", "ingest"}).code, 2) << "the name is taken";
  EXPECT_EQ(key({"new", "Shop", "--scope", "ingest"}).code, 2);
  EXPECT_EQ(key({"new", "web", "--scope", "everything"}).code, 2);
  EXPECT_EQ(key({"revoke", "web"}).code, 2);
  EXPECT_EQ(read_file(project.folder() / "keys.toml"), file);
}

TEST_F(KeysTest, ARunningDaemonGoesByWhatIsMadeAndRevoked) {
  const std::string old_key = made("shop", "ingest");
  Daemon daemon(project, kStart);
  EXPECT_EQ(track(daemon.http(), old_key).status, 200);
  const std::string new_key = made("shop-2", "ingest");
  EXPECT_EQ(track(daemon.http(), new_key).status, 200);
  EXPECT_EQ(track(daemon.http(), old_key).status, 200)
      << "both, while one is changed for the other";
  const Finished revoked = key({"revoke", "shop"});
  EXPECT_EQ(revoked.code, 0);
  EXPECT_THAT(revoked.err, HasSubstr("the running daemon goes by it"));
  const Answer refused = track(daemon.http(), old_key);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.json().at("code"), "BadApiKey");
  EXPECT_EQ(track(daemon.http(), new_key).status, 200);

  const std::string metrics = daemon.http().get("/metrics").body;
  EXPECT_THAT(metrics,
              HasSubstr(R"(sojourn_key_requests_total{key="shop-2",result="admitted"} 2)"));
  EXPECT_THAT(metrics, HasSubstr("sojourn_key_unknown_total 1\n"));
  for (const std::string& value : {old_key, new_key}) {
    EXPECT_THAT(metrics + daemon.process().err() + refused.body, Not(HasSubstr(value.substr(8))));
  }
}

TEST_F(KeysTest, ASignalHasTheKeysReadAnewAndAWrongFileChangesNothing) {
  const std::string shop = made("shop", "ingest");
  Daemon daemon(project, kStart);
  const auto lines = [&](const char* event) {
    return log_lines(daemon.process().err(), event).size();
  };
  const std::string file = read_file(project.folder() / "keys.toml");
  // Once it answers, it has read the keys at its start, and reads them only when it is told to.
  ASSERT_EQ(daemon.http().get("/healthz").status, 200);
  const std::size_t read_at_the_start = lines("keys_read");
  project.write("keys.toml", "[shop]\nscopes = [\"everything\"]\n");
  daemon.process().signal(SIGHUP);
  while (lines("keys_not_read") == 0 && daemon.http().get("/healthz").status == 200) {
  }
  EXPECT_EQ(track(daemon.http(), shop).status, 200);
  EXPECT_EQ(key({"revoke", "nobody"}).code, 2);

  std::string renamed = file;
  project.write("keys.toml", renamed.replace(renamed.find("[shop]"), 6, "[other]"));
  daemon.process().signal(SIGHUP);
  while (lines("keys_read") == read_at_the_start && daemon.http().get("/healthz").status == 200) {
  }
  EXPECT_EQ(track(daemon.http(), shop).status, 200);
  EXPECT_THAT(daemon.http().get("/metrics").body, HasSubstr(R"(key="other",result="admitted"} 1)"));
}

TEST_F(KeysTest, TheKeyUnderIntakeStaysAndNeedsNotBeThere) {
  {
    Daemon daemon(project, kStart);
    EXPECT_EQ(track(daemon.http(), std::string(Project::kIntakeKey)).status, 200);
    EXPECT_THAT(daemon.http().get("/metrics").body,
                HasSubstr(R"(sojourn_key_requests_total{key="[intake]",result="admitted"} 1)"));
  }
  std::string toml = read_file(project.folder() / "sojourn.toml");
  toml.erase(toml.find("key_file = \"intake.key\""), 23);
  project.write("sojourn.toml", toml);
  const Finished nobody = run_to_end(sojourn({"run", "--project", project.folder().string()}),
                                     project.folder() / "run");
  EXPECT_EQ(nobody.code, 2);
  EXPECT_THAT(nobody.err, HasSubstr("no key may ingest"));
  const std::string shop = made("shop", "ingest");
  Daemon daemon(project, kStart);
  EXPECT_EQ(track(daemon.http(), shop).status, 200);
  EXPECT_EQ(track(daemon.http(), std::string(Project::kIntakeKey)).status, 401);
  EXPECT_EQ(key({"revoke", "shop"}).code, 0) << "also the last";
  EXPECT_EQ(track(daemon.http(), shop).status, 401);
}

TEST_F(KeysTest, OnlyAKeyOfThatScopeErases) {
  const std::string shop = made("shop", "ingest");
  const std::string privacy = made("privacy", "erase");
  Daemon daemon(project, kStart);
  ASSERT_EQ(track(daemon.http(), shop).status, 200);
  const auto erase = [&](const std::string& with) {
    return daemon.http().remove(kAdaPath, {"Api-Key: " + with});
  };
  const Answer refused = erase(shop);
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("the key `shop` has not the scope `erase`"));
  EXPECT_EQ(erase("sojourn_unknown").status, 401);
  EXPECT_EQ(track(daemon.http(), privacy).status, 403) << "it may do nothing else";
  EXPECT_EQ(erase(privacy).status, 200);
}

TEST_F(KeysTest, ALongBodyIsReadOnlyOfWhomItsKeyLetsIn) {
  Daemon daemon(project, kStart);
  const std::string body =
      R"({"email":"ada@example.com","eventName":"signup","dataFields":{"plan":"pro"},"x":")" +
      std::string(1'000'000, 'x') + "\"}";
  const auto post = [&](const std::string& key) {
    return daemon.http().post(kTrack, body, {"Content-Type: application/json", "Api-Key: " + key});
  };
  const Answer refused = post("somebody's");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.json().at("code"), "BadApiKey");
  EXPECT_EQ(post(std::string(Project::kIntakeKey)).status, 200);
}

TEST_F(KeysTest, OperatorsElsewhereNeedAKeyForWhatTheyAsk) {
  listen("admin = \"127.0.0.1:0\"");
  const std::string shop = made("shop", "ingest");
  const std::string look = made("look", "read");
  const std::string ops = made("ops", "read,operate");
  Daemon daemon(project, kStart);
  Http operators(operators_port(daemon, project.folder()));
  EXPECT_EQ(operators.get("/status").status, 401);
  EXPECT_EQ(get(operators, "/status", shop).status, 403);
  EXPECT_EQ(get(operators, "/status", look).status, 200);
  EXPECT_EQ(get(operators, "/metrics", look).status, 200);
  const std::string pause =
      R"({"command":"drain","journey":"welcome","yes":true,"by":"somebody else"})";
  const auto order = [&](const std::string& with) {
    return operators.post("/journey", pause, {"Api-Key: " + with}).status;
  };
  EXPECT_EQ(order(look), 403);
  EXPECT_EQ(order(ops), 200);
  EXPECT_THAT(get(operators, "/log?limit=5", look).body, HasSubstr(R"("key ops")"));
  EXPECT_EQ(track(operators, shop).status, 403) << "senders have a listener of their own";
  EXPECT_EQ(get(daemon.http(), "/status", ops).status, 404) << "operators, too";
}

TEST_F(KeysTest, StrangersAtTheOperatorsDoorLeaveOthersTheirConnections) {
  constexpr std::size_t kStrangers = 400;  // more than the daemon has descriptors
  ASSERT_GE(raise_files(2 * kStrangers), 2 * kStrangers);
  listen("admin = \"127.0.0.1:0\"");
  const std::string look = made("look", "read");
  Daemon daemon(project, kStart, "daemon", {}, {"prlimit", "--nofile=256:256"});
  const int port = operators_port(daemon, project.folder());
  Crowd strangers(port, "");
  while (strangers.size() < kStrangers) ASSERT_TRUE(strangers.grow()) << strangers.size();
  EXPECT_EQ(probe_health(daemon.port(), strangers, 5).failures, 0);
  EXPECT_EQ(track(daemon.http(), std::string(Project::kIntakeKey)).status, 200);
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(sandbox.messages().size(), 1U);
  Http operators(port);
  EXPECT_EQ(get(operators, "/status", look).status, 200);
}

TEST_F(KeysTest, MetricsNeedAKeyWhereTheyAreNotOpen) {
  listen("open_metrics = false");
  const std::string look = made("look", "read");
  const std::string shop = made("shop", "ingest");
  Daemon daemon(project, kStart);
  EXPECT_EQ(daemon.http().get("/metrics").status, 401);
  EXPECT_EQ(get(daemon.http(), "/metrics", shop).status, 403);
  EXPECT_EQ(get(daemon.http(), "/metrics", look).status, 200);
  EXPECT_EQ(daemon.http().get("/healthz").status, 200);
}

TEST_F(KeysTest, ARequestSaysWhereItIsGoingAndComesFromNoBrowser) {
  listen("hosts = [\"events.example.com\"]");
  const std::string shop = made("shop", "ingest");
  Daemon daemon(project, kStart);
  Http& http = daemon.http();
  EXPECT_EQ(track(http, shop, "Host: events.example.com").status, 200);
  EXPECT_EQ(track(http, shop, "Host: localhost:8080").status, 200);
  const Answer rebound = track(http, shop, "Host: rebound.example.net");
  EXPECT_EQ(rebound.status, 421);
  EXPECT_THAT(rebound.body, HasSubstr("`hosts` under [listen]"));
  EXPECT_EQ(track(http, shop, "Origin: https://example.net").status, 403);
  EXPECT_EQ(http.call("GET", "/metrics", {}, {"Host: rebound.example.net"}).status, 421);
  EXPECT_EQ(http.call("GET", "/healthz", {}, {"Host: rebound.example.net"}).status, 200)
      << "load balancers ask under any name";
}

// The number of a metric without labels.
std::string displaced(Http& http) {
  const std::string text = http.get("/metrics").body;
  const std::string name = "\nsojourn_http_displaced_connections_total ";
  const std::size_t at = text.find(name);
  return at == std::string::npos ? text : text.substr(at, text.find('\n', at + 1) - at);
}

TEST_F(KeysTest, StrangersDoNotCostASenderItsConnection) {
  ProjectSettings settings;
  settings.intake = "max_connections = 4";
  configure(settings);
  Daemon daemon(project, kStart);
  Http sender(daemon.port());
  ASSERT_EQ(track(sender, std::string(Project::kIntakeKey)).status, 200);
  std::vector<std::unique_ptr<Http>> strangers;
  for (int i = 0; i < 20; ++i) {
    strangers.push_back(std::make_unique<Http>(daemon.port()));
    EXPECT_EQ(strangers.back()->get("/healthz").status, 200);
    EXPECT_EQ(track(*strangers.back(), "no-key-of-anybody's").status, 401);
  }
  const std::string before = displaced(*strangers.back());
  EXPECT_THAT(before, HasSubstr("connections_total 1")) << "more than ten of them have gone";
  EXPECT_EQ(displaced(sender), before) << "a new connection would have cost another one its place";
}

}  // namespace
}  // namespace sojourn::e2e
