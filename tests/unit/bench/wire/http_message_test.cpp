#include "bench/wire/http_message.h"

#include <gtest/gtest.h>

namespace sojourn::bench {
namespace {

TEST(HttpMessage, ARequestIsReadBackAsWritten) {
  std::string bytes;
  append_request(bytes, "POST", "/api/events/track", "key", R"({"a":1})");
  HttpMessage request;
  ASSERT_EQ(parse_http(bytes, request), Parsed::kComplete);
  EXPECT_EQ(request.first_word, "POST");
  EXPECT_EQ(request.second_word, "/api/events/track");
  EXPECT_EQ(request.body, R"({"a":1})");
  EXPECT_EQ(request.size, bytes.size());
  EXPECT_FALSE(request.close_after);
}

TEST(HttpMessage, EveryProperPrefixIsIncomplete) {
  std::string bytes;
  append_response(bytes, "200 OK", R"({"code":"Success"})");
  HttpMessage response;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(parse_http(bytes.substr(0, size), response), Parsed::kIncomplete) << size;
  }
  ASSERT_EQ(parse_http(bytes, response), Parsed::kComplete);
  EXPECT_EQ(response.second_word, "200");
}

TEST(HttpMessage, TheNextMessageIsLeftAlone) {
  std::string bytes;
  append_request(bytes, "POST", "/first", "key", "one");
  const std::size_t first_size = bytes.size();
  append_request(bytes, "POST", "/second", "key", "two");
  HttpMessage request;
  ASSERT_EQ(parse_http(bytes, request), Parsed::kComplete);
  EXPECT_EQ(request.size, first_size);
  EXPECT_EQ(request.body, "one");
  ASSERT_EQ(parse_http(std::string_view(bytes).substr(first_size), request), Parsed::kComplete);
  EXPECT_EQ(request.second_word, "/second");
}

TEST(HttpMessage, HeadersAreReadInAnyCase) {
  HttpMessage response;
  ASSERT_EQ(parse_http("HTTP/1.1 429 Too Many Requests\r\nRETRY-AFTER: 7\r\nconnection: Close\r\n"
                       "content-length: 2\r\n\r\n{}",
                       response),
            Parsed::kComplete);
  EXPECT_EQ(response.second_word, "429");
  EXPECT_EQ(response.retry_after_seconds, 7);
  EXPECT_TRUE(response.close_after);
  EXPECT_EQ(response.body, "{}");
}

TEST(HttpMessage, WhatCannotBeFramedIsMalformed) {
  HttpMessage out;
  EXPECT_EQ(parse_http("nonsense\r\n\r\n", out), Parsed::kMalformed);
  EXPECT_EQ(parse_http("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", out), Parsed::kMalformed);
  EXPECT_EQ(parse_http("POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", out),
            Parsed::kMalformed);
  EXPECT_EQ(parse_http("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", out),
            Parsed::kMalformed);
  EXPECT_EQ(parse_http(std::string(kMaxHeadBytes + 1, 'x'), out), Parsed::kMalformed);
}

}  // namespace
}  // namespace sojourn::bench
