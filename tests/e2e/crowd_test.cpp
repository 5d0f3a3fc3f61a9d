// Ten thousand connections that say nothing, or little and slowly, to the real daemon: who asks for
// its health meanwhile is answered each time, and so is a sender. How long that took is printed,
// and judged only where SOJOURN_CROWD_BAR_MS says by what: it depends on the machine's load.

#include "tests/e2e/crowd.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

constexpr std::size_t kMany = 10'000;
constexpr std::size_t kOfOurs = 200;  // descriptors that are no connections of the crowd
constexpr int kProbes = 200;
constexpr std::int64_t kUsualLimit = 1'024;  // [intake] max_connections

struct Kind {
  const char* name;
  std::string says;
  std::string limit;  // a line under [intake]
};

class CrowdTest : public WelcomeTest, public testing::WithParamInterface<Kind> {};

std::int64_t displaced_by(Daemon& daemon) {
  constexpr std::string_view kName = "\nsojourn_http_displaced_connections_total ";
  const std::string metrics = daemon.http().get("/metrics").body;
  const std::size_t at = metrics.find(kName);
  return at == std::string::npos ? -1 : std::stoll(metrics.substr(at + kName.size()));
}

TEST_P(CrowdTest, KeepsNobodyOut) {
  const std::size_t count = std::min(kMany, raise_files(kMany + kOfOurs) - kOfOurs);
  ProjectSettings settings;
  settings.intake = GetParam().limit;
  configure(settings);
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0);
  Crowd crowd(daemon.port(), GetParam().says);
  while (crowd.size() < count) ASSERT_TRUE(crowd.grow()) << crowd.size();

  const Probes probes = probe_health(daemon.port(), crowd, kProbes);
  EXPECT_EQ(probes.failures, 0);
  fmt::print("crowd {}: {} connections, {} probes: p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n",
             GetParam().name, crowd.size(), kProbes, probes.at(0.5), probes.at(0.99), probes.at(1));
  if (const char* bar = std::getenv("SOJOURN_CROWD_BAR_MS")) {
    EXPECT_LT(probes.at(1), std::strtod(bar, nullptr));
  }
  const std::int64_t displaced = displaced_by(daemon);
  if (GetParam().limit.empty()) {
    EXPECT_GE(displaced, static_cast<std::int64_t>(count) - kUsualLimit);
  } else {
    EXPECT_EQ(displaced, 0) << "there was room for all of them";
  }
  EXPECT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
}

const std::string kSlowHead = "GET /api/events/track HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
const std::string kSlowBody = fmt::format(
    "POST /api/events/track HTTP/1.1\r\nHost: localhost\r\nApi-Key: {}\r\n"
    "Content-Length: 100000\r\n\r\n{{",
    Project::kIntakeKey);
constexpr const char* kRoomForAll = "max_connections = 20000";

INSTANTIATE_TEST_SUITE_P(
    Kinds, CrowdTest,
    testing::Values(Kind{"silent_beyond_the_limit", "", ""},
                    Kind{"silent_within_the_limit", "", kRoomForAll},
                    Kind{"slow_heads_beyond_the_limit", kSlowHead, ""},
                    Kind{"slow_heads_within_the_limit", kSlowHead, kRoomForAll},
                    Kind{"slow_bodies_within_the_limit", kSlowBody, kRoomForAll}),
    [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace sojourn::e2e
