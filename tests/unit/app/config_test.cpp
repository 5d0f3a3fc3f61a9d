#include "app/config.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

#include "app/constant_time.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

class ConfigFile : public testing::Test {
 protected:
  base::Result<Config> load(const std::string& text, const std::string& environment = {}) {
    folder_.write("sojourn.toml", text);
    return load_config(folder_.path(), environment);
  }
  std::string error(const std::string& text) {
    const auto config = load(text);
    return config ? "" : config.error().message;
  }
  TemporaryFolder folder_;
};

TEST_F(ConfigFile, HasSafeDefaults) {
  const auto config = load("project = \"p\"");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->http.host, "127.0.0.1");
  EXPECT_EQ(config->base_url, "https://api.iterable.com");
  EXPECT_FALSE(config->allow_http);
  EXPECT_EQ(config->max_in_doubt, 256u);
  EXPECT_FALSE(config->only_to.has_value());
}

TEST_F(ConfigFile, TheLedgerOfErasuresLiesOutsideTheStoresFolder) {
  const auto ledger = [&](const std::string& lines) {
    const std::string path = load("project = \"p\"\n[store]\n" + lines)->erasure_ledger;
    const std::string root = folder_.path();  // ends in a slash
    return path.starts_with(root) ? path.substr(root.size()) : path;
  };
  EXPECT_EQ(ledger(""), "data.erasures");
  EXPECT_EQ(ledger("path = \"var/store\""), "var/store.erasures");
  EXPECT_EQ(ledger("path = \"data/\""), "data.erasures");
  EXPECT_EQ(ledger("erasure_ledger = \"erased\""), "erased");
  EXPECT_EQ(ledger("erasure_ledger = \"/srv/erased\""), "/srv/erased");
  EXPECT_EQ(ledger("erasure_ledger = \"off\""), "");
}

TEST_F(ConfigFile, SaysHowTheProjectTellsUsersApart) {
  using connectors::ProjectIdentity;
  const auto identity = [&](const std::string& line) {
    return load("project = \"p\"\n[iterable]\n" + line)->identity;
  };
  EXPECT_EQ(identity(""), ProjectIdentity::kEmail);
  EXPECT_EQ(identity("data_center = \"eu\""), ProjectIdentity::kHybrid);
  EXPECT_EQ(identity("identity = \"email\""), ProjectIdentity::kEmail);
  EXPECT_EQ(identity("identity = \"user_id\""), ProjectIdentity::kUserId);
  EXPECT_EQ(identity("identity = \"hybrid\""), ProjectIdentity::kHybrid);
  EXPECT_NE(error("project = \"p\"\n[iterable]\nidentity = \"phone\"").find("identity"),
            std::string::npos);
}

TEST_F(ConfigFile, WhatGoesInBulkIsLimitedByCalls) {
  const auto config = load(R"(
project = "p"
[iterable.budgets]
users_update = 100
[iterable.bulk]
on = true
max_items = 500
)");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_TRUE(config->bulk.on);
  EXPECT_EQ(config->bulk.max_items, 500u);
  EXPECT_EQ(config->bulk.max_bytes, 4'000'000u);
  EXPECT_EQ(config->budgets.of(runtime::Endpoint::kUsersUpdate), runtime::Budget::kUnlimited);
  EXPECT_EQ(config->budgets.of(runtime::Endpoint::kEventsTrack), runtime::Budget::kUnlimited);
  EXPECT_FALSE(load("project = \"p\"")->bulk.on) << "only who asks for it";
  EXPECT_NE(error("project = \"p\"\n[iterable.bulk]\nmax_items = 0").find("max_items"),
            std::string::npos);
}

TEST_F(ConfigFile, WhereSendersSpeakToIterableTooNothingGoesInBulk) {
  const std::string bulk = "[iterable.bulk]\non = true\n";
  for (const char* forward : {"queue", "ask"}) {
    const std::string both =
        fmt::format("project = \"p\"\n[intake]\nforward = \"{}\"\n{}", forward, bulk);
    EXPECT_NE(error(both).find("does not go with"), std::string::npos) << forward;
  }
  EXPECT_TRUE(load("project = \"p\"\n" + bulk).has_value());
}

