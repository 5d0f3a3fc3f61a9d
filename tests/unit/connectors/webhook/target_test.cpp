#include "connectors/webhook/target.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace sojourn::connectors::webhook {
namespace {

std::string authority(const std::string& url) {
  const auto target = parse_target(url);
  return target ? target->authority() : "refused";
}

TEST(WebhookTarget, HasTheHostInOneFormAndThePortOfTheScheme) {
  EXPECT_EQ(authority("https://scores.example.com/one"), "scores.example.com:443");
  EXPECT_EQ(authority("https://Scores.Example.COM"), "scores.example.com:443");
  EXPECT_EQ(authority("https://scores.example.com:8443/one?x=1"), "scores.example.com:8443");
  EXPECT_EQ(authority("http://127.0.0.1:8080/"), "127.0.0.1:8080");
  EXPECT_EQ(authority("http://localhost/"), "localhost:80");
  EXPECT_EQ(authority("https://[2001:DB8::1]:99/x"), "[2001:db8::1]:99");
  EXPECT_EQ(authority("https://scores.example.com?q=/@evil"), "scores.example.com:443");
  EXPECT_TRUE(parse_target("https://a.example")->https);
  EXPECT_FALSE(parse_target("http://a.example")->https);
}

// Texts out of which two readers could take two hosts.
TEST(WebhookTarget, WhatCanBeReadInTwoWaysIsRefused) {
  const std::vector<std::string> forms{"",
                                       "scores.example.com",
                                       "//scores.example.com/",
                                       "ftp://scores.example.com/",
                                       "HTTPS://scores.example.com/",
                                       "https:///one",
                                       "https://",
                                       "https://@evil.example/",
                                       "https://scores.example.com@evil.example/",
                                       "https://user:key@scores.example.com/",
                                       "https://scores.example.com\\@evil.example/",
                                       "https://scores.example.com/#one",
                                       "https://scores.example.com#@evil.example/",
                                       "https://scores.example.com/\r\nHost: x",
                                       "https://scores.example.com /",
                                       "https://scores example.com/",
                                       "https://scores_x.example/",
                                       "https://.example.com/",
                                       "https://example..com/",
                                       "https://example.com./",
                                       "https://-x.example/",
                                       "https://x-.example/",
                                       "https://ex%61mple.com/",
                                       "https://b\xc3\xbc"
                                       "cher.example/",
                                       "https://example.com:/",
                                       "https://example.com:0/",
                                       "https://example.com:65536/",
                                       "https://example.com:+1/",
                                       "https://example.com:1x/",
                                       "https://example.com:80:80/",
                                       "https://[::1/",
                                       "https://[::1]x/",
                                       "https://[]/",
                                       "https://[fe80::1%25eth0]/",
                                       "https://::1/",
                                       "https://127.1/",
                                       "https://2130706433/",
                                       "https://0x7f000001/",
                                       "https://0x7f.0.0.1/",
                                       "https://0177.0.0.1/",
                                       "https://127.0.0.01/",
                                       "https://127.0.0.256/",
                                       "https://127.0.0.1.1/",
                                       "https://1.2.3/",
                                       "https://example.com.1/",
                                       "https://0x7f000001.1/",
                                       "https://017700000001/",
                                       "https://127.0.1/",
                                       "https://127.0x0.0.1/",
                                       "https://127.0.0.1./",
                                       "https://127..0.0.1/",
                                       "https://0/",
                                       "https://169.254.169.0376/",
                                       "https://0xa9fea9fe/",
                                       "https://2852039166/",
                                       "https://[::ffff:7f00:1%lo]/",
                                       "https://[v1.127.0.0.1]/",
                                       "https://[::1]:443:443/",
                                       "https://[localhost]/",
                                       "https://127.0.0.1%00.example.com/",
                                       "https://127.0.0.1%2f@example.com/",
                                       "https://127\xe3\x80\x82"
                                       "0\xe3\x80\x82"
                                       "0\xe3\x80\x82"
                                       "1/",
                                       "https://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1/",
                                       "https://\xe2\x91\xa0"
                                       "27.0.0.1/",
                                       "https://loc\xc2\xad"
                                       "alhost/",
                                       "https://evil.example;scores.example.com/",
                                       "https://scores.example.com,evil.example/",
                                       "https://scores.example.com\t.evil.example/",
                                       "https://scores.example.com:443@evil.example/",
                                       "https://a:b@c:d@evil.example/",
                                       "https:\\\\scores.example.com/",
                                       "https:scores.example.com/",
                                       "https:/scores.example.com/",
                                       "file:///etc/passwd",
                                       "gopher://127.0.0.1:25/",
                                       " https://scores.example.com/"};
  ASSERT_GE(forms.size(), 60U);
  for (const std::string& url : forms) EXPECT_EQ(authority(url), "refused") << url;
}

TEST(WebhookTarget, KnowsThisMachine) {
  for (const char* url :
       {"http://localhost:1/", "http://127.0.0.1/", "http://127.8.9.1:80/", "http://[::1]:8080/"}) {
    EXPECT_TRUE(is_loopback(*parse_target(url))) << url;
  }
  for (const char* url : {"https://localhost.example.com/", "https://127.example.com/",
                          "https://10.0.0.1/", "https://[::2]/"}) {
    EXPECT_FALSE(is_loopback(*parse_target(url))) << url;
  }
}

}  // namespace
}  // namespace sojourn::connectors::webhook
