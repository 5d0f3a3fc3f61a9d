// The commands that speak with an Iterable project, against the sandbox that plays one.

#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <memory>

#include "tests/e2e/http.h"
#include "tests/e2e/process.h"
#include "tests/e2e/project.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kIterable = R"({
  "projectId": 4711,
  "channels": [
    {"id": 31, "name": "Marketing Channel", "channelType": "Marketing", "messageMedium": "Email"},
    {"id": 32, "name": "Service", "channelType": "Transactional", "messageMedium": "Email"}
  ],
  "messageTypes": [
    {"id": 41, "name": "News", "channelId": 31, "subscriptionPolicy": "OptIn"},
    {"id": 42, "name": "Marketing Message", "channelId": 31, "subscriptionPolicy": "OptOut"}
  ],
  "lists": [{"id": 7, "name": "Proof readers"}],
  "templates": [
    {"templateId": 901, "name": "Hello", "messageTypeId": 41, "messageMedium": "Email", "campaignId": 101},
    {"templateId": 902, "name": "Tour", "messageTypeId": 42, "messageMedium": "Email", "campaignId": 102}
  ],
  "campaigns": [
    {"id": 101, "name": "Hello", "messageMedium": "Email", "templateId": 901},
    {"id": 102, "name": "Tour", "messageMedium": "Email", "templateId": 902}
  ],
  "journeys": [{"id": 81, "name": "Old", "triggerEventNames": ["Signed Up"]}],
  "userFields": {"plan": "string", "seats": "long"}
})";

class IterableProjectTest : public testing::Test {
 protected:
  IterableProjectTest() { play(kIterable); }

  // From here on the sandbox plays this project.
  void play(std::string_view iterable) {
    sandbox.reset();
    project.write("iterable.json", iterable);
    const std::string folder = project.folder().string();
    // Each has a record of its own: nothing of an earlier project is in it.
    const std::string record = fmt::format("{}/sandbox{}.db", folder, ++played);
    sandbox = std::make_unique<Process>(sojourn({"sandbox", "--port", "0", "--record", record,
                                                 "--project", folder + "/iterable.json"}),
                                        project.folder() / "sandbox");
    port = sandbox->wait_for_port();
    ASSERT_NE(port, 0) << sandbox->err();
    ProjectSettings settings;
    settings.iterable_port = port;
    project.configure(settings);
  }
  static std::string changed(std::string_view from, std::string_view to) {
    std::string text(kIterable);
    text.replace(text.find(from), from.size(), to);
    return text;
  }

  Finished run(const std::string& command, const Words& more = {}) const {
    Words words{command, "--project", project.folder().string()};
    words.insert(words.end(), more.begin(), more.end());
    return run_to_end(sojourn(words), project.folder() / "command");
  }
  Finished check_against() const {
    const std::string folder = project.folder().string();
    return run_to_end(sojourn({"check", folder, "--against", folder + "/ids.lock"}),
                      project.folder() / "command");
  }
  std::string file(const std::string& name) const { return read_file(project.folder() / name); }

  Project project;
  std::unique_ptr<Process> sandbox;
  int port = 0;
  int played = 0;
};

TEST_F(IterableProjectTest, APullWritesALockAndACatalogThatAgree) {
  const Finished pulled = run("pull");
  ASSERT_EQ(pulled.code, 0) << pulled.err;
  EXPECT_THAT(pulled.out, HasSubstr("catalog.journey: written\n"));
  EXPECT_THAT(pulled.out, HasSubstr("ids.lock: 2 campaigns, 2 message types, 2 channels, 1 lists"));
  EXPECT_THAT(file("catalog.journey"), HasSubstr("campaign hello = 101 email news"));
  EXPECT_THAT(file("catalog.journey"),
              HasSubstr("message_type marketing_message = 42 marketing opt_out channel 31"));
  EXPECT_THAT(file("catalog.journey"), HasSubstr("event signed_up = \"Signed Up\""));
  EXPECT_THAT(file("ids.lock"),
              HasSubstr(R"({"id":101,"name":"Hello","type":"triggered","state":"running",)"
                        R"("medium":"email","template":901,"message_type":41})"));
  const Finished checked = check_against();
  EXPECT_EQ(checked.code, 0) << checked.out;
}

TEST_F(IterableProjectTest, ASecondPullChangesNothing) {
  ASSERT_EQ(run("pull").code, 0);
  const std::string lock = file("ids.lock");
  const Finished again = run("pull");
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, StartsWith("catalog.journey: as it was\n"));
  EXPECT_EQ(file("ids.lock"), lock);
}

