// A secret appears nowhere but where its owner put it: a daemon with keys that can be recognised
// goes through what succeeds, what fails, and a crash, before everything that it has written or
// said is searched for them.

#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/project.h"
#include "tests/e2e/service.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStart = "2026-03-01T09:00:00Z";
constexpr const char* kMark = "canary0f1e2d";  // in each of them
const std::string kIntake = fmt::format("intake-{}", kMark);
const std::string kIterable = fmt::format("iterable-{}", kMark);
const std::string kNotices = fmt::format("notices-{}", kMark);
const std::string kScoring = fmt::format("scoring-{}", kMark);

constexpr const char* kJourneys = R"(
event signup { plan string }
message_type account = 1 transactional opt_out
campaign offer = 101 email account { data { score integer } }
campaign plain = 102 email account
webhook scoring = "https://scores.example.com/one" {
  secret  scoring_key
  timeout 10s
  returns { score integer }
}
policy { timezone user.timeZone default "UTC" }

journey scored {
  owner "lifecycle@example.com"
  enter on signup
  call scoring with { plan: entry.plan } as reply up to 30s {
    send offer with { score: reply.score }
  } else {
    send plain
  }
}
)";

// One that quotes what it was asked with, as some do.
uv::HttpResponse refusal(int status, const std::string& secret) {
  return {
      status,
      fmt::format(R"({{"code":"BadApiKey","msg":"Invalid API key {0}","params":{{"k":"{0}"}}}})",
                  secret),
      "application/json",
      {{"Retry-After", secret}}};
}

uv::HttpResponse success(std::string body) {
  return {200, std::move(body), "application/json", {}};
}

class CanaryTest : public testing::Test {
 protected:
  CanaryTest() {
    project.write("scored.journey", kJourneys);
    configure(fmt::format("http://127.0.0.1:{}", iterable.port()));
  }

  void configure(const std::string& base_url, const std::string& more = {}) {
    ProjectSettings settings;
    settings.listen = "open_metrics = true";
    settings.more = fmt::format(R"([webhooks]
allow_private = ["127.0.0.1:{0}"]
[webhooks.urls]
scoring = "http://127.0.0.1:{0}/one"
[webhooks.secrets.scoring_key]
key_file = "scoring.key")",
                                scores.port());
    settings.iterable = more + "[iterable.webhooks]\nkey_file = \"notices.key\"\n";
    project.configure(settings);
    std::string toml = read_file(project.folder() / "sojourn.toml");
    const std::string usual = "http://127.0.0.1:1\"";
    toml.replace(toml.find(usual), usual.size(), base_url + "\"");
    project.write("sojourn.toml", toml);
    project.write("intake.key", kIntake + "\n");
    project.write("iterable.key", kIterable + "\n");
    project.write("notices.key", kNotices + "\n");
    project.write("scoring.key", kScoring + "\n");
  }

  void hear(const Answer& answer) {
    said += answer.body;
    for (const auto& [name, value] : answer.headers) said += name + ": " + value + "\n";
  }
  void hear(const Finished& finished) { said += finished.out + finished.err; }
  Finished command(const Words& words) const {
    Words all = words;
    all.insert(all.end(), {"--project", project.folder().string()});
    return run_to_end(sojourn(all), project.folder() / "command");
  }

  // What senders and Iterable say with the right keys, and with some that are nearly right.
  void speak(Daemon& daemon, const std::string& id) {
    const std::string event = fmt::format(
        R"({{"email":"ada@example.com","eventName":"signup","id":"{}","dataFields":{{"plan":"pro"}}}})",
        id);
    const std::string notice =
        R"({"email":"ada@example.com","eventName":"emailOpen","dataFields":{"campaignId":101}})";
    const std::vector<std::pair<std::string, int>> keys{{kIntake, 200}, {kIntake + "x", 401}};
    for (const auto& [key, status] : keys) {
      const Answer answer = daemon.http().post("/api/events/track", event, {"Api-Key: " + key});
      EXPECT_EQ(answer.status, status) << answer.body;
      hear(answer);
      hear(daemon.http().post("/v1/track", event, {"Authorization: Bearer " + key}));
      hear(daemon.http().remove("/api/users/ada@example.com", {"Api-Key: " + key}));
      hear(daemon.http().post("/nowhere", event, {"Api-Key: " + key}));
      hear(daemon.http().post("/api/events/track", "{", {"Api-Key: " + key}));
      hear(daemon.http().post("/api/events/track", event, {"Api-Key: " + key, "Host: elsewhere"}));
    }
    for (const std::string& key : {kNotices, kNotices + "x"}) {
      hear(daemon.http().post("/v1/iterable/webhooks", notice, {"Authorization: " + key}));
    }
  }

  // What it shows to those who ask.
  void look(Daemon& daemon) {
    for (const char* path : {"/metrics", "/healthz"}) hear(daemon.http().get(path));
    for (const Words& words :
         std::vector<Words>{{"status"},
                            {"status", "--json"},
                            {"user", "ada@example.com"},
                            {"user", "ada@example.com", "--json"},
                            {"deliveries", "list", "--user", "ada@example.com"},
                            {"log"},
                            {"key", "list"}}) {
      hear(command(words));
    }
    said += read_file(fmt::format("/proc/{}/cmdline", daemon.process().pid()));
  }

  // Everything that lies in the project but what its owner wrote there.
  std::vector<std::string> files_with_a_canary() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(project.folder())) {
      if (!entry.is_regular_file() || entry.path().extension() == ".key") continue;
      ++searched_;
      if (read_file(entry.path()).find(kMark) != std::string::npos) {
        found.push_back(entry.path().filename().string());
      }
    }
    return found;
  }

  Project project;
  Service iterable;
  Service scores;
  std::string said;
  mutable int searched_ = 0;
};

