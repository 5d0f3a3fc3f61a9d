#include <arpa/inet.h>
#include <array>
#include <curl/curl.h>
#include <memory>
#include <netinet/in.h>
#include <string>

#include "base/check.h"
#include "base/percent.h"
#include "base/text.h"
#include "connectors/webhook/allow_list.h"
#include "connectors/webhook/target.h"
#include "tests/fuzz/claims.h"

namespace sojourn::fuzz {
namespace {

using connectors::webhook::Target;

struct CleanUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};

// Empty where the URL has no such part.
std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, FreeText> owned(text);
  return text;
}

// The 16 bytes of an IPv6 address; the text itself where it is none.
std::string address_of(std::string host) {
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  std::array<char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.end()};
  return base::lower_ascii(host);
}

// The client must go where the allow-list was asked about.
void check_against_client(const std::string& text, const Target& target) {
  const std::unique_ptr<CURLU, CleanUrl> url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) return;
  SOJOURN_CHECK(part_of(url.get(), CURLUPART_SCHEME) == (target.https ? "https" : "http"),
                "both see the same scheme");
  SOJOURN_CHECK(address_of(part_of(url.get(), CURLUPART_HOST)) == address_of(target.host),
                "both see the same host");
  SOJOURN_CHECK(
      part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT) == std::to_string(target.port),
      "both see the same port");
  SOJOURN_CHECK(
      part_of(url.get(), CURLUPART_USER).empty() && part_of(url.get(), CURLUPART_PASSWORD).empty(),
      "an address has no user");
}

void check_target(const std::string& text) {
  const auto target = connectors::webhook::parse_target(text);
  if (!target) {
    SOJOURN_CHECK(!target.error().message.empty(), "a refusal says why");
    return;
  }
  check_against_client(text, *target);
  const auto again = connectors::webhook::parse_authority(target->authority(), target->https);
  SOJOURN_CHECK(again && *again == *target, "an authority that is written reads back");
  const auto list = connectors::webhook::AllowList::from_entries({target->authority()}, "allow");
  SOJOURN_CHECK(list && list->allows(*target), "who is named is allowed");
  Target other = *target;
  other.host += ".evil.example";
  SOJOURN_CHECK(!list->allows(other), "who is not named is not allowed");
}

void check_percent(const std::string& text) {
  const auto there_and_back = base::percent_decoded(base::percent_encoded(text));
  SOJOURN_CHECK(there_and_back == text, "what is encoded reads back");
  const auto decoded = base::percent_decoded(text);
  SOJOURN_CHECK(!decoded || decoded->size() <= text.size(), "decoding makes nothing longer");
  const std::string query = "a=" + base::percent_encoded(text) + "&b=c";
  SOJOURN_CHECK(base::query_member(query, "a") == text, "a member of a query reads back");
  SOJOURN_CHECK(base::query_member(query, "b") == "c", "nor does it hide another");
  base::query_member(text, "a");
}

}  // namespace

void hold_address_claims(std::string_view input) {
  const std::string text(input);
  check_target(text);
  check_percent(text);
}

}  // namespace sojourn::fuzz
