#include "bench/load/event_text.h"

#include <fmt/format.h>

#include "bench/wire/http_message.h"

namespace sojourn::bench {

void append_event(std::string& out, const EventStream& stream, std::uint64_t number,
                  base::Instant created_at) {
  const bool is_signup = stream.kind == EventStream::Kind::kSignup;
  const std::uint64_t person = stream.people > 0 ? number % stream.people : number;
  fmt::format_to(std::back_inserter(out),
                 R"({{"userId":"{0}-u{1:08}","email":"{0}-u{1:08}@example.com",)"
                 R"("eventName":"{2}","id":"{0}-{3}{4}","createdAt":{5},)",
                 stream.run_name, person, is_signup ? "signup" : "visit", is_signup ? 'e' : 'v',
                 number, created_at.millis / 1000);
  if (is_signup) {
    fmt::format_to(std::back_inserter(out), R"("dataFields":{{"plan":"{}"}}}})",
                   number % 2 == 0 ? "pro" : "free");
  } else {
    out += R"("dataFields":{"page":"/pricing"}})";
  }
}

std::string event_request(const EventStream& stream, std::string_view api_key, std::uint64_t first,
                          int count, base::Instant created_at) {
  std::string body;
  if (count == 1) {
    append_event(body, stream, first, created_at);
  } else {
    body = R"({"events":[)";
    for (int i = 0; i < count; ++i) {
      if (i > 0) body += ',';
      append_event(body, stream, first + static_cast<std::uint64_t>(i), created_at);
    }
    body += "]}";
  }
  std::string request;
  append_request(request, "POST", count == 1 ? "/api/events/track" : "/api/events/trackBulk",
                 api_key, body);
  return request;
}

}  // namespace sojourn::bench
