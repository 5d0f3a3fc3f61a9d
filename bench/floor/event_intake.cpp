#include "bench/floor/event_intake.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.h"
#include "bench/wire/socket.h"

namespace sojourn::bench {

static_assert(InBuffer::kSlackBytes >= simdjson::SIMDJSON_PADDING);

class EventIntake::Reader {
 public:
  explicit Reader(Start start) : start_(std::move(start)) {}

  void handle(const HttpMessage& request, std::string& answer) {
    if (request.second_word == "/api/events/track") return track(request.body, answer);
    if (request.second_word == "/api/events/trackBulk") return track_bulk(request.body, answer);
    append_response(answer, "404 Not Found", R"({"msg":"no such path","code":"NotFound"})");
  }

 private:
  bool parse(std::string_view body, simdjson::dom::element& out) {
    return parser_.parse(body.data(), body.size(), false).get(out) == simdjson::SUCCESS;
  }

  // False when a field that the journey needs is missing.
  bool start(simdjson::dom::element event) {
    std::string_view name, email, plan;
    if (event["eventName"].get(name) != simdjson::SUCCESS ||
        event["email"].get(email) != simdjson::SUCCESS ||
        event["dataFields"]["plan"].get(plan) != simdjson::SUCCESS) {
      return false;
    }
    if (name == "signup") start_(email, plan);
    return true;
  }

  void track(std::string_view body, std::string& answer) {
    simdjson::dom::element event;
    if (!parse(body, event) || !start(event)) return refuse(answer);
    std::string_view id;
    // An event without an id is answered with an empty one.
    if (event["id"].get(id) != simdjson::SUCCESS) id = {};
    text_ = R"({"msg":"event tracked","code":"Success","params":{"id":)";
    base::append_json_string(text_, id);
    text_ += "}}";
    append_response(answer, "200 OK", text_);
  }

  void track_bulk(std::string_view body, std::string& answer) {
    simdjson::dom::element document;
    simdjson::dom::array events;
    if (!parse(body, document) || document["events"].get(events) != simdjson::SUCCESS) {
      return refuse(answer);
    }
    std::size_t started = 0;
    for (const simdjson::dom::element event : events) started += start(event) ? 1 : 0;
    text_.clear();
    fmt::format_to(std::back_inserter(text_),
                   R"({{"successCount":{},"failCount":{},"createdFields":[],)"
                   R"("filteredOutFields":[],"disallowedEventNames":[],"failedUpdates":{{}}}})",
                   started, events.size() - started);
    append_response(answer, "200 OK", text_);
  }

  static void refuse(std::string& answer) {
    append_response(
        answer, "400 Bad Request",
        R"({"msg":"eventName, email and dataFields.plan are needed","code":"BadJsonBody"})");
  }

  Start start_;
  simdjson::dom::parser parser_;
  std::string text_;
};

EventIntake::EventIntake(Start start) : reader_(std::make_unique<Reader>(std::move(start))) {}
EventIntake::~EventIntake() = default;

void EventIntake::handle(const HttpMessage& request, std::string& answer) {
  reader_->handle(request, answer);
}

}  // namespace sojourn::bench