TEST_F(IterableProjectTest, APullLeavesACatalogThatSomebodyHasEdited) {
  ASSERT_EQ(run("pull").code, 0);
  const std::string edited = file("catalog.journey") + "list mine = 8\n";
  project.write("catalog.journey", edited);
  play(changed(R"("lists": [{"id": 7)", R"("lists": [{"id": 9, "name": "More"}, {"id": 7)"));
  const Finished pulled = run("pull");
  EXPECT_EQ(pulled.code, 0);
  EXPECT_THAT(pulled.out, HasSubstr("catalog.journey: left as it is"));
  EXPECT_THAT(pulled.out, HasSubstr("list 9 `More` is new"));
  EXPECT_EQ(file("catalog.journey"), edited);
  // It stays an edited one in the next pull.
  EXPECT_THAT(run("pull").out, HasSubstr("catalog.journey: left as it is"));
  EXPECT_THAT(run("pull", {"--replace-catalog"}).out, HasSubstr("catalog.journey: written anew"));
  EXPECT_THAT(file("catalog.journey"), Not(HasSubstr("mine")));
}

TEST_F(IterableProjectTest, ACatalogThatNobodyEditedFollowsIterable) {
  ASSERT_EQ(run("pull").code, 0);
  play(changed(R"("name": "Tour", "messageMedium")", R"("name": "Grand tour", "messageMedium")"));
  EXPECT_THAT(run("pull").out, HasSubstr("catalog.journey: written anew"));
  EXPECT_THAT(file("catalog.journey"), HasSubstr("campaign tour  = 102 email"));
  EXPECT_THAT(file("catalog.journey"), HasSubstr("# Grand tour"));
}

TEST_F(IterableProjectTest, ACheckFindsWhatTheLockContradicts) {
  ASSERT_EQ(run("pull").code, 0);
  project.write("catalog.journey",
                "message_type news = 41 marketing opt_in channel 31\n"
                "campaign hello = 101 email news\n"
                "campaign tour = 102 email news\n"
                "campaign gone = 103 email news\n");
  const Finished checked = check_against();
  EXPECT_EQ(checked.code, 1);
  EXPECT_THAT(
      checked.out,
      HasSubstr("the campaign `tour` has the message type `Marketing Message` in Iterable"));
  EXPECT_THAT(checked.out, HasSubstr("catalog.journey:3:10"));
  EXPECT_THAT(checked.out, HasSubstr("no campaign at Iterable has the id 103"));
  // Without the lock there is nothing to find.
  const Finished alone =
      run_to_end(sojourn({"check", project.folder().string()}), project.folder() / "command");
  EXPECT_EQ(alone.code, 0) << alone.out;
}

TEST_F(IterableProjectTest, ACheckAgainstALockThatIsNotThereCannotRun) {
  const Finished checked = check_against();
  EXPECT_EQ(checked.code, 2);
  EXPECT_THAT(checked.err, HasSubstr("`sojourn pull` writes it"));
}

TEST_F(IterableProjectTest, DriftSaysWhatHasChangedAndEndsWithOne) {
  EXPECT_EQ(run("drift").code, 2);
  ASSERT_EQ(run("pull").code, 0);
  const Finished none = run("drift");
  EXPECT_EQ(none.code, 0) << none.out;
  const std::string lock = file("ids.lock");
  play(changed(R"("name": "Hello", "messageMedium": "Email", "templateId": 901)",
               R"("name": "Hello", "messageMedium": "Email", "templateId": 902)"));
  const Finished drifted = run("drift");
  EXPECT_EQ(drifted.code, 1) << drifted.err;
  EXPECT_THAT(drifted.out,
              HasSubstr("campaign 101 `Hello`: template 901 -> 902, message type 41 -> 42"));
  EXPECT_EQ(file("ids.lock"), lock);
}

TEST_F(IterableProjectTest, APullThatIterableRefusesWritesNothing) {
  project.write("iterable.key", "");
  const Finished pulled = run("pull");
  EXPECT_EQ(pulled.code, 2);
  EXPECT_THAT(pulled.err, HasSubstr("there is no key"));
  EXPECT_THAT(file("ids.lock"), IsEmpty());
}

