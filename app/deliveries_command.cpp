#include "app/deliveries_command.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/delivery_requests.h"
#include "app/operator_commands.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;
using runtime::DeliveryOrder;
using Counts = std::map<std::string, std::uint64_t>;

std::string name_of(const Json& delivery) {
  for (const char* name : {"email", "userId", "user"}) {
    if (delivery.contains(name)) return delivery[name].get<std::string>();
  }
  return {};
}

void print_delivery(const Json& delivery, std::ostream& out) {
  const auto text = [&](const char* name) { return delivery.value(name, ""); };
  out << fmt::format("{} {:<8} {}\n", text("key"), text("state"), name_of(delivery));
  out << fmt::format("  {} {}", text("what"), text("subject"));
  // What a sender said belongs to none.
  if (!text("journey").empty()) out << fmt::format(", journey {}", text("journey"));
  if (!text("step").empty()) out << fmt::format(", step {}", text("step"));
  out << fmt::format("; since {}, {} attempts", text("since"),
                     delivery.at("attempts").get<std::uint64_t>());
  if (delivery.contains("next_attempt")) out << fmt::format(", next {}", text("next_attempt"));
  out << '\n';
  if (!text("reason").empty()) {
    out << fmt::format("  {}{}{}\n", text("reason"), text("answer").empty() ? "" : ": ",
                       text("answer"));
  }
}

void print_list(const Json& answer, std::ostream& out) {
  for (const Json& delivery : answer.at("deliveries")) print_delivery(delivery, out);
  if (answer.at("deliveries").empty()) out << "none\n";
  if (answer.at("more").get<bool>()) out << "there are more: --limit\n";
  if (!answer.at("searched_all").get<bool>()) {
    out << "too many are on their way to look at all of them: name a user with --user\n";
  }
}

void print_counts(const Json& counts, std::string_view what, std::ostream& out) {
  for (const auto& [name, count] : counts.items()) {
    out << fmt::format("  {:>9} {}{}\n", count.get<std::uint64_t>(), what, name);
  }
}

void print_preview(const Json& preview, std::ostream& out) {
  out << fmt::format("{} {}\n", preview.at("chosen").get<std::uint64_t>(),
                     preview.at("verb") == "retry" ? "to be sent again" : "to be dropped");
  const std::uint64_t waiting = preview.value("waiting", std::uint64_t{0});
  if (waiting > 0) out << fmt::format("  {:>9} of them wait to leave\n", waiting);
  print_counts(preview.at("subjects"), "", out);
  print_counts(preview.at("left_alone"), "left alone: ", out);
  for (const Json& key : preview.at("unknown_keys")) {
    out << fmt::format("  nothing that {} has the key {}\n",
                       preview.at("verb") == "retry" ? "ended unsent" : "ended unsent or waits",
                       key.get<std::string>());
  }
}

void print_done(const Json& done, std::ostream& out) {
  if (done.at("verb") == "drop") {
    out << fmt::format("{} dropped\n", done.at("dropped").get<std::uint64_t>());
    return;
  }
  out << fmt::format("{} on their way again\n", done.at("planned").get<std::uint64_t>());
  print_counts(done.at("ended"), "not sent: ", out);
}

void add_counts(Json& sum, const Json& counts) {
  for (const auto& [name, count] : counts.items()) {
    sum[name] = sum.value(name, std::uint64_t{0}) + count.get<std::uint64_t>();
  }
}

// A key is unknown if no part knows it.
void keep_unknown(Json& keys, const Json& of_part) {
  Json kept = Json::array();
  for (const Json& key : keys) {
    if (std::ranges::find(of_part, key) != of_part.end()) kept.push_back(key);
  }
  keys = std::move(kept);
}

void go_on_after(DeliveryOrder& order, const Json& answer) {
  order.after = answer.contains("after") ? runtime::place_of(answer["after"].get<std::string>())
                                         : std::nullopt;
}

