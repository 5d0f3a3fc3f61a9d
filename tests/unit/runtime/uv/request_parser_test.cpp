#include "runtime/uv/request_parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sojourn::uv {
namespace {

constexpr RequestLimits kLimits{1024, 16, 1000};

// What a parser makes of bytes that arrive in these pieces, one line for each
// request, a refusal or the phase it is left in as the last line.
std::string parsed(const std::vector<std::string_view>& pieces) {
  RequestParser parser(kLimits);
  std::string out;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const RequestParser::Progress progress = parser.feed(piece);
      if (progress == RequestParser::Progress::kRefused) {
        return out + fmt::format("{} {}\n", parser.refusal().status, parser.refusal().reason);
      }
      if (progress == RequestParser::Progress::kNeedsMore) continue;
      const HttpRequest& request = parser.request();
      out += fmt::format("{} {} ?{} x={} [{}]{}\n", request.method(), request.path(),
                         request.query(), request.header("x").value_or("none"), request.body(),
                         parser.keep_alive() ? "" : " close");
      parser.next();
    }
  }
  constexpr const char* kPhases[] = {"idle", "in a head", "in a body"};
  return out + kPhases[static_cast<int>(parser.phase())] + "\n";
}

const std::string kConversation =
    "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX:  y \r\nContent-Length: 5\r\n\r\nhello"
    "GET /d HTTP/1.1\r\nHost: h\r\n\r\n"
    "PUT /e? HTTP/1.1\r\nx: 1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
    "3\r\nabc\r\nA;q=\"r\"\r\n0123456789\r\n0\r\n\r\n"
    "DELETE /f HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

const std::string kUnderstood =
    "POST /a ?b=c x=y [hello]\n"
    "GET /d ? x=none []\n"
    "PUT /e ? x=1 [abc0123456789]\n"
    "DELETE /f ? x=none [] close\n"
    "idle\n";

TEST(RequestParser, ReadsPipelinedRequests) {
  EXPECT_EQ(parsed({kConversation}), kUnderstood);
}

TEST(RequestParser, DoesNotCareWhereTheBytesAreCut) {
  const std::string_view all = kConversation;
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    EXPECT_EQ(parsed({all.substr(0, cut), all.substr(cut)}), kUnderstood) << "cut at " << cut;
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < all.size(); ++i) bytes.push_back(all.substr(i, 1));
  EXPECT_EQ(parsed(bytes), kUnderstood);
}

TEST(RequestParser, RefusesTheSameWhereverTheBytesAreCut) {
  const std::string requests[] = {
      "GET / HTTP/1.1\r\nHost: h\r\nX: \rContent-Length: 3\r\n\r\nabc",
      "GET / HTTP/1.1\nHost: h\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nword\r\n",
  };
  for (const std::string_view all : requests) {
    const std::string whole = parsed({all});
    EXPECT_EQ(whole.substr(0, 4), "400 ") << all;
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
      EXPECT_EQ(parsed({all.substr(0, cut), all.substr(cut)}), whole) << all << cut;
    }
  }
}

TEST(RequestParser, KnowsHowFarItIs) {
  EXPECT_EQ(parsed({""}), "idle\n");
  EXPECT_EQ(parsed({"GET / HT"}), "in a head\n");
  EXPECT_EQ(parsed({"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na"}), "in a body\n");
}

TEST(RequestParser, KeepsARequestThatWasMovedAway) {
  RequestParser parser(kLimits);
  std::string_view bytes = kConversation;
  ASSERT_EQ(parser.feed(bytes), RequestParser::Progress::kComplete);
  const HttpRequest kept = std::move(parser.request());
  parser.next();
  ASSERT_EQ(parser.feed(bytes), RequestParser::Progress::kComplete);
  EXPECT_EQ(kept.path(), "/a");
  EXPECT_EQ(kept.header("X"), "y");
  EXPECT_EQ(kept.body(), "hello");
  EXPECT_GE(kept.body().capacity(), kept.body().size() + HttpRequest::kBodyPadding);
  EXPECT_EQ(parser.request().path(), "/d");
}

TEST(RequestParser, SeesTheWishForContinueOnlyIn1_1) {
  for (const bool is_1_0 : {false, true}) {
    const std::string head = fmt::format(
        "POST / HTTP/1.{}\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n",
        is_1_0 ? 0 : 1);
    RequestParser parser(kLimits);
    std::string_view bytes = head;
    EXPECT_EQ(parser.feed(bytes), RequestParser::Progress::kNeedsMore);
    EXPECT_EQ(parser.expects_continue(), !is_1_0);
    EXPECT_EQ(parser.is_http_1_0(), is_1_0);
  }
}

TEST(RequestParser, CountsHeadersOfOneName) {
  RequestParser parser(kLimits);
  std::string_view bytes = "GET / HTTP/1.1\r\nHost: h\r\nApi-Key: a\r\nAPI-KEY: b\r\n\r\n";
  ASSERT_EQ(parser.feed(bytes), RequestParser::Progress::kComplete);
  EXPECT_EQ(parser.request().header_count("api-key"), 2u);
  EXPECT_EQ(parser.request().header("api-key"), "a");
}

}  // namespace
}  // namespace sojourn::uv
