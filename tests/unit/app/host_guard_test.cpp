#include "app/host_guard.h"

#include <gtest/gtest.h>

#include "tests/unit/app/request_text.h"

namespace sojourn::app {
namespace {

int status(const HostGuard& guard, const std::string& headers) {
  const auto refusal = guard.doubt(request_of("GET /metrics HTTP/1.1\n" + headers));
  return refusal ? refusal->status : 200;
}
int of_host(const std::string& host, const std::vector<std::string>& hosts = {}) {
  return status(HostGuard(hosts), "Host: " + host + "\n");
}

TEST(HostGuard, KnowsAddressesLocalhostAndTheNamesItWasGiven) {
  for (const char* host :
       {"localhost", "localhost:8080", "LocalHost", "localhost.", "127.0.0.1", "127.0.0.1:8080",
        "10.1.2.3", "[::1]", "[::1]:8080", "[2001:db8::1]:80"}) {
    EXPECT_EQ(of_host(host), 200) << host;
  }
  EXPECT_EQ(of_host("events.example.com", {"Events.Example.com"}), 200);
  EXPECT_EQ(of_host("EVENTS.example.com.:443", {"events.example.com"}), 200);
  EXPECT_EQ(of_host("anything.example.net", {"*"}), 200);
}

// A page whose name was bound to 127.0.0.1 asks under that name.
TEST(HostGuard, RefusesNamesThatSomebodyElseMayBindToOurAddress) {
  for (const char* host : {"rebound.example.net",
                           "rebound.example.net:8080",
                           "localhost.example.net",
                           "127.0.0.1.example.net",
                           "127.0.0.1.nip.io",
                           "localhost:8080:8080",
                           "localhost:http",
                           "127.1",
                           "2130706433",
                           "0x7f000001",
                           "0177.0.0.1",
                           "[::1",
                           "[::1].example.net",
                           "::1",
                           "[localhost]",
                           "user@localhost",
                           "localhost/",
                           "localhost,rebound.example.net",
                           "",
                           ":8080",
                           ".",
                           "*"}) {
    EXPECT_EQ(of_host(host), 421) << host;
  }
  EXPECT_EQ(of_host("www.events.example.com", {"events.example.com"}), 421);
  EXPECT_EQ(of_host("example.com", {"events.example.com"}), 421);
  const auto without = HostGuard({}).doubt(request_of("GET /metrics HTTP/1.0\n"));
  EXPECT_TRUE(without.has_value()) << "HTTP/1.0 may leave Host out";
}

TEST(HostGuard, RefusesWhatAPageInABrowserSends) {
  const HostGuard guard({"*"});
  EXPECT_EQ(status(guard, "Host: localhost\nOrigin: https://example.net\n"), 403);
  EXPECT_EQ(status(guard, "Host: localhost\nOrigin: null\n"), 403);
  EXPECT_EQ(status(guard, "Host: localhost\nOrigin: http://localhost\n"), 403);
  EXPECT_EQ(status(guard, "Host: localhost\nSec-Fetch-Site: cross-site\n"), 403);
  EXPECT_EQ(status(guard, "Host: localhost\nSec-Fetch-Site: same-site\n"), 403);
  EXPECT_EQ(status(guard, "Host: localhost\nSec-Fetch-Site: none\n"), 200)
      << "somebody typed the address";
}

TEST(HostGuard, KnowsWhichListenersOthersCannotReach) {
  for (const char* host : {"localhost", "127.0.0.1", "127.8.9.1", "::1"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "192.168.1.1", "127.example.com", "",
                           "localhost.example.com", "::ffff:127.0.0.1"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace sojourn::app
