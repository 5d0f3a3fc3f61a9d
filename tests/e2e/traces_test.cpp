// A person whose every value is unlike anything else goes through all that a daemon does. None of
// those values is in its log, its metrics or its status; and once the person is forgotten, none is
// in any file of the store.

#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text.h"
#include "tests/e2e/service.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

constexpr const char* kBegin = "2026-03-01T09:00:00Z";
constexpr const char* kEmail = "canary-mail@people.example";
constexpr const char* kUserId = "canary-userid";
// Whatever is of the person has this in it, in whatever case.
constexpr std::string_view kMark = "canary";

constexpr const char* kJourneys = R"(
user { nickname string, city string, team string }
event signup { plan string, note string }
event asked { question string }
event nudge { words string }
event told { team string, words string } for users where user.team == event.team up to 9
message_type news = 1 transactional opt_out
campaign hello = 101 email news { data { note string } }
campaign later = 102 email news
webhook oracle = "https://oracle.example.com/ask" { returns { answer string } }
policy { timezone user.timeZone default "UTC" }
journey greeted {
  owner "lifecycle@example.com"
  enter on signup
  send hello with { note: entry.note }
  wait 2d
  send later
}
journey curious {
  owner "lifecycle@example.com"
  enter on asked
  call oracle with { question: entry.question } as reply up to 1h {
    track nudge { words: reply.answer }
  }
  wait 30d
}
journey held {
  owner "lifecycle@example.com"
  enter on signup
  wait 1h
  send later
}
)";

uv::HttpResponse response(int status, const std::string& body) {
  return {status, body, "application/json", {}};
}

class TracesTest : public testing::Test {
 protected:
  TracesTest() {
    project.write("all.journey", kJourneys);
    project.write("webhook.key", "a-webhook-key");
    configure("off");
    oracle.answer(response(200, R"({"answer":"canary-reply"})"));
  }
  void configure(const std::string& forward) {
    ProjectSettings settings;
    settings.iterable_port = iterable.port();
    settings.intake = "erase = true\nforward = \"" + forward + "\"";
    settings.iterable = "[iterable.webhooks]\nkey_file = \"webhook.key\"\n";
    settings.more = fmt::format(R"([webhooks]
allow_private = ["127.0.0.1:{0}"]
[webhooks.urls]
oracle = "http://127.0.0.1:{0}/ask")",
                                oracle.port());
    project.configure(settings);
  }
  // Iterable's words and codes name whom a request was about.
  void iterable_refuses(int status) {
    iterable.answer(
        response(status, fmt::format(R"({{"msg":"no {} here","code":"CanaryCode"}})", kEmail)));
  }
  // What commands print names the person: it lies beside the project.
  ~TracesTest() override {
    for (const char* end : {".out", ".err"}) fs::remove(printed() + end);
    fs::remove_all(backup());
  }
  std::string printed() const { return project.folder().string() + "-command"; }
  fs::path backup() const { return project.folder().string() + "-backup"; }
  // The database, which nobody has open, and its log.
  static void copy_store(const fs::path& from, const fs::path& to) {
    fs::create_directories(to);
    for (const char* name : {"sojourn.db", "sojourn.db-wal"}) {
      if (fs::exists(from / name)) fs::copy_file(from / name, to / name);
    }
  }
  static Json person() { return {{"email", kEmail}, {"userId", kUserId}}; }
  static Json event(const std::string& name, const Json& fields, const std::string& id) {
    Json body = person();
    body["eventName"] = name;
    body["dataFields"] = fields;
    body["id"] = id;
    return body;
  }
  static Json update(const std::string& city) {
    Json body = person();
    body["dataFields"] = {{"nickname", "canary-nick"}, {"city", city}, {"team", "canary-team"}};
    return body;
  }
  static Answer notice(Daemon& daemon, const std::string& name, const std::string& reason) {
    const Json body{{"email", kEmail},
                    {"eventName", name},
                    {"dataFields", {{"campaignId", 101}, {"reason", reason}, {"email", kEmail}}}};
    return daemon.http().post("/v1/iterable/webhooks", body.dump(),
                              {"Authorization: Bearer a-webhook-key"});
  }

  // Requests that are refused for each of the reasons there are.
  static void ask_badly(Daemon& daemon) {
    const std::string path = std::string("/api/users/") + kEmail;
    daemon.http().remove(path, {});
    daemon.http().get(path);
    daemon.http().post("/api/events/canary", "canary", {});
    daemon.post("/api/users/update", {{"email", "canary but no address"}});
    daemon.post("/api/users/update", {{"email", kEmail}, {"dataFields", {{"city", 7}}}});
    daemon.post("/api/users/update", {{"email", kEmail}, {"dataFields", {{"canaryField", 7}}}});
    daemon.post("/api/events/track", event("signup", {{"plan", 7}}, "canary-bad-1"));
    daemon.post("/api/events/track", event("canaryEvent", Json::object(), "canary-bad-2"));
    daemon.post("/api/users/bulkUpdate",
                {{"users", Json::array({{{"email", "canary"}}, {{"email", kEmail}}})}});
    daemon.http().post("/api/events/track", R"({"email":"canary-mail@people.example",)",
                       {"Api-Key: an-intake-key"});
  }
  // Versions of the person, a call, a fan-out, a pause, refusals, notices.
  void live(Daemon& daemon) {
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(daemon
                    .post("/api/users/update",
                          update(fmt::format("canary-city-{}{}", i, std::string(i * 40, 'c'))))
                    .status,
                200);
    }
    ask_badly(daemon);
    EXPECT_EQ(daemon
                  .post("/api/events/track",
                        event("signup", {{"plan", "canary-plan"}, {"note", "canary-note"}},
                              "canary-id-1"))
                  .status,
              200);
    EXPECT_EQ(daemon
                  .post("/api/events/track",
                        event("asked", {{"question", "canary-question"}}, "canary-id-2"))
                  .status,
              200);
    ASSERT_TRUE(daemon.settle());
    EXPECT_EQ(
        daemon
            .post("/api/events/track",
                  event("told", {{"team", "canary-team"}, {"words", "canary-told"}}, "canary-id-3"))
            .status,
        200);
    ASSERT_TRUE(daemon.settle());
    for (const char* name : {"emailSendSkip", "emailOpen", "emailUnSubscribe", "canaryNotice"}) {
      notice(daemon, name, "canary-reason");
    }
    notice(daemon, "emailBounce", "canary-bounce");
    command({"pause", "held", "--clock", "run"});
    daemon.run_until("2026-03-01T12:00:00Z");
  }
  // `sojourn WORDS` in the project.
  Finished command(Words words) {
    words.insert(words.end(), {"--project", project.folder().string()});
    return run_to_end(sojourn(words), printed());
  }
  Finished forget() { return command({"forget", kUserId, "--yes", "--json", "--by", "op"}); }

  static bool has_mark(const std::string& text) {
    return base::lower_ascii(text).find(kMark) != std::string::npos;
  }
  // Lines that say something of the person.
  static std::vector<std::string> marked_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t from = 0;
    while (from < text.size()) {
      const std::size_t to = std::min(text.find('\n', from), text.size());
      std::string line = text.substr(from, to - from);
      if (has_mark(line)) lines.push_back(std::move(line));
      from = to + 1;
    }
    return lines;
  }
  // Files of the project that do: the database and its log, and what the daemon has logged.
  std::vector<std::string> marked_files() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(project.folder())) {
      if (entry.is_regular_file() && has_mark(read_file(entry.path()))) {
        files.push_back(entry.path().filename().string());
      }
    }
    return files;
  }
  static void expect_no_traces_told(Daemon& daemon) {
    EXPECT_THAT(marked_lines(daemon.process().err()), IsEmpty());
    EXPECT_THAT(marked_lines(daemon.process().out()), IsEmpty());
    EXPECT_THAT(marked_lines(daemon.http().get("/metrics").body), IsEmpty());
    EXPECT_THAT(marked_lines(daemon.status().dump(1)), IsEmpty());
  }

  Project project;
  Service iterable;
  Service oracle;
};

