// Transcripts: a heading, the bytes sent on a fresh connection, what came back. A
// refused request must end the connection, so that nothing behind it is obeyed: most
// hostile cases below smuggle `GET /admin` as a second request.
#include <gtest/gtest.h>

#include "tests/unit/runtime/uv/harness.h"

namespace sojourn::uv {
namespace {

using std::string_literals::operator""s;

struct Transcript {
  const char* heading;
  std::string sent;
  std::string received;  // see summary()
};

const std::string kSmuggled = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";

HttpServerOptions small_limits() {
  HttpServerOptions options;
  options.max_head_bytes = 1024;
  options.max_headers = 8;
  options.max_body_bytes = 100;
  return options;
}

void play(const std::vector<Transcript>& transcripts) {
  TestServer server(small_limits());
  for (const Transcript& transcript : transcripts) {
    SCOPED_TRACE(transcript.heading);
    Peer peer(server.port());
    peer.send(transcript.sent);
    const bool refused = transcript.received.find("| 4") != std::string::npos ||
                         transcript.received.find("| 5") != std::string::npos ||
                         transcript.received[0] == '4' || transcript.received[0] == '5';
    // A refusal must close the connection by itself, and not wait for the peer.
    if (!refused) peer.half_close();
    EXPECT_EQ(summary(peer.read_all()), transcript.received);
  }
}

TEST(HttpServerStrictness, TakesWhatIsClear) {
  play({
      {"a plain GET", "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET /healthz []"},
      {"a query", "GET /a/b?c=d&e=%20 HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET /a/b?c=d&e=%20 []"},
      {"a body with a length", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
       "200 POST /x [hello]"},
      {"an empty body", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
       "200 POST /x []"},
      {"a body in chunks",
       "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
       "3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\n\r\n",
       "200 POST /x [hello]"},
      {"header names in any case", "POST /x HTTP/1.1\r\nhOST: a\r\ncontent-LENGTH: 2\r\n\r\nhi",
       "200 POST /x [hi]"},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", "200 GET / []"},
      {"an offer to upgrade, ignored",
       "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
       "HTTP2-Settings: AAMAAABk\r\n\r\n" +
           kSmuggled,
       "200 GET / [] | 200 GET /admin []"},
      {"an empty line before the request (RFC 9112, 2.2)", "\r\n" + kSmuggled, "200 GET /admin []"},
      {"a header with an empty value", "GET / HTTP/1.1\r\nHost:\r\nX:\r\n\r\n", "200 GET / []"},
      {"a body of exactly the limit",
       "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'y'),
       "200 POST /x [" + std::string(100, 'y') + "]"},
      {"nothing after Connection: close",
       "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + kSmuggled, "200 GET / []"},
  });
}

TEST(HttpServerStrictness, RefusesLinesWithDoubtfulEnds) {
  play({
      {"CVE-2023-30589: a lone CR that would begin a header",
       "POST / HTTP/1.1\r\nHost: a\r\nX-Abc: \rxTransfer-Encoding: chunked\r\n\r\n"
       "1\r\nA\r\n0\r\n\r\n" +
           kSmuggled,
       "400 CR without LF"},
      {"a lone CR inside a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n" + kSmuggled,
       "400 CR without LF"},
      {"a lone LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n" + kSmuggled,
       "400 LF without CR"},
      {"lone LFs everywhere", "GET / HTTP/1.1\nHost: a\n\n" + kSmuggled, "400 LF without CR"},
      {"a lone LF before the empty line", "GET / HTTP/1.1\r\nHost: a\n\r\n" + kSmuggled,
       "400 LF without CR"},
      {"two CRs", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n" + kSmuggled, "400 CR without LF"},
      {"a folded header", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n" + kSmuggled,
       "400 header line that continues another"},
      {"a folded Transfer-Encoding",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n" + kSmuggled,
       "400 header line that continues another"},
      {"NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"s + kSmuggled,
       "400 NUL byte in the head"},
      {"NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"s + kSmuggled,
       "400 NUL byte in the head"},
      {"NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\0Y: b\r\n\r\n"s + kSmuggled,
       "400 NUL byte in the head"},
      {"a header folded with a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n" + kSmuggled,
       "400 header line that continues another"},
      {"a folded Host", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n" + kSmuggled,
       "400 header line that continues another"},
      {"the second of two heads is guarded too",
       "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nX: \ry\r\n\r\n",
       "200 GET /1 [] | 400 CR without LF"},
  });
}

TEST(HttpServerStrictness, RefusesDoubtfulFraming) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  play({
      {"a length and chunks",
       post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + kSmuggled,
       "400 the head is malformed"},
      {"chunks and a length",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + kSmuggled,
       "400 the head is malformed"},
      {"two lengths", post + "Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello" + kSmuggled,
       "400 the head is malformed"},
      {"two equal lengths",
       post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + kSmuggled,
       "400 the head is malformed"},
      {"a list of lengths", post + "Content-Length: 5, 5\r\n\r\nhello" + kSmuggled,
       "400 the head is malformed"},
      {"a signed length", post + "Content-Length: +5\r\n\r\nhello" + kSmuggled,
       "400 the head is malformed"},
      {"a negative length", post + "Content-Length: -5\r\n\r\n" + kSmuggled,
       "400 the head is malformed"},
      {"a hexadecimal length", post + "Content-Length: 0x5\r\n\r\nhello" + kSmuggled,
       "400 the head is malformed"},
      {"two numbers as a length", post + "Content-Length: 5 5\r\n\r\nhello" + kSmuggled,
       "400 the head is malformed"},
      {"an empty length", post + "Content-Length: \r\n\r\n" + kSmuggled,
       "400 the head is malformed"},
      {"a length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n" + kSmuggled,
       "400 the head is malformed"},
      {"a space before the colon", post + "Content-Length : 5\r\n\r\nhello" + kSmuggled,
       "400 the head is malformed"},
      {"CVE-2022-32213: an encoding that is not quite chunked",
       post + "Transfer-Encoding: chunkedchunked\r\n\r\n0\r\n\r\n" + kSmuggled,
       "400 a Transfer-Encoding other than chunked"},
      {"an encoding before chunked",
       post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + kSmuggled,
       "400 a Transfer-Encoding other than chunked"},
      {"an encoding after chunked",
       post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" + kSmuggled,
       "400 the head is malformed"},
      {"chunked twice",
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
           kSmuggled,
       "400 the head is malformed"},
      {"an unknown encoding", post + "Transfer-Encoding: identity\r\n\r\n" + kSmuggled,
       "400 a Transfer-Encoding other than chunked"},
      {"an empty encoding", post + "Transfer-Encoding:\r\n\r\n" + kSmuggled,
       "400 a Transfer-Encoding other than chunked"},
      {"a vertical tab before chunked",
       post +
           "Transfer-Encoding: \x0b"
           "chunked\r\n\r\n0\r\n\r\n" +
           kSmuggled,
       "400 the head is malformed"},
      {"chunks in HTTP/1.0",
       "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + kSmuggled,
       "400 a Transfer-Encoding other than chunked"},
  });
}

TEST(HttpServerStrictness, RefusesDoubtfulChunks) {
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string malformed = "400 the body is malformed";
  play({
      {"a space after the size", chunked + "5 \r\nhello\r\n0\r\n\r\n" + kSmuggled, malformed},
      {"a space before the size", chunked + " 5\r\nhello\r\n0\r\n\r\n" + kSmuggled, malformed},
      {"a size in another base", chunked + "0x5\r\nhello\r\n0\r\n\r\n" + kSmuggled, malformed},
      {"a negative size", chunked + "-1\r\nhello\r\n0\r\n\r\n" + kSmuggled, malformed},
      {"no size", chunked + "\r\nhello\r\n0\r\n\r\n" + kSmuggled, malformed},
      {"a size beyond 64 bits", chunked + "fffffffffffffffff\r\nhello\r\n" + kSmuggled, malformed},
      {"a lone LF after the size", chunked + "5\nhello\r\n0\r\n\r\n" + kSmuggled, malformed},
      {"a lone CR after the size", chunked + "5\rhello\r\n0\r\n\r\n" + kSmuggled, malformed},
      {"a lone LF after the data", chunked + "5\r\nhello\n0\r\n\r\n" + kSmuggled, malformed},
      {"more data than the size", chunked + "5\r\nhelloX\r\n0\r\n\r\n" + kSmuggled, malformed},
      {"a lone LF in an extension", chunked + "5;a\nb\r\nhello\r\n0\r\n\r\n" + kSmuggled,
       malformed},
      {"a lone CR in an extension", chunked + "5;a\rb\r\nhello\r\n0\r\n\r\n" + kSmuggled,
       malformed},
      {"trailers", chunked + "5\r\nhello\r\n0\r\nHost: b\r\n\r\n" + kSmuggled,
       "400 trailers are not accepted"},
      {"a lone LF at the end", chunked + "0\r\n\n" + kSmuggled, "400 LF without CR"},
  });
}

TEST(HttpServerStrictness, RefusesDoubtfulRequestLinesAndHeaders) {
  play({
      {"HTTP/0.9", "GET /\r\n\r\n" + kSmuggled, "505 the HTTP version is not supported"},
      {"HTTP/9.9", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", "505 the HTTP version is not supported"},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505 the HTTP version is not supported"},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "505 the HTTP version is not supported"},
      {"a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n" + kSmuggled,
       "400 the head is malformed"},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 the head is malformed"},
      {"no Host", "GET / HTTP/1.1\r\n\r\n" + kSmuggled, "400 no Host header"},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n" + kSmuggled,
       "400 more than one Host header"},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
       "400 more than one Host header"},
      {"two blanks before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n" + kSmuggled,
       "400 a request line with more than two blanks"},
      {"two blanks before the target", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n" + kSmuggled,
       "400 a request line with more than two blanks"},
      {"a whole URL as the target", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
       "400 the request target is not a path"},
      {"a star as the target", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
       "400 the request target is not a path"},
      {"CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n" + kSmuggled,
       "501 the method is not supported"},
      {"an unusual method", "PURGE / HTTP/1.1\r\nHost: a\r\n\r\n",
       "501 the method is not supported"},
      {"an unknown method", "FETCH / HTTP/1.1\r\nHost: a\r\n\r\n", "400 the head is malformed"},
      {"a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "400 the head is malformed"},
      {"a byte beyond ASCII in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
       "400 the head is malformed"},
      {"a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", "400 the head is malformed"},
      {"a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
       "400 the head is malformed"},
      {"a tab before the colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n" + kSmuggled,
       "400 the head is malformed"},
      {"a byte beyond ASCII in a header's name", "GET / HTTP/1.1\r\nHost: a\r\nX\xe9: b\r\n\r\n",
       "400 the head is malformed"},
      {"a Host without a value beside another",
       "GET / HTTP/1.1\r\nHost:\r\nhost: a\r\n\r\n" + kSmuggled, "400 more than one Host header"},
      {"a header without a colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
       "400 the head is malformed"},
      {"a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
       "400 a header without a name"},
      {"a space in a header's name", "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n",
       "400 the head is malformed"},
      {"a control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
       "400 the head is malformed"},
      {"a space before the first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
       "400 header line that continues another"},
      {"an empty head", "\r\n\r\n" + kSmuggled, "400 the head is malformed"},
      {"a greeting of TLS", "\x16\x03\x01\x02\n\r\n\r\n", "400 LF without CR"},
  });
}

TEST(HttpServerStrictness, RefusesWhatIsOverItsLimit) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  std::string headers;
  for (int i = 0; i < 8; ++i) headers += "X: y\r\n";
  play({
      {"a head that never ends", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x'),
       "431 the head is too large"},
      {"nine headers", "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n", "431 too many headers"},
      {"an announced body over the limit", post + "Content-Length: 101\r\n\r\n",
       "413 the body is too large"},
      {"chunks that add up to too much",
       post + "Transfer-Encoding: chunked\r\n\r\n40\r\n" + std::string(64, 'x') + "\r\n40\r\n" +
           std::string(64, 'x') + "\r\n0\r\n\r\n",
       "413 the body is too large"},
      {"an endless chunk extension",
       post + "Transfer-Encoding: chunked\r\n\r\n1;a=" + std::string(70'000, 'x'),
       "413 the body's framing is too large"},
  });
}

}  // namespace
}  // namespace sojourn::uv
