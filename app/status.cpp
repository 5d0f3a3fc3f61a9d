#include "app/status.h"

#include <array>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "runtime/counter_names.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;

struct MessageCounts {
  std::int64_t planned = 0;
  std::int64_t accepted = 0;
  std::map<std::string, std::int64_t> skipped;
};

// Of a measured split.
struct SplitCounts {
  struct Arm {
    std::int64_t people = 0;
    std::int64_t succeeded = 0;
  };
  std::map<std::string, Arm> arms;
  std::string decided;  // the arm; empty: none yet
  bool unbalanced = false;
};

struct JourneyCounts {
  std::vector<std::string> states;  // what operators have said of it
  std::int64_t held_back = 0;
  std::int64_t entered = 0;
  std::map<std::string, std::int64_t> inside;  // by step; versions are added up
  std::map<std::string, std::int64_t> exited;
  std::map<std::string, std::int64_t> refused;
  std::map<std::string, MessageCounts> messages;
  std::map<std::string, SplitCounts> splits;
};

struct Sorted {
  std::map<std::string, JourneyCounts> journeys;
  std::map<std::string, std::map<std::string, std::int64_t>> calls;  // by webhook, by end
  std::map<std::string, std::int64_t> others;
};

bool is_of_split(const std::vector<std::string_view>& parts) {
  const std::string_view family = parts[0];
  if (family == "unbalanced") return parts.size() == 3;
  return parts.size() == 4 &&
         (family == "measured" || family == "measure_met" || family == "decided");
}

void sort_split_counter(const std::vector<std::string_view>& parts, std::int64_t value,
                        std::map<std::string, SplitCounts>& splits) {
  SplitCounts& split = splits[std::string(parts[2])];
  if (parts[0] == "unbalanced") {
    split.unbalanced = value > 0;
    return;
  }
  const std::string arm(parts[3]);
  if (parts[0] == "measured") split.arms[arm].people += value;
  if (parts[0] == "measure_met") split.arms[arm].succeeded += value;
  if (parts[0] == "decided" && value > 0) split.decided = arm;
}

bool sort_journey_counter(const std::vector<std::string_view>& parts, std::int64_t value,
                          std::map<std::string, JourneyCounts>& journeys) {
  if (parts.size() < 2) return false;
  const std::string_view family = parts[0];
  const std::string journey(parts[1]);
  if (family == "entered") {
    journeys[journey].entered += value;
  } else if (family == "inside" && parts.size() == 4) {
    journeys[journey].inside[std::string(parts[3])] += value;
  } else if (family == "exited" && parts.size() == 3) {
    journeys[journey].exited[std::string(parts[2])] += value;
  } else if (family == "refused" && parts.size() == 3) {
    journeys[journey].refused[std::string(parts[2])] += value;
  } else if (family == "planned" && parts.size() == 3) {
    journeys[journey].messages[std::string(parts[2])].planned += value;
  } else if (family == "accepted" && parts.size() == 3) {
    journeys[journey].messages[std::string(parts[2])].accepted += value;
  } else if (family == "skipped" && parts.size() == 4) {
    journeys[journey].messages[std::string(parts[2])].skipped[std::string(parts[3])] += value;
  } else if (family == "operation" && parts.size() == 3) {
    if (value > 0) journeys[journey].states.emplace_back(parts[2]);
  } else if (family == "held_back") {
    journeys[journey].held_back += value;
  } else if (is_of_split(parts)) {
    sort_split_counter(parts, value, journeys[journey].splits);
  } else {
    return family == "reached";
  }
  return true;
}

Sorted sorted(const Counters& counters) {
  Sorted out;
  for (const auto& [name, value] : counters.values()) {
    const std::vector<std::string_view> parts = runtime::counter_parts(name);
    if (sort_journey_counter(parts, value, out.journeys)) continue;
    if (parts[0] == "calls" && parts.size() == 3) {
      out.calls[std::string(parts[1])][std::string(parts[2])] += value;
    } else {
      out.others[name] = value;
    }
  }
  return out;
}

Json counts_json(const std::map<std::string, std::int64_t>& counts) {
  Json json = Json::object();
  for (const auto& [name, value] : counts) json[name] = value;
  return json;
}

Json split_json(const std::string& name, const SplitCounts& counts) {
  Json arms = Json::array();
  for (const auto& [arm, count] : counts.arms) {
    arms.push_back({{"arm", arm}, {"people", count.people}, {"succeeded", count.succeeded}});
  }
  return Json{{"split", name},
              {"arms", std::move(arms)},
              {"decided", counts.decided.empty() ? Json() : Json(counts.decided)},
              {"unbalanced", counts.unbalanced}};
}