TEST_F(TracesTest, LogMetricsAndStatusSayNothingOfAnybody) {
  iterable_refuses(400);
  Daemon daemon(project, kBegin);
  live(daemon);
  EXPECT_FALSE(log_lines(daemon.process().err(), "rejected").empty());
  EXPECT_FALSE(marked_files().empty()) << "the store has what the test looks for";
  expect_no_traces_told(daemon);
  iterable_refuses(401);
  daemon.post("/api/events/track",
              event("signup", {{"plan", "p"}, {"note", "canary-2"}}, "canary-id-9"));
  ASSERT_TRUE(daemon.settle());
  daemon.run_until("2026-03-04T12:00:00Z");
  EXPECT_FALSE(log_lines(daemon.process().err(), "halted").empty());
  iterable_refuses(500);
  daemon.run_until("2026-03-20T12:00:00Z");
  expect_no_traces_told(daemon);
}

TEST_F(TracesTest, WhatIterableTookAloneIsLoggedWithoutItsWords) {
  configure("ask");
  Daemon daemon(project, kBegin);
  for (int i = 0; i < 2; ++i) {
    daemon.post("/api/users/update", {{"email", kEmail}, {"dataFields", {{"city", 7}}}});
    daemon.post("/api/users/update", update("canary-city"));
    daemon.post("/api/users/updateEmail",
                {{"currentEmail", "canary-nobody@people.example"}, {"newEmail", kEmail}});
    daemon.post("/api/users/merge", {{"sourceEmail", kEmail}, {"destinationEmail", kEmail}});
    daemon.post("/api/users/bulkUpdate",
                {{"users", Json::array({{{"email", "canary"}}, {{"email", kEmail}}})}});
  }
  const auto missed = log_lines(daemon.process().err(), "taken_by_iterable_alone");
  ASSERT_FALSE(missed.empty());
  EXPECT_EQ(missed.at(0).at("detail"), "status=400 code=RequestFieldsTypesMismatched field=city");
  expect_no_traces_told(daemon);
}

