#include "bench/floor/event_intake.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.h"
#include "bench/wire/socket.h"

namespace sojourn::bench {

static_assert(InBuffer::kSlackBytes >= simdjson::SIMDJSON_PADDING);

class EventIntake::Reader {
 public:
  Reader(Start start, Keep keep) : start_(std::move(start)), keep_(std::move(keep)) {}

  void handle(const HttpMessage& request, std::string& answer) {
    if (request.second_word == "/api/events/track") return track(request.body, answer);
    if (request.second_word == "/api/events/trackBulk") return track_bulk(request.body, answer);
    append_response(answer, "404 Not Found", R"({"msg":"no such path","code":"NotFound"})");
  }

 private:
  bool parse(std::string_view body, simdjson::dom::element& out) {
    return parser_.parse(body.data(), body.size(), false).get(out) == simdjson::SUCCESS;
  }

  // False when a field that is needed is missing.
  bool take(simdjson::dom::element event) {
    std::string_view name, email;
    simdjson::dom::element fields;
    if (event["eventName"].get(name) != simdjson::SUCCESS ||
        event["email"].get(email) != simdjson::SUCCESS ||
        event["dataFields"].get(fields) != simdjson::SUCCESS) {
      return false;
    }
    if (name != "signup") {
      fields_ = simdjson::minify(fields);
      keep_({id_of(event), email, name, fields_});
      return true;
    }
    std::string_view plan;
    if (fields["plan"].get(plan) != simdjson::SUCCESS) return false;
    start_(email, plan);
    return true;
  }

  // An event without an id has an empty one.
  static std::string_view id_of(simdjson::dom::element event) {
    std::string_view id;
    return event["id"].get(id) == simdjson::SUCCESS ? id : std::string_view();
  }

  void track(std::string_view body, std::string& answer) {
    simdjson::dom::element event;
    if (!parse(body, event) || !take(event)) return refuse(answer);
    text_ = R"({"msg":"event tracked","code":"Success","params":{"id":)";
    base::append_json_string(text_, id_of(event));
    text_ += "}}";
    append_response(answer, "200 OK", text_);
  }

  void track_bulk(std::string_view body, std::string& answer) {
    simdjson::dom::element document;
    simdjson::dom::array events;
    if (!parse(body, document) || document["events"].get(events) != simdjson::SUCCESS) {
      return refuse(answer);
    }
    std::size_t taken = 0;
    for (const simdjson::dom::element event : events) taken += take(event) ? 1 : 0;
    text_.clear();
    fmt::format_to(std::back_inserter(text_),
                   R"({{"successCount":{},"failCount":{},"createdFields":[],)"
                   R"("filteredOutFields":[],"disallowedEventNames":[],"failedUpdates":{{}}}})",
                   taken, events.size() - taken);
    append_response(answer, "200 OK", text_);
  }

  static void refuse(std::string& answer) {
    append_response(
        answer, "400 Bad Request",
        R"({"msg":"eventName, email and dataFields are needed, of a signup its plan","code":"BadJsonBody"})");
  }

  Start start_;
  Keep keep_;
  simdjson::dom::parser parser_;
  std::string text_;
  std::string fields_;
};

EventIntake::EventIntake(Start start, Keep keep)
    : reader_(std::make_unique<Reader>(std::move(start), std::move(keep))) {}
EventIntake::~EventIntake() = default;

void EventIntake::handle(const HttpMessage& request, std::string& answer) {
  reader_->handle(request, answer);
}

}  // namespace sojourn::bench