Json journey_json(const std::string& name, const JourneyCounts& counts) {
  Json inside = Json::array();
  for (const auto& [step, count] : counts.inside) {
    if (count != 0) inside.push_back({{"step", step}, {"count", count}});
  }
  Json messages = Json::array();
  for (const auto& [campaign, message] : counts.messages) {
    messages.push_back({{"campaign", campaign},
                        {"planned", message.planned},
                        {"accepted", message.accepted},
                        {"skipped", counts_json(message.skipped)}});
  }
  Json splits = Json::array();
  for (const auto& [split, measured] : counts.splits) splits.push_back(split_json(split, measured));
  return Json{{"journey", name},
              {"states", counts.states},
              {"held_back", counts.held_back},
              {"entered", counts.entered},
              {"inside", std::move(inside)},
              {"exited", counts_json(counts.exited)},
              {"refused", counts_json(counts.refused)},
              {"messages", std::move(messages)},
              {"splits", std::move(splits)}};
}

// The labels of a family's parts, in order.
struct Family {
  std::string_view family;
  std::string_view metric;
  std::string_view type;
  std::vector<std::string_view> labels;
};

const std::vector<Family>& families() {
  static const std::vector<Family> kFamilies{
      {"entered", "sojourn_enrollments_entered_total", "counter", {"journey"}},
      {"refused", "sojourn_entries_refused_total", "counter", {"journey", "rule"}},
      {"inside", "sojourn_enrollments_inside", "gauge", {"journey", "version", "step"}},
      {"reached", "sojourn_steps_reached_total", "counter", {"journey", "step"}},
      {"exited", "sojourn_enrollments_exited_total", "counter", {"journey", "reason"}},
      {"planned", "sojourn_messages_planned_total", "counter", {"journey", "campaign"}},
      {"accepted", "sojourn_messages_accepted_total", "counter", {"journey", "campaign"}},
      {"skipped", "sojourn_messages_skipped_total", "counter", {"journey", "campaign", "reason"}},
      {"measured", "sojourn_split_people", "gauge", {"journey", "split", "arm"}},
      {"measure_met", "sojourn_split_successes", "gauge", {"journey", "split", "arm"}},
      {"decided", "sojourn_split_decided", "gauge", {"journey", "split", "arm"}},
      {"unbalanced", "sojourn_split_unbalanced", "gauge", {"journey", "split"}},
      {"operation", "sojourn_journey_operation", "gauge", {"journey", "state"}},
      {"held_back", "sojourn_journey_held_back", "gauge", {"journey"}},
      {"in_doubt", "sojourn_attempts_in_doubt_total", "counter", {"endpoint"}},
      {"parked", "sojourn_deliveries_parked", "gauge", {"endpoint"}},
      {"look_ups", "sojourn_look_ups_total", "counter", {"endpoint", "result"}},
      {"may_be_doubled", "sojourn_may_be_doubled_total", "counter", {"endpoint"}},
      {"events", "sojourn_events_total", "counter", {"event"}},
      {"fan_outs", "sojourn_fan_outs_total", "counter", {"event", "outcome"}},
      {"fan_out_users", "sojourn_fan_out_users_total", "counter", {"event"}},
      {"updates", "sojourn_profile_updates_sent_total", "counter", {"outcome"}},
      {"tracks", "sojourn_events_sent_total", "counter", {"outcome"}},
      {"list_changes", "sojourn_list_changes_sent_total", "counter", {"outcome"}},
      {"subscription_changes", "sojourn_subscription_changes_sent_total", "counter", {"outcome"}},
      {"calls", "sojourn_webhook_calls_total", "counter", {"webhook", "outcome"}},
      {"dead_letters_kept", "sojourn_dead_letters", "gauge", {}},
      {"dead_letters_gone", "sojourn_dead_letters_gone_total", "counter", {"how"}},
      {"repeated_events", "sojourn_repeated_events_total", "counter", {}},
      {"undeclared_events", "sojourn_undeclared_events_total", "counter", {}},
      {"profile_updates", "sojourn_profile_updates_total", "counter", {}},
  };
  return kFamilies;
}

// Prometheus text format 0.0.4: backslash, quote and line feed are escaped.
std::string label_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