TEST_F(CanaryTest, NoKeyIsWrittenOrSaid) {
  for (const int status : {200, 401, 500}) {
    SCOPED_TRACE(status);
    iterable.answer(status == 200 ? success(R"({"code":"Success"})") : refusal(status, kIterable));
    scores.answer(status == 200 ? success(R"({"score":7})") : refusal(status, kScoring));
    Daemon daemon(project, kStart, fmt::format("daemon-{}", status));
    ASSERT_NE(daemon.port(), 0) << daemon.process().err();
    speak(daemon, fmt::format("e-{}", status));
    ASSERT_TRUE(daemon.settle());
    look(daemon);
    EXPECT_EQ(status == 500 ? -SIGKILL : 0, status == 500 ? daemon.kill9() : daemon.stop());
  }
  EXPECT_FALSE(scores.seen().empty()) << "the webhook was asked";
  EXPECT_EQ(scores.seen().front().authorization, "Bearer " + kScoring);
  EXPECT_FALSE(iterable.seen().empty()) << "Iterable was asked";
  EXPECT_EQ(said.find(kMark), std::string::npos) << said.substr(said.find(kMark) - 200, 300);
  EXPECT_THAT(files_with_a_canary(), testing::IsEmpty());
  EXPECT_GE(searched_, 8) << "the database, the logs and what they lie beside";
}

TEST_F(CanaryTest, NoKeyIsSaidOfAChannelThatIsNotSecure) {
  configure(fmt::format("https://127.0.0.1:{}", iterable.port()));
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  scores.answer(success(R"({"score":7})"));
  speak(daemon, "e-1");
  ASSERT_TRUE(daemon.settle());
  look(daemon);
  EXPECT_THAT(read_file(project.folder() / "daemon.err") + said, testing::HasSubstr("tls"));
  EXPECT_EQ(said.find(kMark), std::string::npos);
  EXPECT_THAT(files_with_a_canary(), testing::IsEmpty());
}

// Where a key stands that should be named there, or nothing at all.
TEST_F(CanaryTest, NoKeyIsQuotedFromAWrongConfiguration) {
  const std::string toml = read_file(project.folder() / "sojourn.toml");
  const std::string line = "key_file = \"iterable.key\"";
  for (const std::string& wrong :
       {fmt::format("key = \"{}\"", kIterable), fmt::format("api_key = \"{}\"", kIterable),
        fmt::format("key_file = [\"{}\"]", kIterable), fmt::format("key_file = {}", kIterable),
        fmt::format("key_file = \"{}", kIterable),
        fmt::format("timeout_seconds = \"{}\"", kIterable)}) {
    std::string changed = toml;
    changed.replace(changed.find(line), line.size(), wrong);
    project.write("sojourn.toml", changed);
    const Finished finished = command({"run"});
    EXPECT_EQ(finished.code, 2) << wrong;
    EXPECT_THAT(finished.err, testing::HasSubstr("sojourn.toml"));
    EXPECT_EQ((finished.out + finished.err).find(kMark), std::string::npos) << finished.err;
  }
}

class CoreTest : public CanaryTest {
 protected:
  // Every core that a daemon leaves which is told to abort.
  std::vector<fs::path> cores(const std::string& options) {
    const fs::path folder = project.folder() / "core";
    fs::create_directory(folder);
    std::string line = fmt::format("ulimit -c unlimited; cd '{}' && exec", folder.string());
    for (const std::string& word : sojourn({"run", "--project", project.folder().string()})) {
      line += fmt::format(" '{}'", word);
    }
    Process process({"/bin/sh", "-c", line + " " + options}, project.folder() / "crash");
    EXPECT_NE(process.wait_for_port(), 0) << process.err();
    process.signal(SIGABRT);
    EXPECT_EQ(process.wait(), -SIGABRT);
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path());
    return found;
  }
};

TEST_F(CoreTest, ACrashLeavesNoMemoryBehindUnlessItIsAskedFor) {
  const auto asked_for = cores("--core-dumps");
  if (asked_for.empty()) GTEST_SKIP() << "this machine writes no core into the working folder";
  EXPECT_NE(read_file(asked_for.front()).find(kIterable), std::string::npos)
      << "a core has the keys: so there must be none";
  for (const fs::path& core : asked_for) fs::remove(core);
  EXPECT_THAT(cores(""), testing::IsEmpty());
}

TEST_F(CanaryTest, WhatTheDaemonMakesIsItsOwnersAlone) {
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  const fs::path data = project.folder() / "data";
  constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;
  EXPECT_EQ(fs::status(data).permissions() & kOthers, fs::perms::none);
  int files = 0;
  for (const auto& entry : fs::directory_iterator(data)) {
    EXPECT_EQ(entry.status().permissions() & kOthers, fs::perms::none) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 2) << "the database and the control socket";
}

}  // namespace
}  // namespace sojourn::e2e