// The example has an Iterable project with it, and the lock that a pull from it writes.
TEST_F(IterableProjectTest, ThePullOfTheExampleIsTheLockThatItShips) {
  const std::filesystem::path example =
      std::filesystem::path(SOJOURN_SOURCE_DIR) / "examples" / "gitlab_lifecycle";
  play(read_file(example / "iterable.json"));
  for (const char* name : {"catalog.journey", "trial.journey", "free_and_invited.journey"}) {
    project.write(name, read_file(example / name));
  }
  const Finished pulled = run("pull");
  ASSERT_EQ(pulled.code, 0) << pulled.err;
  EXPECT_THAT(pulled.out, HasSubstr("catalog.journey: left as it is"));
  std::string lock = file("ids.lock");
  const std::string here = "http://127.0.0.1:" + std::to_string(port);
  ASSERT_NE(lock.find(here), std::string::npos) << lock;
  lock.replace(lock.find(here), here.size(), "http://127.0.0.1:8090");
  EXPECT_EQ(lock, read_file(example / "ids.lock"));
  const Finished checked = check_against();
  EXPECT_EQ(checked.code, 0) << checked.out;
}

class ProofTest : public IterableProjectTest {
 protected:
  ProofTest() {
    project.write("welcome.journey",
                  "event signed_up\n"
                  "message_type news = 41 marketing opt_in channel 31\n"
                  "campaign hello = 101 email news { data { plan string, seats integer } }\n"
                  "campaign tour = 102 email news\n"
                  "list readers = 7\n"
                  "policy { timezone \"UTC\" }\n"
                  "journey welcome {\n"
                  "  owner \"lifecycle@example.com\"\n"
                  "  enter on signed_up\n"
                  "  send hello with { plan: \"free\", seats: 1 }\n"
                  "  wait 1d\n"
                  "  send tour\n"
                  "  wait 1d\n"
                  "  last: send hello with { plan: \"free\", seats: 1 } again\n"
                  "}\n");
  }

  // What the sandbox got, as it says at its end.
  std::string received() {
    sandbox->signal(SIGTERM);
    sandbox->wait();
    return sandbox->out();
  }
  void subscribe(const std::string& email) const {
    Http http(port);
    const Json body = {{"listId", 7}, {"subscribers", {{{"email", email}}}}};
    EXPECT_EQ(http.post("/api/lists/subscribe", body.dump(),
                        {"Api-Key: any", "Content-Type: application/json"})
                  .status,
              200);
  }
};

TEST_F(ProofTest, EachMessageOfAJourneyIsSentOnce) {
  ASSERT_EQ(run("pull").code, 0);
  const Finished proved = run("proof", {"welcome", "--to", "ada@example.com"});
  EXPECT_EQ(proved.code, 0) << proved.err;
  EXPECT_EQ(proved.out, "hello: sent to 1\ntour: sent to 1\n");
  const std::string table = received();
  EXPECT_THAT(table, HasSubstr("901"));
  EXPECT_THAT(table, HasSubstr("902"));
}

TEST_F(ProofTest, GoesToEverybodyOnAList) {
  ASSERT_EQ(run("pull").code, 0);
  EXPECT_EQ(run("proof", {"welcome", "--to", "readers"}).code, 2);
  subscribe("ada@example.com");
  subscribe("bob@example.com");
  EXPECT_EQ(run("proof", {"welcome", "--to", "readers"}).out,
            "hello: sent to 2\ntour: sent to 2\n");
}

