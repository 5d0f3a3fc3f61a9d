// What `sojourn why` prints of an answer of the daemon.
#include "app/why_command.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;

std::string printed(const char* report) {
  std::ostringstream out;
  print_why(Json::parse(report), out);
  return out.str();
}

TEST(Why, TellsAStory) {
  EXPECT_EQ(printed(R"({
    "id": "0003000000000001", "about": "tips", "verdict": "deferred", "complete": true,
    "journey": "trial", "enrollment": 1, "campaign": "tips",
    "story": [
      {"at": "2026-03-01T09:00:00Z", "what": "event", "subject": "signup"},
      {"at": "2026-03-01T09:00:00Z", "what": "entered", "journey": "trial", "enrollment": 1,
       "subject": "signup", "rule": "enter on signup where event.plan == \"pro\"",
       "values": {"event.plan": "\"pro\""}},
      {"at": "2026-03-01T09:00:00Z", "what": "waits", "journey": "trial", "enrollment": 1,
       "subject": "wait 1", "until": "2026-03-02T08:00:00Z", "rule": "wait 1d at 09:00",
       "zone": {"name": "Europe/Berlin", "source": "user.timeZone"}, "place": "trial.journey:7"},
      {"at": "2026-03-02T08:00:00Z", "what": "wait_over", "subject": "wait 1",
       "until": "2026-03-02T08:00:00Z", "place": "trial.journey:7"},
      {"at": "2026-03-02T08:00:00Z", "what": "branch", "subject": "if 1", "detail": "else",
       "rule": "no condition held", "values": {"user.seats": "missing", "…": ""},
       "place": "trial.journey:8"},
      {"at": "2026-03-02T08:00:00Z", "what": "deferred", "subject": "tips",
       "detail": "until 2026-03-03T08:00:00Z by capped", "until": "2026-03-03T08:00:00Z",
       "rule": "cap marketing 1 per 1d defer up to 2d else drop",
       "values": {"offer 9f00": "2026-03-02T07:00:00Z"}}
    ]})"),
            R"(tips is put off (journey trial, enrollment 1)

  2026-03-01T09:00:00Z  event signup came
  2026-03-01T09:00:00Z  they were let in: enter on signup where event.plan == "pro"
                          event.plan = "pro"
  2026-03-01T09:00:00Z  `wait 1` (trial.journey:7) waits until 2026-03-02T08:00:00Z: wait 1d at 09:00
                          by the clock of Europe/Berlin, from user.timeZone
  2026-03-02T08:00:00Z  the time of `wait 1` (trial.journey:7) came
  2026-03-02T08:00:00Z  `if 1` (trial.journey:8) went the way `else`: no condition held
                          user.seats = missing
                          …
  2026-03-02T08:00:00Z  tips was put off until 2026-03-03T08:00:00Z by a cap: cap marketing 1 per 1d defer up to 2d else drop
                          offer 9f00 = 2026-03-02T07:00:00Z
)");
}

TEST(Why, SaysWhatAnEventDid) {
  EXPECT_EQ(printed(R"({"id": "1", "about": "login", "verdict": "event_refused", "complete": true,
                        "story": [{"at": "2026-03-01T09:00:00Z", "what": "event", "subject": "login"},
                                  {"at": "2026-03-01T09:00:00Z", "what": "refused",
                                   "journey": "trial", "subject": "login", "detail": "enrolled"}]})"),
            R"(login let them in nowhere

  2026-03-01T09:00:00Z  event login came
  2026-03-01T09:00:00Z  trial: they were not let in by login: they are inside already
)");
}

TEST(Why, SaysWhatWouldLetThemIn) {
  EXPECT_EQ(printed(R"({"id": "1", "about": "tips", "verdict": "never_entered", "complete": false,
                        "story": [], "entries": [{"journey": "trial", "line": "enter on signup"}]})"),
            R"(tips was not sent: nothing let them in

what would let them in
  trial: enter on signup
)");
}

TEST(Why, SaysWhatIsMissingWhatEndedItAndWhatCameSince) {
  EXPECT_EQ(printed(R"({
    "id": "1", "about": "9f00", "verdict": "skipped", "complete": false,
    "journey": "trial", "enrollment": 2, "campaign": "tips",
    "story": [
      {"at": "2026-03-01T09:00:00Z", "what": "skipped", "subject": "tips", "detail": "no_consent",
       "rule": "they are not subscribed to news"},
      {"at": "2026-03-01T09:00:00Z", "what": "exited", "subject": "wait 1", "detail": "gone",
       "rule": "exit on leave as gone", "place": "trial.journey:4"}],
    "since": {"at": "2026-03-05T09:00:00Z", "what": "refused", "journey": "trial",
              "subject": "signup", "detail": "reenter_never"}})"),
            R"(tips was not sent (journey trial, enrollment 2)

  what came before is no longer in the log
  2026-03-01T09:00:00Z  tips ended unsent: they have not subscribed to it; they are not subscribed to news
  2026-03-01T09:00:00Z  they left as `gone`: exit on leave as gone (trial.journey:4), while at `wait 1`

since then
  2026-03-05T09:00:00Z  trial: they were not let in by signup: they were inside before, and `reenter never` holds
)");
}

}  // namespace
}  // namespace sojourn::app
