#include "app/simulate_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/check_command.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kJourneys = R"(
event signup
event login
message_type news transactional opt_out
campaign welcome email news
campaign tour email news
policy { timezone user.timeZone default "Europe/Berlin" }
journey trial {
  enter on signup
  send welcome
  wait for login up to 3d { send tour }
  split road { 50% a { wait 1d } 50% b { wait 2d } }
}
# Started by the same event; not simulated.
journey other { enter on signup send tour }
)";

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran run(const SimulateOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = simulate(options, out, err);
  return {code, out.str(), err.str()};
}

class SimulateCommand : public ::testing::Test {
 protected:
  SimulateCommand() {
    folder.write("sojourn.toml", "project = \"test\"\n");
    folder.write("all.journey", kJourneys);
    options.journey = "trial";
    options.users = 3000;
    options.days = 40;
    options.project = folder.path();
  }
  TemporaryFolder folder;
  SimulateOptions options;
};

TEST_F(SimulateCommand, TheNumberOfThreadsCannotBeSeen) {
  options.json = true;
  options.jobs = 1;
  const Ran one = run(options);
  EXPECT_EQ(one.code, kClean);
  EXPECT_THAT(one.err, IsEmpty());
  options.jobs = 4;
  EXPECT_EQ(run(options).out, one.out);
  options.seed = 2;
  EXPECT_NE(run(options).out, one.out);
}

TEST_F(SimulateCommand, OnlyTheJourneyIsRun) {
  options.json = true;
  const auto json = nlohmann::json::parse(run(options).out);
  EXPECT_EQ(json["entered"], 3000);
  EXPECT_EQ(json["messages"]["campaigns"][1]["campaign"], "welcome");
  EXPECT_EQ(json["messages"]["campaigns"][1]["planned"], 3000);
}

TEST_F(SimulateCommand, AModelChangesWhatPeopleDo) {
  folder.write("model.toml", "[arrivals]\ndays = 1\n[event.login]\nprobability = 1\n");
  options.model_file = folder.path("model.toml");
  options.json = true;
  const auto json = nlohmann::json::parse(run(options).out);
  EXPECT_EQ(json["steps"][2]["step"], "tour");
  EXPECT_EQ(json["steps"][2]["reached"], 3000);
  folder.write("model.toml", "[event.login]\nprobability = 7\n");
  const Ran wrong = run(options);
  EXPECT_EQ(wrong.code, kCouldNotRun);
  EXPECT_EQ(wrong.out, "null\n");
  EXPECT_THAT(wrong.err, HasSubstr("model.toml:2: `probability` must be a number between 0 and 1"));
  options.model_file = folder.path("nowhere.toml");
  EXPECT_THAT(run(options).err, HasSubstr("cannot read"));
}

TEST_F(SimulateCommand, PeopleEnterWithinTheDaysSimulated) {
  options.days = 1;
  options.json = true;
  EXPECT_EQ(nlohmann::json::parse(run(options).out)["entered"], 3000);
  folder.write("model.toml", "[arrivals]\nshares = [0, 1]\n");
  options.model_file = folder.path("model.toml");
  const Ran nobody = run(options);
  EXPECT_EQ(nobody.code, kCouldNotRun);
  EXPECT_THAT(nobody.err, HasSubstr("nobody enters"));
}

TEST_F(SimulateCommand, ThePageGoesToItsFile) {
  options.html_file = folder.path("page.html");
  EXPECT_EQ(run(options).code, kClean);
  EXPECT_THAT(folder.read("page.html"), HasSubstr("<h1>trial</h1>"));
  options.html_file = folder.path("nowhere/page.html");
  const Ran ran = run(options);
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.err, HasSubstr("cannot write"));
}

TEST_F(SimulateCommand, AnUnknownJourneyAndFaultsAreSaid) {
  options.journey = "trail";
  const Ran unknown = run(options);
  EXPECT_EQ(unknown.code, kCouldNotRun);
  EXPECT_THAT(unknown.err, HasSubstr("trial"));
  options.journey = "trial";
  options.json = true;
  folder.write("bad.journey", "journey bad { enter on signup send welcom }\n");
  const Ran faults = run(options);
  EXPECT_EQ(faults.code, kFindings);
  EXPECT_EQ(faults.out, "null\n");
  EXPECT_THAT(faults.err, HasSubstr("error[J2004]"));
}

}  // namespace
}  // namespace sojourn::app