TEST_F(TracesTest, OnceForgottenNothingIsLeftInAnyFile) {
  iterable_refuses(400);
  Daemon daemon(project, kBegin);
  live(daemon);
  ASSERT_FALSE(marked_files().empty());
  const Finished forgotten = forget();
  ASSERT_EQ(forgotten.code, 0) << forgotten.err;
  EXPECT_EQ(Json::parse(forgotten.out).at("done"), true);
  daemon.run_until("2026-03-01T12:00:10Z");
  EXPECT_THAT(marked_files(), IsEmpty());
  // What comes late leaves nothing either.
  daemon.post("/api/events/track",
              event("signup", {{"plan", "p"}, {"note", "canary-3"}}, "canary-id-8"));
  notice(daemon, "emailOpen", "canary-reason");
  command({"resume", "held"});
  daemon.run_until("2026-03-05T12:00:00Z");
  EXPECT_THAT(marked_files(), IsEmpty());
  expect_no_traces_told(daemon);
  EXPECT_EQ(daemon.stop(), 0);
  EXPECT_THAT(marked_files(), IsEmpty());
}

TEST_F(TracesTest, KilledRightAfterwardsTheNextLifeFinishesIt) {
  iterable_refuses(400);
  {
    Daemon daemon(project, kBegin, "life0");
    live(daemon);
    ASSERT_EQ(forget().code, 0);
    EXPECT_FALSE(marked_files().empty()) << "the log of the database still has it";
    ASSERT_EQ(daemon.kill9(), -SIGKILL);
  }
  Daemon daemon(project, "2026-03-01T12:00:01Z", "life1");
  ASSERT_TRUE(daemon.settle());
  EXPECT_THAT(marked_files(), IsEmpty());
}

TEST_F(TracesTest, AskedIterableErasesThemAndTheRequestLeavesNoTraceEither) {
  configure("queue");
  Daemon daemon(project, kBegin);
  live(daemon);
  const Finished forgotten = forget();
  ASSERT_EQ(forgotten.code, 0) << forgotten.err;
  EXPECT_EQ(Json::parse(forgotten.out).at("iterable_is_asked"), true);
  daemon.run_until("2026-03-01T12:05:00Z");
  EXPECT_EQ(iterable.seen().back().path, "/api/users/forget");
  EXPECT_THAT(marked_files(), IsEmpty());
  expect_no_traces_told(daemon);
}

TEST_F(TracesTest, ABackupThatIsPutBackBringsNobodyBack) {
  const fs::path data = project.folder() / "data";
  {
    Daemon daemon(project, kBegin, "life0");
    live(daemon);
    ASSERT_EQ(daemon.stop(), 0);
  }
  copy_store(data, backup());
  {
    Daemon daemon(project, "2026-03-01T12:00:01Z", "life1");
    ASSERT_EQ(forget().code, 0);
    ASSERT_EQ(daemon.kill9(), -SIGKILL);
  }
  fs::remove_all(data);
  copy_store(backup(), data);
  ASSERT_FALSE(marked_files().empty());
  Daemon daemon(project, "2026-03-01T12:10:00Z", "life2");
  EXPECT_FALSE(daemon.report(kEmail).contains("id"));
  EXPECT_EQ(log_lines(daemon.process().err(), "erased_again").at(0).at("detail"),
            "lines=2 people=1");
  EXPECT_EQ(daemon
                .post("/api/events/track",
                      event("signup", {{"plan", "p"}, {"note", "canary-4"}}, "canary-id-7"))
                .status,
            400);
  daemon.run_until("2026-03-01T12:10:10Z");
  EXPECT_THAT(marked_files(), IsEmpty());
}

TEST_F(TracesTest, AnExportHasThePersonAndThenNobody) {
  Daemon daemon(project, kBegin);
  live(daemon);
  const Finished exported = command({"export", kEmail});
  ASSERT_EQ(exported.code, 0) << exported.err;
  const Json person = Json::parse(exported.out);
  EXPECT_EQ(person.at("userId"), kUserId);
  EXPECT_EQ(person.at("profile").at("nickname").at("value"), "canary-nick");
  EXPECT_EQ(person.at("format"), 1);
  const Finished counted = command({"forget", kEmail});
  EXPECT_EQ(counted.code, 0);
  EXPECT_THAT(counted.out, testing::HasSubstr("nothing was done; say it again with --yes"));
  ASSERT_EQ(forget().code, 0);
  const Finished gone = command({"export", kEmail});
  EXPECT_EQ(gone.code, 2);
  EXPECT_THAT(gone.err, testing::HasSubstr("nobody has the email"));
}

}  // namespace
}  // namespace sojourn::e2e