TEST_F(ConfigFile, NoticesAreLetInByAKeyAndMakeAbsenceWait) {
  const auto without = load("project = \"p\"");
  ASSERT_TRUE(without.has_value());
  EXPECT_FALSE(without->notices.key.has_value());
  EXPECT_EQ(without->absent_after, base::Millis{0});
  const auto config = load(R"(
project = "p"
[iterable.webhooks]
key_env = "NOTICE_KEY"
header  = "X-Webhook-Key"
)");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->notices.key->environment_variable, "NOTICE_KEY");
  EXPECT_EQ(config->notices.header, "x-webhook-key");
  EXPECT_TRUE(config->notices.pass_on_tombstones);
  EXPECT_EQ(config->absent_after, base::seconds(300));
  const auto given = load(R"(
project = "p"
[iterable]
absent_after_seconds = 60
[iterable.webhooks]
key_env = "NOTICE_KEY"
pass_on_tombstones = false
)");
  ASSERT_TRUE(given.has_value()) << given.error().message;
  EXPECT_FALSE(given->notices.pass_on_tombstones);
  EXPECT_EQ(given->absent_after, base::seconds(60));
  EXPECT_NE(error("project = \"p\"\n[iterable.webhooks]\nheader = \"X-Key\"").find("without a key"),
            std::string::npos);
  EXPECT_NE(error("project = \"p\"\n[iterable.webhooks]\nkey_env = \"K\"\nheader = \"X: Key\"")
                .find("name of a header"),
            std::string::npos);
}

TEST_F(ConfigFile, WhatOthersMayReachHasToBeMeant) {
  const auto listen = [&](const std::string& lines) {
    return error("project = \"p\"\n[listen]\n" + lines);
  };
  for (const char* host : {"0.0.0.0", "[::]", "10.0.0.1", "192.168.1.5"}) {
    for (const char* key : {"http", "admin"}) {
      const std::string line = fmt::format("{} = \"{}:8080\"\n", key, host);
      EXPECT_NE(listen(line).find("`exposed = true`"), std::string::npos) << line;
      EXPECT_EQ(listen(line + "exposed = true\n"), "") << line;
    }
  }
  EXPECT_EQ(listen("http = \"[::1]:8080\"\nadmin = \"127.0.0.1:8081\"\n"), "");
  EXPECT_EQ(load("project = \"p\"\n[listen]\nhttp = \"[::1]:8080\"")->http.host, "::1");
  EXPECT_FALSE(load("project = \"p\"")->admin.has_value());
  EXPECT_NE(listen("admin = \"8081\"").find("HOST:PORT"), std::string::npos);
}

TEST_F(ConfigFile, MetricsAreOpenOnlyWhereOthersCannotReachThem) {
  const auto open = [&](const std::string& lines) {
    return load("project = \"p\"\n[listen]\n" + lines)->open_metrics;
  };
  const std::string exposed = "http = \"0.0.0.0:8080\"\nexposed = true\n";
  EXPECT_TRUE(open(""));
  EXPECT_FALSE(open(exposed));
  EXPECT_TRUE(open(exposed + "open_metrics = true"));
  EXPECT_FALSE(open("open_metrics = false"));
}

TEST_F(ConfigFile, AnEnvironmentMayHaveKeysOfItsOwn) {
  const std::string text = "project = \"p\"\n[env.staging.keys]\nfile = \"staging.keys.toml\"\n";
  EXPECT_EQ(load(text)->keys_file, folder_.path("keys.toml"));
  EXPECT_EQ(load(text, "staging")->keys_file, folder_.path("staging.keys.toml"));
  EXPECT_NE(error("project = \"p\"\n[keys]\nfile = \"\"").find("file"), std::string::npos);
}

