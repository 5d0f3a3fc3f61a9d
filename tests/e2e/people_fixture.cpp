#include "tests/e2e/people_fixture.h"

#include <fmt/format.h>

#include "base/instant.h"

namespace sojourn::e2e {
namespace {

// m… are transactional, ad… marketing.
constexpr std::string_view kCatalog = R"(
user {{ plan "free" | "pro", seats integer, bornOn date, endsAt timestamp }}

event signup {{ plan string? }}
event login
event bought {{ amount number }}
event viewed {{ item string }}

message_type account = 1 transactional opt_out
message_type news    = 2 marketing opt_out

campaign m1 = 101 email account
campaign m2 = 102 email account
campaign m3 = 103 email account
campaign m4 = 104 email account {{ data {{ items [string], count integer }} }}

campaign ad1 = 111 email news
campaign ad2 = 112 email news
campaign ad3 = 113 email news {{ once }}

segment team = user.seats >= 5

policy {{
  timezone user.timeZone default "UTC"
  {}
}}
)";

std::string email_of(const std::string& who) {
  return who + "@example.com";
}

}  // namespace

PeopleTest::PeopleTest() {
  ProjectSettings settings;
  settings.iterable_port = sandbox.port();
  project.configure(settings);
}

void PeopleTest::begin(std::string_view journeys, std::string_view policy) {
  project.write("catalog.journey", fmt::format(kCatalog, policy));
  project.write("journeys.journey", journeys);
  daemon = std::make_unique<Daemon>(project, kBegin, "life0");
  ASSERT_NE(daemon->port(), 0) << daemon->process().err();
}

void PeopleTest::kill_and_restart(const std::string& at) {
  const auto clock = daemon->settle();
  ASSERT_TRUE(clock);
  ASSERT_EQ(daemon->kill9(), -SIGKILL);
  daemon = std::make_unique<Daemon>(project, at.empty() ? clock->now : at,
                                    fmt::format("life{}", ++lives_));
  ASSERT_NE(daemon->port(), 0) << daemon->process().err();
  settle();
}

void PeopleTest::track(const std::string& who, const std::string& event, const Json& fields,
                       const std::string& id) {
  ASSERT_EQ(daemon->track(email_of(who), event, fields, id).status, 200) << who << " " << event;
  settle();
}

void PeopleTest::track_of(const std::string& who, const std::string& event, const Json& fields,
                          const std::string& created_at, const std::string& id) {
  Json body{{"email", email_of(who)},
            {"eventName", event},
            {"dataFields", fields},
            {"createdAt", base::parse_timestamp(created_at).value().millis}};
  if (!id.empty()) body["id"] = id;
  ASSERT_EQ(daemon->post("/api/events/track", body).status, 200) << who << " " << event;
  settle();
}

void PeopleTest::update(const std::string& who, const Json& fields) {
  const Json body{{"email", email_of(who)}, {"dataFields", fields}};
  const Answer answer = daemon->post("/api/users/update", body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  settle();
}

std::vector<int> PeopleTest::received(const std::string& who) {
  std::vector<int> campaigns;
  for (const Json& message : sandbox.messages()) {
    if (message.at("recipientEmail") == email_of(who)) {
      campaigns.push_back(message.at("campaignId").get<int>());
    }
  }
  return campaigns;
}

std::vector<std::string> PeopleTest::log(const std::string& who) const {
  std::vector<std::string> lines;
  const Json report = daemon->report(email_of(who));
  for (const Json& record : report.at("log")) {
    std::string line = record.at("what");
    for (const char* part : {"journey", "subject", "detail"}) {
      if (record.contains(part)) line += " " + record.at(part).get<std::string>();
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Json PeopleTest::status_of(const std::string& journey, const std::string& what) const {
  const Json counts = journey_in(daemon->status(), journey);
  return counts.is_object() ? counts.value(what, Json()) : Json();
}

}  // namespace sojourn::e2e
