#include "tests/sim/network.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "base/percent.h"

namespace sojourn::sim {
namespace {

using connectors::Attempt;
using connectors::Response;
using connectors::TransportFailure;

constexpr base::Millis kIterableTimeout = base::seconds(30);
constexpr base::Millis kServiceTimeout = base::seconds(5);

// A 5xx that says by a code of Iterable's that nothing was queued.
constexpr std::string_view kErrorWithCode = R"({"msg":"down","code":"GenericError","params":null})";

}  // namespace

std::string_view to_string(Weather weather) {
  switch (weather) {
    case Weather::kFair:
      return "fair";
    case Weather::kRough:
      return "rough";
    case Weather::kNoWay:
      return "no way through";
    case Weather::kBrokenUp:
      return "answers lost";
    case Weather::kBusy:
      return "busy";
    case Weather::kDown:
      return "down";
  }
  return "";
}

// One request on its way.
struct Network::Flight {
  std::weak_ptr<int> life;
  runtime::Transport::Done done;
  TryRecord* record = nullptr;     // where it is kept; null: nowhere
  TryRecord::Attempt attempt = 0;  // there
  std::string call;                // of what a sender said
  std::string what;                // for the trace
  bool is_over = false;            // nobody waits for its answer

  bool is_awaited() const { return !is_over && !life.expired(); }
  void lost() const {
    if (record != nullptr) record->lost(attempt);
  }
  void refused() const {
    if (record != nullptr) record->refused(attempt);
  }
  void told() const {
    if (record != nullptr) record->told(attempt);
  }
  void accepted(base::Millis at) const {
    if (record != nullptr) record->accepted(attempt, at);
  }
};

Message message_of(const connectors::HttpRequest& request) {
  Message message;
  if (!request.path.ends_with("/target")) return message;
  const auto body = nlohmann::json::parse(request.body);
  message.campaign = body.at("campaignId").get<std::int64_t>();
  message.email = body.value("recipientEmail", "");
  message.key = body.at("dataFields").at("sojournMessageKey").get<std::string>();
  message.ref = body.at("dataFields").value("ref", "");
  return message;
}

void Network::set_weather(Weather weather) {
  weather_ = weather;
  trace_.line(fmt::format("weather: {}", to_string(weather)));
}

void Network::send(const connectors::HttpRequest& request, const std::shared_ptr<int>& life,
                   runtime::Transport::Done done) {
  ++requests_;
  auto flight = std::make_shared<Flight>();
  flight->life = life;
  flight->done = std::move(done);
  const Message message = message_of(request);
  if (!message.key.empty()) {
    flight->record = &record_;
    flight->attempt = record_.left(message);
  } else if (std::string call = call_of(request); forwards_.knows(call)) {
    flight->record = &forwards_;
    flight->attempt = forwards_.left(call);
    flight->call = std::move(call);
  }
  flight->what = fmt::format("#{} {} {}", requests_, request.path.substr(0, 60), message.key);
  trace_.line("request " + flight->what);
  trace_.mix(request.body);
  fly(flight, kIterableTimeout, [this, request, flight] { return answer(request, *flight); });
}

void Network::call(const connectors::webhook::Request& request, const std::shared_ptr<int>& life,
                   runtime::Transport::Done done) {
  ++requests_;
  auto flight = std::make_shared<Flight>();
  flight->life = life;
  flight->done = std::move(done);
  flight->what = fmt::format("#{} call {} {}", requests_, request.webhook, request.key);
  trace_.line(flight->what);
  fly(flight, kServiceTimeout, [this, key = request.key] {
    if (Response no = mood(); no.status != 0) return no;
    return Response{200, "", fmt::format(R"({{"score":{}}})", base::stable_hash64(key) % 100)};
  });
}

void Network::fly(const std::shared_ptr<Flight>& flight, base::Millis timeout, Arrive arriving) {
  const bool is_rough = weather_ == Weather::kRough;
  if (weather_ == Weather::kNoWay || (is_rough && chance_.percent(5))) {
    ++count(Mishap::kNoConnection);
    return agenda_.after(chance_.time({1}, base::seconds(3)), [this, flight] {
      flight->refused();
      finish(*flight, TransportFailure{false, "no connection"});
    });
  }
  agenda_.after(timeout, [this, flight] {
    if (flight->is_over) return;
    flight->lost();
    finish(*flight, TransportFailure{true, "no answer in time"});
  });
  if (is_rough && chance_.percent(4)) {
    ++count(Mishap::kRequestLost);
    return;
  }
  // Some take so long that whoever sent it has given it up.
  const bool is_late = (is_rough || weather_ == Weather::kBrokenUp) && chance_.percent(4);
  const base::Millis way = is_late ? chance_.time(timeout, base::minutes(3))
                                   : chance_.time({2}, base::Millis{is_rough ? 4'000 : 150});
  if (is_late) ++count(Mishap::kTooLate);
  agenda_.after(way, [this, flight, arriving = std::move(arriving)] { arrive(flight, arriving); });
}

void Network::arrive(const std::shared_ptr<Flight>& flight, const Arrive& arriving) {
  const bool is_lost = (weather_ == Weather::kRough && chance_.percent(6)) ||
                       (weather_ == Weather::kBrokenUp && chance_.percent(80));
  if (is_lost || !flight->is_awaited()) flight->lost();
  const Response response = arriving();
  trace_.line(
      fmt::format("answer {} to {}{}", response.status, flight->what, is_lost ? ", lost" : ""));
  if (is_lost) {
    ++count(Mishap::kAnswerLost);
    return;
  }
  agenda_.after(chance_.time({2}, base::Millis{150}), [this, flight, response] {
    if (!flight->is_awaited()) return flight->lost();
    if (response.status == 200) flight->told();
    const bool for_certain = response.status == 400 || response.status == 429 ||
                             response.status == 503 || response.body == kErrorWithCode;
    if (for_certain) flight->refused();
    finish(*flight, response);
  });
}

void Network::finish(Flight& flight, const Attempt& attempt) {
  if (!flight.is_awaited()) return;
  flight.is_over = true;
  flight.done(attempt);
}

Response Network::mood() {
  const bool is_rough = weather_ == Weather::kRough;
  if (weather_ == Weather::kBusy || (is_rough && chance_.percent(3))) {
    ++count(Mishap::kRefused);
    return {429, chance_.percent(50) ? "7" : "", R"({"msg":"slow","code":"RateLimitExceeded"})"};
  }
  if (weather_ != Weather::kDown && !(is_rough && chance_.percent(5))) return {};
  ++count(Mishap::kServerError);
  switch (chance_.below(3)) {
    case 0:
      return {503, "", ""};
    case 1:
      return {500, "", std::string(kErrorWithCode)};
    default:
      return {500, "", ""};
  }
}

Response Network::answer(const connectors::HttpRequest& request, Flight& flight) {
  const bool asks = request.method == "GET";
  if (Response no = mood(); no.status != 0) {
    // What says nothing certain may come from in front of those who have queued it.
    const bool was_taken = no.status == 500 && no.body.empty() && chance_.percent(50);
    if (was_taken && !forwards_.is_done_for_good(flight.call)) {
      flight.lost();
      flight.accepted(agenda_.now());
    }
    return no;
  }
  if (asks) return listed(std::string_view(request.path).substr(request.path.find('?') + 1));
  if (Response no = refusal(flight.call); no.status != 0) return no;
  flight.accepted(agenda_.now());
  return {200, "", R"({"msg":"","code":"Success","params":null})"};
}

Response Network::refusal(const std::string& call) {
  if (call.empty()) return {};
  const bool is_erasing =
      call.starts_with("DELETE ") || call.starts_with("POST /api/users/forget ");
  const bool is_odd = weather_ == Weather::kRough && !is_erasing && chance_.percent(6);
  if (!is_odd && !forwards_.is_done_for_good(call)) return {};
  forwards_.rejected(call);
  return {400, "", R"({"msg":"no","code":"BadParams","params":null})"};
}

Response Network::listed(std::string_view query) {
  const auto email = base::query_member(query, "email").value_or("");
  const auto campaign = base::query_member(query, "campaignIds").value_or("0");
  const auto from = base::parse_timestamp(base::query_member(query, "startDateTime").value_or(""));
  const base::Millis since = from ? *from - MachineClock::kStart : base::Millis{};
  nlohmann::json messages = nlohmann::json::array();
  const std::int64_t id = std::stoll(campaign);
  for (std::uint32_t n = record_.count(email, id, since); n > 0; --n) {
    messages.push_back({{"campaignId", id}});
  }
  return {200, "", nlohmann::json{{"messages", messages}}.dump()};
}

}  // namespace sojourn::sim