TEST_F(ConfigFile, AnEnvironmentMayHaveAStoreAndListenersOfItsOwn) {
  const std::string text = R"(
project = "p"
[listen]
http = "127.0.0.1:8001"
admin = "127.0.0.1:8002"
control = "default.sock"
[store]
path = "default"
cache_mb = 32
erasure_ledger = "off"
[env.staging.store]
path = "staging"
[env.staging.listen]
http = "127.0.0.1:8003"
)";
  const auto config = load(text, "staging");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->store_path, folder_.path("staging"));
  EXPECT_EQ(config->erasure_ledger, folder_.path("staging.erasures"));
  EXPECT_EQ(config->control_socket, folder_.path("staging/control.sock"));
  EXPECT_EQ(config->cache_mebibytes, 32);
  EXPECT_EQ(config->http.port, 8003);
  EXPECT_FALSE(config->admin.has_value());
  EXPECT_EQ(load(text)->store_path, folder_.path("default"));
  const auto without = load("project = \"p\"\n[env.staging.store]\ncache_mb = 8\n", "staging");
  ASSERT_FALSE(without.has_value());
  EXPECT_NE(without.error().message.find("`path` must name a folder"), std::string::npos)
      << without.error().message;
}

TEST_F(ConfigFile, AnEnvironmentIsAPlaceOfItsOwn) {
  const std::string text = R"(
project = "p"
[iterable]
key_env = "PRODUCTION_KEY"
[env.staging]
only_to = ["*@example.com"]
[env.staging.campaigns]
welcome = 2001
[env.staging.channels]
tips = 31
[env.staging.iterable]
data_center = "eu"
)";
  const auto config = load(text, "staging");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->base_url, "https://api.eu.iterable.com");
  EXPECT_FALSE(config->iterable_key.has_value()) << "the production key is not used in staging";
  EXPECT_EQ(config->ids.campaigns.at("welcome"), 2001);
  EXPECT_EQ(config->ids.channels.at("tips"), 31);
  ASSERT_TRUE(config->only_to.has_value());
  EXPECT_FALSE(load(text)->only_to.has_value());
  EXPECT_FALSE(load(text, "nowhere").has_value());
}

TEST_F(ConfigFile, SaysWhatGoesOnToIterable) {
  EXPECT_EQ(load("project = \"p\"")->forward.mode, runtime::ForwardMode::kOff);
  const auto config = load(
      "project = \"p\"\n[intake]\nforward = \"ask\"\n"
      "[forward]\nmax_queued = 7\ntimeout_seconds = 5");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->forward.mode, runtime::ForwardMode::kAsk);
  EXPECT_EQ(config->forward.max_queued, 7);
  EXPECT_EQ(config->forward.timeout, base::seconds(5));
  EXPECT_EQ(load("project = \"p\"\n[intake]\nforward = \"queue\"")->forward.mode,
            runtime::ForwardMode::kQueue);
  EXPECT_FALSE(load("project = \"p\"")->erase);
  EXPECT_TRUE(load("project = \"p\"\n[intake]\nerase = true")->erase);
  EXPECT_NE(error("project = \"p\"\n[intake]\nforward = \"later\"").find("\"ask\""),
            std::string::npos);
}

TEST_F(ConfigFile, SaysWhatOfOthersIsWhatOfOurs) {
  const std::string text = R"(
project = "p"
[intake]
purchase_event = "order_placed"
[intake.workflows]
4711 = "welcome"
[intake.segment]
anonymous = "user_id"
[intake.events]
name = "type"
email = ""
user_id = "user.id"
[env.staging]
[env.staging.workflows]
9 = "welcome"
)";
  const auto config = load(text);
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->mapping.workflows.at(4711), "welcome");
  EXPECT_EQ(config->mapping.purchase_event, "order_placed");
  EXPECT_TRUE(config->mapping.names_purchase_event);
  EXPECT_EQ(config->mapping.cart_event, "cart_updated");
  EXPECT_FALSE(config->mapping.names_cart_event);
  EXPECT_TRUE(config->mapping.anonymous_is_user_id);
  EXPECT_EQ(config->mapping.events.user_id, "user.id");
  EXPECT_EQ(config->mapping.events.id, "id");
  EXPECT_EQ(load(text, "staging")->mapping.workflows,
            (std::map<std::int64_t, std::string>{{9, "welcome"}}))
      << "ids of the default place mean nothing there";
  EXPECT_NE(error("project = \"p\"\n[intake.workflows]\nwelcome = \"welcome\""), "");
  EXPECT_NE(error("project = \"p\"\n[intake.events]\nemail = \"\"\nuser_id = \"\""), "");
  EXPECT_NE(error("project = \"p\"\n[intake.events]\nwho = \"x\""), "");
}

