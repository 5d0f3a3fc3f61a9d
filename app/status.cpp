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
    } else if (parts[0] != "tombstones_reported") {
      // What the daily report keeps for itself is no count.
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

Json time_or_null(base::Instant at, bool known) {
  return known ? Json(base::to_iso8601(at)) : Json();
}

// Of an endpoint or host that is not asked as usual: why, since when, and until when.
Json lane_json(const runtime::LaneReport& lane) {
  const bool is_closed = lane.breaker == runtime::Breaker::State::kClosed;
  Json json{{"endpoint", lane.name},
            {"breaker", runtime::to_string(lane.breaker)},
            {"since", time_or_null(lane.since, !is_closed)},
            {"reason", is_closed ? Json() : Json(lane.why)},
            {"nothing_before", time_or_null(lane.until, lane.until != base::Instant{})},
            {"in_flight", lane.in_flight},
            {"allowed", lane.allowed},
            {"slowed_since", time_or_null(lane.slowed_since, lane.is_slowed)},
            {"per_second", lane.is_slowed ? Json(lane.believed_per_second) : Json()}};
  return json;
}

Json lanes_json(const runtime::ShardGauges& shard) {
  Json json = Json::array();
  for (const auto* lanes : {&shard.endpoints, &shard.hosts}) {
    for (const runtime::LaneReport& lane : *lanes) {
      const bool is_well = lane.breaker == runtime::Breaker::State::kClosed && !lane.is_slowed &&
                           lane.until == base::Instant{};
      if (!is_well) json.push_back(lane_json(lane));
    }
  }
  return json;
}

Json disk_json(const DiskRoom::Report& disk) {
  return Json{{"takes_in", disk.takes_in},
              {"free_bytes", disk.free_bytes},
              {"ballast_bytes", disk.ballast_bytes},
              {"wanted_bytes", disk.takes_in ? Json() : Json(disk.wanted_bytes)},
              {"problem", disk.problem.empty() ? Json() : Json(disk.problem)}};
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
  Json held;
  if (gauges.held) {
    held = {{"backup_at", base::to_iso8601(gauges.held->backup_at)},
            {"commit", gauges.held->sequence},
            {"timers_run", gauges.held_timers_run}};
  }
  const Json json{{"project", gauges.config.project},
                  {"environment", gauges.config.environment},
                  {"now", base::to_iso8601(gauges.now)},
                  {"clock", runtime::to_string(gauges.clock)},
                  {"wall", base::to_iso8601(gauges.wall)},
                  {"held", std::move(held)},
                  {"commits", gauges.sequence},
                  {"waiting_items", gauges.shard.waiting_items},
                  {"overdue_timers", gauges.measured.shard.overdue.waiting},
                  {"overdue_timers_may_be_more", gauges.measured.shard.overdue.may_be_more},
                  {"attempts_under_way", gauges.attempts_under_way},
                  {"disk", disk_json(gauges.disk)},
                  {"next_due", gauges.shard.next_wake == base::kNever
                                   ? Json()
                                   : Json(base::to_iso8601(gauges.shard.next_wake))},
                  {"endpoints", lanes_json(gauges.measured.shard)},
                  {"journeys", std::move(journeys)},
                  {"webhooks", std::move(webhooks)},
                  {"others", counts_json(counts.others)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sojourn::app
