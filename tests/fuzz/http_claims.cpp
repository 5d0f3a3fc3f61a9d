#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "runtime/uv/request_parser.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/strict_http.h"

namespace sojourn::fuzz {
namespace {

// Small, so that short inputs come to them.
constexpr uv::RequestLimits kLimits{512, 8, 300};
constexpr int kRandomCuts = 3;
// Whose values are compared.
constexpr auto kNames = std::to_array<const char*>(
    {"host", "content-length", "transfer-encoding", "connection", "expect", "content-type",
     "content-encoding", "authorization", "api-key", "api_key", "origin", "x"});

std::string described(uv::RequestParser& parser) {
  const uv::HttpRequest& request = parser.request();
  std::string out =
      fmt::format("{} {} ?{} {}{}{}", request.method(), request.path(), request.query(),
                  parser.keep_alive() ? "keep " : "", parser.is_http_1_0() ? "1.0 " : "",
                  parser.expects_continue() ? "continue " : "");
  for (const char* name : kNames) {
    out += fmt::format("{}*{}={} ", request.header_count(name), name,
                       request.header(name).value_or("-"));
  }
  return out + request.body();
}

// The request that stands between two places of the input, as both readers see it.
void agree(uv::RequestParser& parser, std::string_view bytes) {
  const uv::HttpRequest& request = parser.request();
  const auto strict = read_strictly(bytes);
  SOJOURN_CHECK(strict.has_value(), "what is taken is a request by the letter");
  SOJOURN_CHECK(strict->bytes == bytes.size(), "both readers find its end at one byte");
  SOJOURN_CHECK(strict->method == request.method() && strict->body == request.body(),
                "both readers see the same method and body");
  const std::string target =
      std::string(request.path()) +
      (request.query().empty() && !strict->target.ends_with('?') ? "" : "?") +
      std::string(request.query());
  SOJOURN_CHECK(strict->target == target, "both readers see the same target");
  SOJOURN_CHECK(strict->headers.size() <= kLimits.max_headers, "headers are within their limit");
  for (const char* name : kNames) {
    const std::string* value = strict->header(name);
    const auto seen = request.header(name);
    SOJOURN_CHECK((value != nullptr) == seen.has_value() && (value == nullptr || *value == *seen),
                  "both readers see the same headers");
  }
}

// What is understood of the bytes in these pieces, one text for each request, then a refusal, or
// where they leave off. `whole`: where each request begins and ends can be known.
std::vector<std::string> heard(const std::vector<std::string_view>& pieces, bool whole) {
  uv::RequestParser parser(kLimits);
  std::vector<std::string> out;
  for (std::string_view piece : pieces) {
    std::string_view begin = piece;
    while (!piece.empty()) {
      const auto progress = parser.feed(piece);
      SOJOURN_CHECK(parser.request().body().size() <= kLimits.max_body_bytes,
                    "a body is within its limit");
      if (progress == uv::RequestParser::Progress::kRefused) {
        const int status = parser.refusal().status;
        SOJOURN_CHECK(status >= 400 && status <= 599, "a refusal is an error");
        out.push_back(fmt::format("{} {}", status, parser.refusal().reason));
        return out;
      }
      if (progress == uv::RequestParser::Progress::kNeedsMore) {
        SOJOURN_CHECK(piece.empty(), "who needs more has taken all");
        continue;
      }
      if (whole) agree(parser, begin.substr(0, begin.size() - piece.size()));
      out.push_back(described(parser));
      parser.next();
      begin = piece;
    }
  }
  out.push_back(fmt::format("phase {}", static_cast<int>(parser.phase())));
  return out;
}

std::vector<std::string_view> cut_at_random(std::string_view bytes, base::Random& random) {
  std::vector<std::string_view> pieces;
  const std::uint64_t longest = 1 + base::random_below(random, 40);
  while (!bytes.empty()) {
    const std::size_t size =
        std::min<std::size_t>(bytes.size(), 1 + base::random_below(random, longest));
    pieces.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return pieces;
}

}  // namespace

void hold_http_claims(std::string_view bytes) {
  const std::vector<std::string> whole = heard({bytes}, true);
  std::vector<std::string_view> single;
  for (std::size_t i = 0; i < bytes.size(); ++i) single.push_back(bytes.substr(i, 1));
  SOJOURN_CHECK(heard(single, false) == whole, "cuts at every byte change nothing");
  // Of the bytes alone, so that a finding can be seen again.
  base::SeededRandom random(base::stable_hash64(bytes));
  for (int i = 0; i < kRandomCuts; ++i) {
    SOJOURN_CHECK(heard(cut_at_random(bytes, random), false) == whole,
                  "cuts anywhere change nothing");
  }
}

}  // namespace sojourn::fuzz