TEST_F(ProofTest, DoesNotGoWhereOnlyToForbidsIt) {
  ASSERT_EQ(run("pull").code, 0);
  ProjectSettings settings;
  settings.iterable_port = port;
  settings.more = "only_to = [\"*@example.com\"]\n";
  project.configure(settings);
  const Finished refused = run("proof", {"welcome", "--to", "ada@elsewhere.example"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("`only_to` in sojourn.toml"));
}

TEST_F(ProofTest, NeedsALockAJourneyAndSomebodyToSendTo) {
  EXPECT_THAT(run("proof", {"welcome", "--to", "ada@example.com"}).err,
              HasSubstr("`sojourn pull` writes it"));
  ASSERT_EQ(run("pull").code, 0);
  EXPECT_THAT(run("proof", {"welcom", "--to", "ada@example.com"}).err,
              HasSubstr("did you mean `welcome`?"));
  EXPECT_THAT(run("proof", {"welcome", "--to", "nobody"}).err,
              HasSubstr("`nobody` is neither an email nor a declared list"));
}

class PushTest : public ProofTest {
 protected:
  PushTest() {
    std::filesystem::create_directory(project.folder() / "templates");
    project.write(
        "templates/hello.toml",
        "message_type = \"news\"\nname = \"Hello\"\nsubject = \"Hello, {{firstName}}\"\n");
    project.write("templates/hello.html", "<p>Hello.</p>\n");
  }

  // The file, with the campaign that sends it.
  void name_campaign() {
    project.write("templates/hello.toml",
                  "message_type = \"news\"\nsubject = \"Hello\"\ncampaign = \"Hello: first\"\n");
  }
  // What somebody else does in the project.
  void post(const std::string& path, const Json& body) const {
    Http http(port);
    const Answer answer =
        http.post(path, body.dump(), {"Api-Key: any", "Content-Type: application/json"});
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
  // The last one under that name; 0: none.
  std::int64_t campaign_called(const std::string& name) const {
    const Json lock = Json::parse(file("ids.lock"));
    std::int64_t id = 0;
    for (const Json& campaign : lock.at("campaigns")) {
      if (campaign.at("name") == name) id = campaign.at("id").get<std::int64_t>();
    }
    return id;
  }
};

TEST_F(PushTest, SaysWhatWouldChangeAndDoesItOnlyWhenTold) {
  const Finished dry = run("push");
  EXPECT_EQ(dry.code, 0) << dry.err;
  EXPECT_EQ(dry.out,
            "hello: new\n1 of 1 template would change; say it again with --yes to do it\n");
  EXPECT_THAT(run("push").out, StartsWith("hello: new\n"));
  const Finished done = run("push", {"--yes"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, "hello: new\n1 of 1 template written\n");
  EXPECT_EQ(run("push", {"--yes"}).out, "hello: as it is\n");
}

TEST_F(PushTest, NamesTheFieldsThatDiffer) {
  ASSERT_EQ(run("push", {"--yes"}).code, 0);
  project.write("templates/hello.html", "<p>Hello again.</p>\n");
  project.write("templates/hello.txt", "Hello again.\n");
  EXPECT_THAT(run("push").out, StartsWith("hello: changes html, plainText\n"));
}

TEST_F(PushTest, MakesTheCampaignOfATemplateOnce) {
  name_campaign();
  EXPECT_EQ(run("push").out,
            "hello: new\nhello: campaign `Hello: first`: new\n"
            "1 of 1 template and 1 of 1 campaign would change; say it again with --yes to do it\n");
  const Finished done = run("push", {"--yes"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("campaign `Hello: first`: new\n  its id is "));
  EXPECT_EQ(run("push", {"--yes"}).out,
            "hello: as it is\nhello: campaign `Hello: first`: as it is\n");
  ASSERT_EQ(run("pull").code, 0);
  EXPECT_NE(campaign_called("Hello: first"), 0);
}

TEST_F(PushTest, HasACampaignRunThatDoesNot) {
  name_campaign();
  ASSERT_EQ(run("push", {"--yes"}).code, 0);
  ASSERT_EQ(run("pull").code, 0);
  post("/api/campaigns/deactivateTriggered", {{"campaignId", campaign_called("Hello: first")}});
  EXPECT_THAT(run("push").out, HasSubstr("campaign `Hello: first`: is not running\n"));
  ASSERT_EQ(run("push", {"--yes"}).code, 0);
  EXPECT_THAT(run("push").out, HasSubstr("campaign `Hello: first`: as it is\n"));
}

TEST_F(PushTest, SaysThatACampaignOfThatNameSendsSomethingElse) {
  post("/api/campaigns/create", {{"name", "Hello: first"}, {"templateId", 902}});
  name_campaign();
  EXPECT_THAT(run("push").out,
              HasSubstr("it sends another template, which has not the key `hello`"));
  post("/api/campaigns/create", {{"name", "Hello: first"}, {"templateId", 902}});
  const Finished two = run("push", {"--yes"});
  EXPECT_EQ(two.code, 2);
  EXPECT_THAT(two.err, HasSubstr("2 triggered campaigns are called `Hello: first`"));
}

TEST_F(PushTest, ATemplateWithoutAMessageTypeIsRefused) {
  project.write("templates/hello.toml", "subject = \"Hello\"\n");
  const Finished refused = run("push", {"--yes"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("must be a declared message type"));
}

}  // namespace
}  // namespace sojourn::e2e
