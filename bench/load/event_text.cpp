#include "bench/load/event_text.h"

#include <fmt/format.h>

#include "bench/wire/http_message.h"

namespace sojourn::bench {

void append_event(std::string& out, std::string_view run_name, std::uint64_t number,
                  base::Instant created_at) {
  fmt::format_to(std::back_inserter(out),
                 R"({{"userId":"{0}-u{1:08}","email":"{0}-u{1:08}@example.com",)"
                 R"("eventName":"signup","id":"{0}-e{1}","createdAt":{2},)"
                 R"("dataFields":{{"plan":"{3}"}}}})",
                 run_name, number, created_at.millis / 1000, number % 2 == 0 ? "pro" : "free");
}

std::string event_request(std::string_view run_name, std::string_view api_key, std::uint64_t first,
                          int count, base::Instant created_at) {
  std::string body;
  if (count == 1) {
    append_event(body, run_name, first, created_at);
  } else {
    body = R"({"events":[)";
    for (int i = 0; i < count; ++i) {
      if (i > 0) body += ',';
      append_event(body, run_name, first + static_cast<std::uint64_t>(i), created_at);
    }
    body += "]}";
  }
  std::string request;
  append_request(request, "POST", count == 1 ? "/api/events/track" : "/api/events/trackBulk",
                 api_key, body);
  return request;
}

}  // namespace sojourn::bench