// What it would do, part by part.
base::Result<Json> count(const DeliveriesOptions& options, const std::string& target,
                         DeliveryOrder order) {
  auto sum = ask_daemon(options.daemon, target, body_of(order));
  if (!sum) return sum;
  order.planned_by = base::Instant{sum->at("planned_by").get<std::int64_t>()};
  go_on_after(order, *sum);
  while (order.after) {
    const auto part = ask_daemon(options.daemon, target, body_of(order));
    if (!part) return part;
    for (const char* name : {"chosen", "waiting"}) {
      (*sum)[name] = sum->at(name).get<std::uint64_t>() + part->at(name).get<std::uint64_t>();
    }
    for (const char* name : {"subjects", "left_alone"}) add_counts((*sum)[name], part->at(name));
    keep_unknown((*sum)["unknown_keys"], part->at("unknown_keys"));
    go_on_after(order, *part);
  }
  sum->erase("after");
  return sum;
}

// Adds the sums of one request to those before.
void add_up(Json& sum, const Json& answer) {
  for (const char* name : {"planned", "dropped"}) {
    sum[name] = sum.value(name, std::uint64_t{0}) + answer.at(name).get<std::uint64_t>();
  }
  add_counts(sum["ended"], answer.at("ended"));
}

// Request by request, until nothing remains of it.
base::Result<Json> work_off(const DeliveriesOptions& options, const std::string& target,
                            DeliveryOrder order) {
  Json sum{{"verb", to_string(order.verb)}, {"done", true}, {"ended", Json::object()}};
  while (true) {
    auto answer = ask_daemon(options.daemon, target, body_of(order));
    if (!answer) return tl::unexpected(answer.error());
    add_up(sum, *answer);
    go_on_after(order, *answer);
    if (answer->at("remaining").get<std::uint64_t>() == 0 && !order.after) return sum;
  }
}

}  // namespace

int list_deliveries(const DeliveriesOptions& options, std::ostream& out, std::ostream& err) {
  auto filter = delivery_filter({}, options.state, options.campaign);
  if (!filter) return report_error(filter.error(), err);
  runtime::DeliveryQuery query;
  query.filter = std::move(*filter);
  query.user = options.user;
  query.limit = options.limit;
  const auto answer = ask_daemon(options.daemon, target_of(query));
  if (!answer) return report_error(answer.error(), err);
  if (options.daemon.json) {
    out << answer->dump(2) << '\n';
  } else {
    print_list(*answer, out);
  }
  return kClean;
}

int order_deliveries(DeliveryOrder::Verb verb, const DeliveriesOptions& options, std::ostream& out,
                     std::ostream& err) {
  auto filter = delivery_filter(options.keys, options.state, options.campaign);
  if (!filter) return report_error(filter.error(), err);
  DeliveryOrder order;
  order.verb = verb;
  order.filter = std::move(*filter);
  order.by = options.by.empty() ? caller() : options.by;
  const std::string target = fmt::format("/deliveries/{}", to_string(verb));
  const auto preview = count(options, target, order);
  if (!preview) return report_error(preview.error(), err);
  const bool json = options.daemon.json;
  if (!json) print_preview(*preview, out);
  const int code = preview->at("unknown_keys").empty() ? kClean : kFindings;
  if (!options.yes) {
    out << (json ? preview->dump(2) : "nothing was done; --yes does it") << '\n';
    return code;
  }
  // Nothing more than what has just been counted.
  order.go = true;
  order.up_to = preview->at("up_to").get<std::uint64_t>();
  order.planned_by = base::Instant{preview->at("planned_by").get<std::int64_t>()};
  if (preview->at("chosen").get<std::uint64_t>() == 0) {
    if (json) out << preview->dump(2) << '\n';
    return code;
  }
  const auto done = work_off(options, target, order);
  if (!done) return report_error(done.error(), err);
  if (json) {
    out << done->dump(2) << '\n';
  } else {
    print_done(*done, out);
  }
  return code;
}

}  // namespace sojourn::app
