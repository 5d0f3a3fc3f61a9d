#include "tests/faults/network.h"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/e2e/process.h"

namespace sojourn::faults {
namespace {

void shell(const std::string& script) {
  const auto log = std::filesystem::temp_directory_path() / fmt::format("faults-net-{}", getpid());
  const e2e::Finished done = e2e::run_to_end({"sh", "-ec", script}, log);
  for (const char* suffix : {".out", ".err"}) std::filesystem::remove(log.string() + suffix);
  EXPECT_EQ(done.code, 0) << script << ": " << done.err;
}

}  // namespace

// 198.18.0.0/15 is set aside for tests of networks: nobody routes it.
Network::Network() : name_(fmt::format("faults{}", getpid())), number_(getpid() % 250 + 1) {
  shell(
      fmt::format("ip netns add {0};"
                  "ip link add {0}a type veth peer name {0}b netns {0};"
                  "ip addr add 198.18.{1}.1/30 dev {0}a; ip link set {0}a up;"
                  "ip -n {0} addr add 198.18.{1}.2/30 dev {0}b; ip -n {0} link set {0}b up",
                  name_, number_));
}

Network::~Network() {
  shell(fmt::format("ip link del {0}a; ip netns del {0}", name_));
}

std::string Network::address() const {
  return fmt::format("198.18.{}.2", number_);
}

void Network::filter(const std::string& words) const {
  shell(fmt::format("ip netns exec {} iptables {}", name_, words));
}

void Network::set_link(bool is_up) const {
  shell(fmt::format("ip -n {0} link set {0}b {1}", name_, is_up ? "up" : "down"));
}

}  // namespace sojourn::faults
