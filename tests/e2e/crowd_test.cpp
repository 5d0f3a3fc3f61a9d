// Ten thousand connections that say nothing, or little and slowly, to the real daemon: who asks for
// its health meanwhile is answered each time, and so is a sender. How long that took is printed,
// and judged only where SOJOURN_CROWD_BAR_MS says by what: it depends on the machine's load.

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

constexpr rlim_t kOfOurs = 200;  // descriptors that are no connections of the crowd
constexpr int kProbes = 200;
constexpr std::int64_t kUsualLimit = 1'024;  // [intake] max_connections

// As many descriptors as the system lets us have, up to `wanted`; how many there are.
rlim_t raise_files(rlim_t wanted) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  rlimit more{std::max(files.rlim_cur, wanted), std::max(files.rlim_max, wanted)};
  if (setrlimit(RLIMIT_NOFILE, &more) != 0) {
    more = {files.rlim_max, files.rlim_max};
    setrlimit(RLIMIT_NOFILE, &more);
  }
  getrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur;
}

class Crowd {
 public:
  explicit Crowd(int port) {
    address_.sin_family = AF_INET;
    address_.sin_port = htons(static_cast<std::uint16_t>(port));
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  ~Crowd() {
    for (const int peer : peers_) close(peer);
  }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // False when the system has no more.
  bool grow(const std::string& says) {
    const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer < 0) return false;
    peers_.push_back(peer);
    if (connect(peer, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0) {
      return false;
    }
    say(peer, says);
    return true;
  }
  // One more byte of each `every`-th; those who were thrown out are not heard any more.
  void drip(std::size_t from, std::size_t every) {
    for (std::size_t i = from; i < peers_.size(); i += every) say(peers_[i], "x");
  }
  std::size_t size() const { return peers_.size(); }

 private:
  static void say(int peer, const std::string& text) {
    if (!text.empty()) send(peer, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  sockaddr_in address_{};
  std::vector<int> peers_;
};

struct Kind {
  const char* name;
  std::string says;
  std::string limit;  // a line under [intake]
};

class CrowdTest : public WelcomeTest, public testing::WithParamInterface<Kind> {
 protected:
  // The milliseconds of each probe, in order of their size. Each has a connection of its own.
  std::vector<double> probe(Daemon& daemon, Crowd& crowd) {
    std::vector<double> took;
    for (int i = 0; i < kProbes; ++i) {
      if (!GetParam().says.empty()) crowd.drip(static_cast<std::size_t>(i) % 20, 20);
      const auto begin = std::chrono::steady_clock::now();
      Http http(daemon.port());
      EXPECT_EQ(http.get("/healthz").status, 200) << i;
      const auto end = std::chrono::steady_clock::now();
      took.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
    }
    std::ranges::sort(took);
    return took;
  }
};

std::int64_t displaced_by(Daemon& daemon) {
  constexpr std::string_view kName = "\nsojourn_http_displaced_connections_total ";
  const std::string metrics = daemon.http().get("/metrics").body;
  const std::size_t at = metrics.find(kName);
  return at == std::string::npos ? -1 : std::stoll(metrics.substr(at + kName.size()));
}

TEST_P(CrowdTest, KeepsNobodyOut) {
  const rlim_t files = raise_files(10'000 + kOfOurs);
  const auto count = static_cast<std::size_t>(std::min<rlim_t>(10'000, files - kOfOurs));
  ProjectSettings settings;
  settings.intake = GetParam().limit;
  configure(settings);
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0);
  Crowd crowd(daemon.port());
  while (crowd.size() < count) ASSERT_TRUE(crowd.grow(GetParam().says)) << crowd.size();

  const std::vector<double> took = probe(daemon, crowd);
  fmt::print("crowd {}: {} connections, {} probes: p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n",
             GetParam().name, crowd.size(), took.size(), took[took.size() / 2],
             took[took.size() * 99 / 100], took.back());
  if (const char* bar = std::getenv("SOJOURN_CROWD_BAR_MS")) {
    EXPECT_LT(took.back(), std::strtod(bar, nullptr));
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
const std::string kSlowBody =
    "POST /api/events/track HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{";
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
