#include "connectors/webhook/public_address.h"

#include <arpa/inet.h>
#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace sojourn::connectors::webhook {
namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) {
  std::array<std::uint8_t, 16> bytes{};
  const bool v6 = text.find(':') != std::string::npos;
  EXPECT_EQ(inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), bytes.data()), 1) << text;
  return {bytes.begin(), bytes.begin() + (v6 ? 16 : 4)};
}

bool is_public(const std::string& text) {
  return webhook::is_public(bytes_of(text));
}

// Every way that we know of to reach what is not the open internet.
const std::vector<std::string> kHostile = {
    // this network, private, shared by carriers
    "0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.1.2.3", "10.255.255.255", "100.64.0.0",
    "100.100.100.200", "100.127.255.255", "172.16.0.0", "172.20.10.1", "172.31.255.255",
    "192.168.0.0", "192.168.1.1", "192.168.255.255",
    // loopback, link-local and the metadata of clouds
    "127.0.0.0", "127.0.0.1", "127.0.1.1", "127.255.255.255", "169.254.0.0", "169.254.169.254",
    "169.254.170.2", "169.254.255.255", "168.63.129.16",
    // assignments, documentation, benchmarks, relays
    "192.0.0.1", "192.0.0.170", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1",
    "192.88.99.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
    // multicast, reserved, broadcast
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.254", "255.255.255.255",
    // the same of IPv6
    "::", "::1", "::2", "fc00::1", "fd00::1", "fd00:ec2::254", "fdff:ffff::1", "fe80::1", "febf::1",
    "fec0::1", "ff02::1", "ff05::2", "ff0e::1", "100::1", "2001::1", "2001:2::1", "2001:10::1",
    "2001:20::1", "2001:1ff::1", "2001:db8::1", "2620:4f:8000::1", "3ffe::1", "3fff::1",
    "3fff:fff::1", "4000::1", "5f00::1", "::ffff:0:127.0.0.1",
    // an IPv4 address within
    "::127.0.0.1", "::10.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::ffff:192.168.1.1", "::ffff:100.64.0.1", "::ffff:0.0.0.0",
    "::ffff:168.63.129.16", "64:ff9b::168.63.129.16", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254", "64:ff9b::224.0.0.1", "64:ff9b:1::127.0.0.1", "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"};

TEST(PublicAddress, NothingThatIsReservedIsPublic) {
  ASSERT_GE(kHostile.size(), 60u);
  for (const std::string& address : kHostile) EXPECT_FALSE(is_public(address)) << address;
}

TEST(PublicAddress, TheEdgesOfWhatIsReservedAre) {
  for (const char* address : {"1.1.1.1",         "8.8.8.8",
                              "9.255.255.255",   "11.0.0.0",
                              "168.63.129.15",   "168.63.129.17",
                              "100.63.255.255",  "100.128.0.0",
                              "126.255.255.255", "128.0.0.0",
                              "169.253.255.255", "169.255.0.0",
                              "172.15.255.255",  "172.32.0.0",
                              "192.0.1.1",       "192.0.3.1",
                              "192.167.255.255", "192.169.0.0",
                              "198.17.255.255",  "198.20.0.0",
                              "198.51.101.1",    "203.0.114.1",
                              "223.255.255.255", "2000::1",
                              "2001:200::1",     "2001:4860:4860::8888",
                              "2003::1",         "2606:4700::1111",
                              "2620:4f:8001::1", "3ffd::1",
                              "3fff:1000::1"}) {
    EXPECT_TRUE(is_public(address)) << address;
  }
}

TEST(PublicAddress, AnIpv4AddressWithinCountsAsWhatItIs) {
  EXPECT_TRUE(is_public("::ffff:8.8.8.8"));
  EXPECT_TRUE(is_public("64:ff9b::8.8.8.8"));
}

TEST(PublicAddress, OtherLengthsAreNoAddress) {
  const std::vector<std::uint8_t> bytes(17, 8);
  for (const std::size_t length : {0, 1, 3, 5, 8, 15, 17}) {
    EXPECT_FALSE(webhook::is_public(std::span(bytes).first(length))) << length;
  }
}

}  // namespace
}  // namespace sojourn::connectors::webhook