TEST_F(ConfigFile, SaysWhenALostAnswerIsLookedUp) {
  const std::string start = "project = \"p\"\n[iterable]\n";
  EXPECT_EQ(load("project = \"p\"")->look_up_after, base::seconds(120));
  EXPECT_EQ(load("project = \"p\"")->max_parked, 4'096U);
  EXPECT_EQ(load(start + "look_up_after_seconds = 0")->look_up_after, base::Millis{});
  EXPECT_EQ(load(start + "max_parked = 500")->max_parked, 500U);
  EXPECT_EQ(load(start + "max_parked = 10\nmax_in_doubt = 20")->max_parked, 20U)
      << "every claim may come to be parked";
  EXPECT_NE(error(start + "look_up_after_seconds = -1"), "");
}

TEST_F(ConfigFile, SaysHowFastWhatWasHeldBackGoesOn) {
  EXPECT_EQ(load("project = \"p\"")->release_per_second, 200U);
  EXPECT_EQ(load("project = \"p\"\n[operations]\nrelease_per_second = 5")->release_per_second, 5U);
  EXPECT_NE(error("project = \"p\"\n[operations]\nrelease_per_second = 0"), "");
}

TEST_F(ConfigFile, SaysHowTimeIsDealtWith) {
  const auto plain = load("project = \"p\"");
  EXPECT_EQ(plain->overdue_per_second, 10'000U);
  EXPECT_EQ(plain->put_off_per_second, 1'000U);
  EXPECT_EQ(plain->clock_settle, base::minutes(60));
  EXPECT_EQ(plain->max_outage, std::nullopt);
  const auto given = load(
      "project = \"p\"\n[timers]\noverdue_per_second = 500\nput_off_per_second = 50\n"
      "[clock]\nsettle_minutes = 5\nmax_outage_days = 30");
  EXPECT_EQ(given->overdue_per_second, 500U);
  EXPECT_EQ(given->put_off_per_second, 50U);
  EXPECT_EQ(given->clock_settle, base::minutes(5));
  EXPECT_EQ(given->max_outage, base::days24(30));
  EXPECT_NE(error("project = \"p\"\n[timers]\noverdue_per_second = 0"), "");
  EXPECT_NE(error("project = \"p\"\n[clock]\nmax_outage_days = 0"), "");
  EXPECT_NE(error("project = \"p\"\n[clock]\nsettle_minutes = 0"), "");
}

TEST_F(ConfigFile, SaysHowFastIterableIsAsked) {
  using runtime::Budget;
  using runtime::Endpoint;
  const auto published = load("project = \"p\"")->budgets;
  EXPECT_EQ(published.of(Endpoint::kUsersUpdate), 400);
  EXPECT_EQ(published.of(Endpoint::kEventsTrack), 1600);
  EXPECT_EQ(published.of(Endpoint::kEmail), Budget::kUnlimited);

  const std::string text = R"(
project = "p"
[iterable.budgets]
share = 0.5
email = 100
events_track = 0
[env.staging.iterable]
data_center = "eu"
)";
  const auto config = load(text);
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->budgets.of(Endpoint::kEmail), 50);
  EXPECT_EQ(config->budgets.of(Endpoint::kUsersUpdate), 250);
  EXPECT_EQ(config->budgets.of(Endpoint::kEventsTrack), Budget::kUnlimited) << "0 is no limit";
  EXPECT_EQ(load(text, "staging")->budgets.of(Endpoint::kEmail), Budget::kUnlimited)
      << "a place of its own";
  EXPECT_EQ(error("project = \"p\"\n[iterable.budgets]\nshare = 1.5"),
            "sojourn.toml:3: `share` must be a number between 0.01 and 1");
  EXPECT_EQ(error("project = \"p\"\n[iterable.budgets]\nemial = 5"),
            "sojourn.toml:3: `emial` is not a key of [iterable.budgets]; did you mean `email`?");
}

TEST_F(ConfigFile, SaysHowLongTheLogIsKept) {
  EXPECT_EQ(load("project = \"p\"")->keep_log_days, 90);
  EXPECT_EQ(load("project = \"p\"\n[store]\nkeep_log_days = 7")->keep_log_days, 7);
  EXPECT_NE(error("project = \"p\"\n[store]\nkeep_log_days = 0"), "");
}

TEST_F(ConfigFile, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(error("project = \"p\"\n[store]\npaht = \"x\""),
            "sojourn.toml:3: `paht` is not a key of [store]; did you mean `path`?");
  EXPECT_EQ(error("project = 7"), "sojourn.toml:1: `project` must be a string");
  EXPECT_EQ(error("project = \"p\"\n[listen]\nhttp = \"here\""),
            "sojourn.toml:3: `http` must be HOST:PORT, for example \"127.0.0.1:8080\"");
  EXPECT_EQ(error("project = \"p\"\n[iterable]\nmax_in_doubt = 0"),
            "sojourn.toml:3: `max_in_doubt` must lie between 1 and 100000");
  EXPECT_EQ(error(""), "sojourn.toml has no `project`");
  EXPECT_NE(error("project = ").find("sojourn.toml:1:"), std::string::npos);
  // Each part of a key is a level, and each level takes stack.
  std::string deep = "a";
  for (int part = 1; part < 100'000; ++part) deep += ".a";
  const std::string too_long = "sojourn.toml:3: a key of more than 8 parts";
  EXPECT_EQ(error("# a.b.c.d.e.f.g.h.i\n\n[" + deep + "]"), too_long);
  EXPECT_EQ(error("project = \"\"\"\n......... \"\"\"\"\n" + deep + " = 1"), too_long);
  EXPECT_EQ(error("\"a.b.c.d.e.f.g.h.i\" = 1"),
            "sojourn.toml:1: `a.b.c.d.e.f.g.h.i` is not a key of sojourn.toml");
}

TEST_F(ConfigFile, SaysWhomJourneysMayAsk) {
  const std::string text = R"(
project = "p"
[webhooks]
allow = ["scores.example.com", "other.example.com:8443"]
allow_private = ["scoring.internal"]
max_in_doubt = 4
ca_file = "ca.pem"
[webhooks.urls]
scoring = "https://scoring.internal/one"
[webhooks.secrets.scoring_key]
key_env = "SCORING_KEY"
[env.staging.webhooks]
allow = ["staging.example.com"]
[env.other]
)";
  const auto config = load(text);
  ASSERT_TRUE(config.has_value()) << config.error().message;
  const WebhookConfig& webhooks = config->webhooks;
  EXPECT_EQ(webhooks.allow,
            (std::vector<std::string>{"scores.example.com", "other.example.com:8443"}));
  EXPECT_EQ(webhooks.allow_private, (std::vector<std::string>{"scoring.internal"}));
  EXPECT_EQ(webhooks.urls.at("scoring"), "https://scoring.internal/one");
  EXPECT_EQ(webhooks.secrets.at("scoring_key").environment_variable, "SCORING_KEY");
  EXPECT_EQ(webhooks.max_in_doubt, 4u);
  EXPECT_EQ(webhooks.ca_file, "ca.pem");
  // A place of its own, when it has one.
  const WebhookConfig staging = load(text, "staging")->webhooks;
  EXPECT_EQ(staging.allow, (std::vector<std::string>{"staging.example.com"}));
  EXPECT_TRUE(staging.secrets.empty());
  EXPECT_TRUE(staging.urls.empty());
  EXPECT_EQ(staging.max_in_doubt, 16u);
  EXPECT_EQ(load(text, "other")->webhooks.max_in_doubt, 4u);
}

TEST_F(ConfigFile, SaysWhatIsWrongAboutWebhooks) {
  const auto with = [](const std::string& more) { return "project = \"p\"\n" + more; };
  EXPECT_EQ(error(with("[webhooks]\nalow = []")),
            "sojourn.toml:3: `alow` is not a key of [webhooks]; did you mean `allow`?");
  EXPECT_EQ(error(with("[webhooks]\nmax_in_doubt = 0")),
            "sojourn.toml:3: `max_in_doubt` must lie between 1 and 10000");
  EXPECT_EQ(error(with("[webhooks.urls]\nscoring = 7")),
            "sojourn.toml:3: `scoring` must be a string");
  EXPECT_EQ(error(with("[webhooks.secrets.k]\nkey_env = \"A\"\nkey_file = \"b\"")),
            "sojourn.toml:3: `key_env` stands beside `key_file`; keep one");
  EXPECT_EQ(error(with("[webhooks.secrets.k]")),
            "sojourn.toml:2: `k` has neither `key_file` nor `key_env`");
  EXPECT_EQ(error(with("[webhooks.secrets]\nk = \"the secret itself\"")),
            "sojourn.toml:3: `k` must be a table");
}

TEST_F(ConfigFile, ASecretIsReadFromItsPlace) {
  auto config = load("project = \"p\"\n[intake]\nkey_file = \"key\"");
  ASSERT_TRUE(config.has_value());
  EXPECT_FALSE(read_secret(*config, *config->intake_key).has_value());
  folder_.write("key", "s3cret\n");
  EXPECT_EQ(read_secret(*config, *config->intake_key).value(), "s3cret");
  folder_.write("key", "s3cret\r\n");
  EXPECT_EQ(read_secret(*config, *config->intake_key).value(), "s3cret");
}

TEST_F(ConfigFile, ASecretThatTakesAnothersPlaceStandsBesideIt) {
  const auto config = load("project = \"p\"\n[iterable.webhooks]\nkey_file = \"key\"");
  ASSERT_TRUE(config.has_value());
  const auto read = [&] { return read_rotated_secret(*config, *config->notices.key); };
  EXPECT_FALSE(read().has_value());
  folder_.write("key", "one\n");
  EXPECT_EQ(*read(), std::vector<std::string>{"one"});
  folder_.write("key", "one\r\n\ntwo\n");
  EXPECT_EQ(*read(), (std::vector<std::string>{"one", "two"}));
  folder_.write("key", "one\ntwo\nthree\n");
  ASSERT_FALSE(read().has_value());
  EXPECT_NE(read().error().message.find("has 3 lines"), std::string::npos);
  EXPECT_EQ(read().error().message.find("three"), std::string::npos) << "it is not echoed";
  folder_.write("key", "\n \n");
  EXPECT_FALSE(read().has_value());
}

// Secrets go out in headers.
TEST_F(ConfigFile, ASecretThatWouldBeginAHeaderOfItsOwnIsRefused) {
  using std::string_literals::operator""s;
  const auto config = load("project = \"p\"\n[intake]\nkey_file = \"key\"");
  for (const std::string& secret :
       {"a\rX: y"s, "a\0b"s, "a\tb"s, "\x1b[1m"s, "a\x7f"s, "a\r\rb"s}) {
    folder_.write("key", secret + "\n");
    const auto read = read_secret(*config, *config->intake_key);
    ASSERT_FALSE(read.has_value());
    EXPECT_NE(read.error().message.find("holds a control character"), std::string::npos);
    EXPECT_EQ(read.error().message.find(secret), std::string::npos) << "it is not echoed";
  }
}

TEST(ExpectedKey, TakesOnlyTheKey) {
  const ExpectedKey key("abc");
  EXPECT_TRUE(key.matches("abc"));
  EXPECT_FALSE(key.matches("abd"));
  EXPECT_FALSE(key.matches("abcd"));
  EXPECT_FALSE(key.matches(""));
}

}  // namespace
}  // namespace sojourn::app
