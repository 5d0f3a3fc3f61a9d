#include "app/control_api.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "app/delivery_requests.h"
#include "base/instant.h"
#include "base/percent.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;

uv::HttpResponse json_response(int status, std::string body) {
  return uv::HttpResponse{status, std::move(body), "application/json", {}};
}

uv::HttpResponse error_response(int status, const std::string& error) {
  return json_response(status,
                       Json{{"error", error}}.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::optional<runtime::JourneyCommand::What> command_named(std::string_view name) {
  using What = runtime::JourneyCommand::What;
  for (const What what : {What::kPause, What::kResume, What::kDrain, What::kStop}) {
    if (to_string(what) == name) return what;
  }
  return std::nullopt;
}

// Without a word, it runs.
std::optional<runtime::JourneyCommand::Clock> clock_named(std::string_view name) {
  using Clock = runtime::JourneyCommand::Clock;
  if (name.empty() || name == "run") return Clock::kRun;
  return name == "freeze" ? std::optional(Clock::kFreeze) : std::nullopt;
}

uv::HttpResponse error_response(int status, const base::Error& error) {
  return error_response(status,
                        error.hint.empty() ? error.message : error.message + "; " + error.hint);
}

}  // namespace

ControlApi::ControlApi(Daemon& daemon, base::DrivenClock* driven, runtime::LivedClock& clock,
                       ControlLinks links)
    : daemon_(daemon), driven_(driven), clock_(clock), links_(std::move(links)) {}

void ControlApi::handle(uv::HttpRequest&& request, uv::Responder responder) {
  const bool get = request.method() == "GET";
  if (get && request.path() == "/status") {
    return responder.answer(json_response(200, daemon_.status_json()));
  }
  if (get && request.path() == "/metrics") {
    return responder.answer(
        uv::HttpResponse{200, daemon_.metrics_text(), "text/plain; version=0.0.4", {}});
  }
  if (get && request.path() == "/user") return user(request, std::move(responder));
  if (get && request.path() == "/export") return export_user(request, std::move(responder));
  if (get && request.path() == "/why") return why(request, std::move(responder));
  if (get && request.path() == "/log") return log(request, std::move(responder));
  if (get && request.path() == "/deliveries") return deliveries(request, std::move(responder));
  if (get && request.path() == "/clock") return responder.answer(clock_now());
  const bool post = request.method() == "POST";
  if (post && request.path() == "/journey") return journey(request, std::move(responder));
  if (post && request.path() == "/forget") return forget(request, std::move(responder));
  if (post && request.path() == "/keys/reload") return responder.answer(reload_keys());
  if (post && request.path() == "/backup") return backup(request, std::move(responder));
  if (post && request.path() == "/release") return release(request, std::move(responder));
  if (post && request.path() == "/clock") return responder.answer(move_clock(request.body()));
  if (post && request.path() == "/clock/accept") {
    return responder.answer(accept_clock(request.body()));
  }
  if (post && request.path() == "/deliveries/retry") {
    return order(runtime::DeliveryOrder::Verb::kRetry, request, std::move(responder));
  }
  if (post && request.path() == "/deliveries/drop") {
    return order(runtime::DeliveryOrder::Verb::kDrop, request, std::move(responder));
  }
  responder.answer(error_response(404, "there is no such command"));
}

void ControlApi::user(const uv::HttpRequest& request, uv::Responder responder) {
  const auto identity = base::query_member(request.query(), "id");
  if (!identity || identity->empty()) {
    return responder.answer(error_response(400, "name somebody: /user?id=IDENTITY"));
  }
  ask(runtime::UserQuery{*identity}, std::move(responder));
}

void ControlApi::export_user(const uv::HttpRequest& request, uv::Responder responder) {
  const auto identity = base::query_member(request.query(), "id");
  if (!identity || identity->empty()) {
    return responder.answer(error_response(400, "name somebody: /export?id=IDENTITY"));
  }
  ask(runtime::ExportQuery{*identity}, std::move(responder));
}

void ControlApi::forget(const uv::HttpRequest& request, uv::Responder responder) {
  const Json json = Json::parse(request.body(), nullptr, false);
  const auto text = [&](const char* name) {
    const Json value = json.is_object() ? json.value(name, Json()) : Json();
    return value.is_string() ? value.get<std::string>() : std::string();
  };
  runtime::ForgetCommand command;
  command.identity = text("id");
  if (command.identity.empty()) {
    return responder.answer(error_response(400, R"(expected {"id":IDENTITY,"yes":true,"by":WHO})"));
  }
  command.carry_out = json.value("yes", Json(false)) == Json(true);
  command.goes_on = links_.passes_on;
  command.by = text("by").substr(0, kMaxWhoBytes);
  if (command.by.empty()) command.by = "unknown";
  ask(std::move(command), std::move(responder));
}

void ControlApi::why(const uv::HttpRequest& request, uv::Responder responder) {
  const auto identity = base::query_member(request.query(), "id");
  const auto about = base::query_member(request.query(), "about");
  if (!identity || identity->empty() || !about || about->empty()) {
    return responder.answer(
        error_response(400, "name somebody and a message: /why?id=IDENTITY&about=MESSAGE"));
  }
  ask(runtime::WhyQuery{*identity, *about}, std::move(responder));
}

void ControlApi::deliveries(const uv::HttpRequest& request, uv::Responder responder) {
  auto query = parse_delivery_query(request.query());
  if (!query) return responder.answer(error_response(400, query.error()));
  ask(std::move(*query), std::move(responder));
}

void ControlApi::order(runtime::DeliveryOrder::Verb verb, const uv::HttpRequest& request,
                       uv::Responder responder) {
  auto order = parse_delivery_order(verb, request.body());
  if (!order) return responder.answer(error_response(400, order.error()));
  ask(std::move(*order), std::move(responder));
}

template <typename Question>
void ControlApi::ask(Question question, uv::Responder responder) {
  question.token = next_token_++;
  const std::uint64_t token = question.token;
  if (!links_.ask(std::move(question))) {
    return responder.answer(error_response(503, "the daemon is stopping"));
  }
  waiting_.emplace(token, std::move(responder));
}

void ControlApi::journey(const uv::HttpRequest& request, uv::Responder responder) {
  const Json json = Json::parse(request.body(), nullptr, false);
  const auto text = [&](const char* name) {
    const bool given = json.is_object() && json.contains(name) && json[name].is_string();
    return given ? json[name].get<std::string>() : std::string();
  };
  const auto what = command_named(text("command"));
  const auto clock = clock_named(text("clock"));
  if (!what || !clock || text("journey").empty()) {
    return responder.answer(error_response(
        400, R"(expected {"command":"pause|resume|drain|stop","journey":NAME,"clock":"run|freeze",)"
             R"("yes":true,"by":WHO})"));
  }
  runtime::JourneyCommand command;
  command.what = *what;
  command.clock = *clock;
  command.journey = text("journey");
  command.carry_out = json.value("yes", Json(false)) == Json(true);
  command.by = text("by").substr(0, kMaxWhoBytes);
  if (command.by.empty()) command.by = "unknown";
  ask(std::move(command), std::move(responder));
}

void ControlApi::log(const uv::HttpRequest& request, uv::Responder responder) {
  runtime::AuditQuery query;
  if (const auto limit = base::query_member(request.query(), "limit")) {
    const auto [end, error] =
        std::from_chars(limit->data(), limit->data() + limit->size(), query.limit);
    if (error != std::errc() || end != limit->data() + limit->size() || query.limit == 0) {
      return responder.answer(error_response(400, "`limit` is a number from 1"));
    }
  }
  ask(query, std::move(responder));
}

void ControlApi::backup(const uv::HttpRequest& request, uv::Responder responder) {
  const Json json = Json::parse(request.body(), nullptr, false);
  const Json to = json.is_object() ? json.value("to", Json()) : Json();
  if (!to.is_string() || !to.get<std::string>().starts_with('/')) {
    return responder.answer(error_response(400, R"(expected {"to":"/an/absolute/path"})"));
  }
  order_store({StoreOrder::What::kBackup, to.get<std::string>(), {}}, std::move(responder));
}

void ControlApi::release(const uv::HttpRequest& request, uv::Responder responder) {
  const Json json = Json::parse(request.body(), nullptr, false);
  if (!json.is_object()) {
    return responder.answer(error_response(400, R"(expected {"timers":false,"by":WHO})"));
  }
  const bool only_timers = json.value("timers", Json(false)) == Json(true);
  const Json by = json.value("by", Json());
  StoreOrder order;
  order.what = only_timers ? StoreOrder::What::kLetTimersRun : StoreOrder::What::kRelease;
  order.by = by.is_string() ? by.get<std::string>().substr(0, kMaxWhoBytes) : "unknown";
  order_store(std::move(order), std::move(responder));
}

void ControlApi::order_store(StoreOrder order, uv::Responder responder) {
  const std::uint64_t token = next_token_++;
  if (!links_.order_store(std::move(order), token)) {
    return responder.answer(error_response(
        503, "another order about the store is under way, or the daemon is stopping"));
  }
  waiting_.emplace(token, std::move(responder));
}

void ControlApi::finish(const runtime::QueryAnswer& answer) {
  const auto found = waiting_.find(answer.token);
  if (found == waiting_.end()) return;
  uv::Responder responder = std::move(found->second);
  waiting_.erase(found);
  responder.answer(json_response(answer.status, answer.json));
}

uv::HttpResponse ControlApi::reload_keys() {
  const auto count = daemon_.reload_keys();
  if (!count) return error_response(409, count.error());
  return json_response(200, Json{{"keys", *count}}.dump());
}

uv::HttpResponse ControlApi::clock_now() const {
  const runtime::LivedClock::View clock = clock_.view();
  const Daemon::Progress progress = daemon_.progress();
  const Json json{
      {"now", base::to_iso8601(clock.now)},
      {"wall", base::to_iso8601(clock.wall)},
      {"state", runtime::to_string(clock.state)},
      {"driven", driven_ != nullptr},
      {"idle", progress.idle},
      {"next_due",
       progress.next_due == base::kNever ? Json() : Json(base::to_iso8601(progress.next_due))}};
  return json_response(200, json.dump());
}

uv::HttpResponse ControlApi::move_clock(const std::string& body) {
  if (driven_ == nullptr) {
    return error_response(409, "this daemon runs on the real clock; start it with --clock TIME");
  }
  const Json json = Json::parse(body, nullptr, false);
  const auto instant = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_string()
               ? base::parse_timestamp(json[name].get<std::string>())
               : std::nullopt;
  };
  if (const auto wall = instant("wall")) {
    driven_->set_wall_alone(*wall);
    // What is made of it may not be missed, even if it is set again at once.
    clock_.wall();
  } else if (const auto to = instant("to")) {
    if (*to < driven_->wall()) return error_response(409, "a driven clock only moves forward");
    driven_->set(*to);
  } else {
    return error_response(400, R"(expected {"to":"2026-03-01T09:00:00Z"}, or "wall" for "to")");
  }
  daemon_.wake();
  return clock_now();
}

uv::HttpResponse ControlApi::accept_clock(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return error_response(400, R"(expected {"yes":true,"by":WHO})");
  const runtime::LivedClock::View before = clock_.view();
  if (json.value("yes", Json(false)) != Json(true)) return clock_now();
  if (!clock_.believe()) {
    return error_response(
        409, before.state == runtime::ClockState::kBehind
                 ? "there is nothing to accept: time goes on when the wall clock has caught up"
                 : "there is nothing to accept: the clock is not in doubt");
  }
  const Json by = json.value("by", Json());
  const std::string who = by.is_string() ? by.get<std::string>().substr(0, kMaxWhoBytes) : "";
  links_.ask(runtime::CommandNote{who.empty() ? "unknown" : who, "clock accept",
                                  "lived by " + base::to_iso8601(before.now) +
                                      ", the wall clock said " + base::to_iso8601(before.wall)});
  daemon_.wake();
  return clock_now();
}

}  // namespace sojourn::app
