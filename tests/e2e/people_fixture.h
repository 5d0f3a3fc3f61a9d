// A sandbox and a project whose journeys a test writes, with a catalog that they share. Daemons
// come and go; what people have received is asked of the sandbox.
#pragma once

#include <csignal>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/project.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {

class PeopleTest : public testing::Test {
 protected:
  // 1 March 2026 is a Sunday.
  static constexpr const char* kBegin = "2026-03-01T09:00:00Z";

  PeopleTest();

  // Begins with this program. `policy`: more of its lines.
  void begin(std::string_view journeys, std::string_view policy = {});
  // SIGKILL, and another daemon on the same files; the clock stands where it stood, or at `at`.
  void kill_and_restart(const std::string& at = {});

  // Somebody is called by the first part of their email.
  void track(const std::string& who, const std::string& event, const Json& fields = Json::object(),
             const std::string& id = {});
  // An event that happened at another time.
  void track_of(const std::string& who, const std::string& event, const Json& fields,
                const std::string& created_at, const std::string& id = {});
  void update(const std::string& who, const Json& fields);
  void until(const std::string& instant) { daemon->run_until(instant); }
  void settle() { ASSERT_TRUE(daemon->settle()); }

  // The campaigns whose messages somebody has received, in order.
  std::vector<int> received(const std::string& who);
  std::size_t received_by_all() { return sandbox.messages().size(); }
  // Their log: "refused once reenter_never".
  std::vector<std::string> log(const std::string& who) const;
  // One of the counts of a journey, as `sojourn status` has them: `entered`, `refused`. Null
  // when nothing has happened to be counted.
  Json status_of(const std::string& journey, const std::string& what) const;
  // Every message came once.
  void expect_no_repeats() { EXPECT_EQ(sandbox.summary().at("repeats"), 0); }

  Project project;
  Sandbox sandbox{project.folder()};
  std::unique_ptr<Daemon> daemon;

 private:
  int lives_ = 0;
};

}  // namespace sojourn::e2e