void append_family(std::string& out, const Family& family, const Counters& counters) {
  bool first = true;
  for (const auto& [name, value] : counters.values()) {
    const auto parts = runtime::counter_parts(name);
    if (parts[0] != family.family || parts.size() != family.labels.size() + 1) continue;
    if (first) out += fmt::format("# TYPE {} {}\n", family.metric, family.type);
    first = false;
    out += family.metric;
    for (std::size_t i = 0; i < family.labels.size(); ++i) {
      out += fmt::format("{}{}=\"{}\"", i == 0 ? '{' : ',', family.labels[i],
                         label_value(parts[i + 1]));
    }
    out += fmt::format("{} {}\n", family.labels.empty() ? "" : "}", value);
  }
}

template <typename Value>
void append_metric(std::string& out, std::string_view name, std::string_view type, Value value) {
  out += fmt::format("# TYPE {} {}\n{} {}\n", name, type, name, value);
}

}  // namespace

std::string status_json(const Gauges& gauges, const Counters& counters) {
  const Sorted counts = sorted(counters);
  Json journeys = Json::array();
  for (const auto& [name, journey] : counts.journeys) {
    journeys.push_back(journey_json(name, journey));
  }
  Json webhooks = Json::array();
  for (const auto& [webhook, calls] : counts.calls) {
    webhooks.push_back({{"webhook", webhook}, {"calls", counts_json(calls)}});
  }
  const Json json{{"project", gauges.project},
                  {"environment", gauges.environment},
                  {"now", base::to_iso8601(gauges.now)},
                  {"commits", gauges.sequence},
                  {"waiting_items", gauges.shard.waiting_items},
                  {"attempts_under_way", gauges.attempts_under_way},
                  {"next_due", gauges.shard.next_wake == base::kNever
                                   ? Json()
                                   : Json(base::to_iso8601(gauges.shard.next_wake))},
                  {"journeys", std::move(journeys)},
                  {"webhooks", std::move(webhooks)},
                  {"others", counts_json(counts.others)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string metrics_text(const Gauges& gauges, const Counters& counters) {
  std::string out;
  for (const Family& family : families()) append_family(out, family, counters);
  append_metric(out, "sojourn_commits", "counter", gauges.sequence);
  append_metric(out, "sojourn_turns_total", "counter", gauges.shard.turns);
  append_metric(out, "sojourn_intake_waiting_items", "gauge", gauges.shard.waiting_items);
  append_metric(out, "sojourn_intake_max_waiting_items", "gauge", gauges.max_waiting_items);
  append_metric(out, "sojourn_intake_unanswered_requests", "gauge", gauges.intake_waiting);
  append_metric(out, "sojourn_intake_turned_away_total", "counter", gauges.intake_turned_away);
  append_metric(out, "sojourn_attempts_under_way", "gauge", gauges.attempts_under_way);
  append_metric(out, "sojourn_claims_without_outcome", "gauge", gauges.shard.in_flight);
  append_metric(out, "sojourn_fan_out_waiting_users", "gauge", gauges.shard.fan_out_waiting);
  append_metric(out, "sojourn_max_in_doubt_per_endpoint", "gauge", gauges.max_in_doubt);
  append_metric(out, "sojourn_max_parked_per_endpoint", "gauge", gauges.max_parked);
  append_metric(out, "sojourn_http_open_connections", "gauge", gauges.server.open_connections);
  append_metric(out, "sojourn_http_requests_total", "counter", gauges.server.requests);
  append_metric(out, "sojourn_http_refused_requests_total", "counter",
                gauges.server.refused_requests);
  append_metric(out, "sojourn_iterable_connections_opened_total", "counter",
                gauges.client.connections_opened);
  append_metric(out, "sojourn_iterable_calls_total", "counter", gauges.client.calls);
  append_metric(out, "sojourn_iterable_failures_total", "counter", gauges.client.failures);
  append_metric(out, "sojourn_max_calls_in_doubt_per_host", "gauge", gauges.max_calls_in_doubt);
  append_metric(out, "sojourn_webhook_attempts_under_way", "gauge", gauges.webhooks.in_flight);
  append_metric(out, "sojourn_webhook_attempts_total", "counter", gauges.webhooks.calls);
  append_metric(out, "sojourn_webhook_attempt_failures_total", "counter", gauges.webhooks.failures);
  append_metric(out, "sojourn_webhook_connections_opened_total", "counter",
                gauges.webhooks.connections_opened);
  return out;
}

}  // namespace sojourn::app
