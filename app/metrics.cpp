#include "app/metrics.h"

#include <array>
#include <fmt/format.h>
#include <utility>

#include "app/metric_families.h"
#include "runtime/counter_names.h"

namespace sojourn::app {
namespace {

using runtime::Histogram;
using runtime::LaneReport;

constexpr std::string_view kCounter = "counter";
constexpr std::string_view kGauge = "gauge";

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

void append_head(std::string& out, std::string_view name, std::string_view type,
                 std::string_view help) {
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

template <typename Number>
double number(Number value) {
  return static_cast<double>(value);
}
double seconds(base::Millis millis) {
  return static_cast<double>(millis.count) / 1000;
}

std::vector<std::string_view> label_names(std::string_view labels) {
  std::vector<std::string_view> names;
  while (!labels.empty()) {
    const std::size_t comma = labels.find(',');
    names.push_back(labels.substr(0, comma));
    if (comma == std::string_view::npos) break;
    labels.remove_prefix(comma + 1);
  }
  return names;
}

void append_family(std::string& out, const MetricFamily& family, const Counters& counters) {
  const std::vector<std::string_view> labels = label_names(family.labels);
  bool first = true;
  for (const auto& [name, value] : counters.values()) {
    const auto parts = runtime::counter_parts(name);
    if (parts[0] != family.family || parts.size() != labels.size() + 1) continue;
    if (first) append_head(out, family.metric, family.type, family.help);
    first = false;
    out += family.metric;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      out += fmt::format("{}{}=\"{}\"", i == 0 ? '{' : ',', labels[i], label_value(parts[i + 1]));
    }
    out += fmt::format("{} {}\n", labels.empty() ? "" : "}", value);
  }
}

// One number of the whole daemon.
struct Single {
  std::string_view name;
  std::string_view type;
  double (*value)(const Gauges&);
  std::string_view help;
};
using G = const Gauges&;
constexpr auto kSingles = std::to_array<Single>({
    {"sojourn_commits", kCounter, [](G g) { return number(g.sequence); },
     "commits since the store was made"},
    {"sojourn_turns_total", kCounter, [](G g) { return number(g.shard.turns); },
     "turns of the shard"},
    {"sojourn_intake_waiting_items", kGauge, [](G g) { return number(g.shard.waiting_items); },
     "items of senders that wait for a turn"},
    {"sojourn_intake_max_waiting_items", kGauge,
     [](G g) { return number(g.config.max_waiting_items); },
     "as many may wait; beyond, senders get a 429"},
    {"sojourn_intake_unanswered_requests", kGauge, [](G g) { return number(g.intake_waiting); },
     "requests of senders that wait for their commit"},
    {"sojourn_intake_turned_away_total", kCounter, [](G g) { return number(g.intake_turned_away); },
     "requests answered with a 429"},
    {"sojourn_notices_unanswered_requests", kGauge, [](G g) { return number(g.notices_waiting); },
     "system webhooks of Iterable that wait for their commit"},
    {"sojourn_notices_unauthorized_total", kCounter,
     [](G g) { return number(g.notices_refused.unauthorized); },
     "requests to the path of system webhooks without the key: answered with a 401"},
    {"sojourn_notices_malformed_total", kCounter,
     [](G g) { return number(g.notices_refused.malformed); },
     "requests there that were no notices: answered with a 400"},
    {"sojourn_notices_nameless_total", kCounter,
     [](G g) { return number(g.notices_refused.nameless); },
     "notices of consent or an address that name nobody: answered with a 400"},
    {"sojourn_notices_turned_away_total", kCounter,
     [](G g) { return number(g.notices_refused.no_room); }, "notices answered with a 429"},
    {"sojourn_disk_takes_in", kGauge, [](G g) { return number(g.disk.takes_in); },
     "0: the store's disk is nearly full, and senders get a 503"},
    {"sojourn_disk_free_bytes", kGauge, [](G g) { return number(g.disk.free_bytes); },
     "free on the store's disk, the ballast not counted"},
    {"sojourn_disk_ballast_bytes", kGauge, [](G g) { return number(g.disk.ballast_bytes); },
     "held by the ballast; 0: it has been given up"},
    {"sojourn_disk_turned_away_total", kCounter, [](G g) { return number(g.turned_away_by_disk); },
     "requests answered with a 503, because the store's disk was nearly full"},
    {"sojourn_forwards_missed_total", kCounter, [](G g) { return number(g.forwards_missed); },
     "calls that Iterable took and of which something could not be taken here"},
    {"sojourn_forward_calls_total", kCounter, [](G g) { return number(g.forwarder.calls); },
     "calls of senders that Iterable was asked about"},
    {"sojourn_forward_failures_total", kCounter, [](G g) { return number(g.forwarder.failures); },
     "those of them that nobody answered"},
    {"sojourn_attempts_under_way", kGauge, [](G g) { return number(g.attempts_under_way); },
     "requests to Iterable and to webhooks without an answer yet"},
    {"sojourn_claims_without_outcome", kGauge, [](G g) { return number(g.shard.in_flight); },
     "claims without a recorded outcome: what a crash can double"},
    {"sojourn_max_in_doubt_per_endpoint", kGauge, [](G g) { return number(g.config.max_in_doubt); },
     "the most claims of one endpoint without an outcome"},
    {"sojourn_max_calls_in_doubt_per_host", kGauge,
     [](G g) { return number(g.config.webhooks.max_in_doubt); },
     "the most calls of one host without an outcome"},
    {"sojourn_fan_out_waiting_users", kGauge,
     [](G g) { return number(g.measured.shard.fan_out_users.used); },
     "users who are still to get an event for many"},
    {"sojourn_census_is_on", kGauge, [](G g) { return number(g.measured.shard.census_is_on); },
     "1: all users are being looked at, because rules have changed"},
    {"sojourn_clock_state", kGauge, [](G g) { return number(static_cast<int>(g.clock)); },
     "0: steady; 1: behind, the wall clock was set back; 2: doubted, it leapt ahead"},
    {"sojourn_clock_ahead_of_wall_seconds", kGauge, [](G g) { return seconds(g.now - g.wall); },
     "how far the daemon's time is ahead of the wall clock"},
    {"sojourn_held", kGauge, [](G g) { return number(g.held.has_value()); },
     "1: the store was restored from a backup, and nothing leaves until it is released"},
    {"sojourn_timers_overdue", kGauge, [](G g) { return number(g.measured.shard.overdue.waiting); },
     "timers that are late by more than a minute and wait, counted once a minute, up to 1,000,000"},
    {"sojourn_timers_behind_seconds", kGauge,
     [](G g) { return seconds(g.measured.shard.overdue.late_by); },
     "how long the oldest timer has been due that was not taken yet"},
    {"sojourn_deliveries_behind_seconds", kGauge,
     [](G g) { return seconds(g.measured.shard.deliveries_behind); },
     "how long the oldest delivery has been due that was not claimed yet"},
    {"sojourn_timer_longest_lateness_seconds", kGauge,
     [](G g) { return seconds(g.measured.shard.lateness.longest()); },
     "the latest that a timer was taken after it was due, since the start"},
    {"sojourn_loop_longest_lag_seconds", kGauge, [](G g) { return seconds(g.loop_lag.longest()); },
     "the longest that the loop was held up, since the start"},
    {"sojourn_http_open_connections", kGauge, [](G g) { return number(g.server.open_connections); },
     "connections of senders"},
    {"sojourn_http_turned_away_connections_total", kCounter,
     [](G g) { return number(g.server.turned_away_connections); },
     "connections beyond `max_connections`, while all the others waited for us"},
    {"sojourn_http_displaced_connections_total", kCounter,
     [](G g) { return number(g.server.displaced_connections); },
     "connections closed to make room for others: we had waited longest for their next byte"},
    {"sojourn_http_timeouts_total", kCounter, [](G g) { return number(g.server.timeouts); },
     "connections and requests that were given up, because nothing came in time"},
    {"sojourn_http_requests_total", kCounter, [](G g) { return number(g.server.requests); },
     "requests of senders"},
    {"sojourn_http_refused_requests_total", kCounter,
     [](G g) { return number(g.server.refused_requests); },
     "requests that were refused before anybody looked at them"},
    {"sojourn_key_unknown_total", kCounter, [](G g) { return number(g.unknown_keys); },
     "requests without a key, or with one that nobody was given: answered with a 401"},
    {"sojourn_iterable_queued_requests", kGauge, [](G g) { return number(g.client.queued); },
     "requests to Iterable that wait for a connection"},
    {"sojourn_iterable_connections_opened_total", kCounter,
     [](G g) { return number(g.client.connections_opened); }, "connections made to Iterable"},
    {"sojourn_iterable_calls_total", kCounter, [](G g) { return number(g.client.calls); },
     "requests made to Iterable"},
    {"sojourn_iterable_failures_total", kCounter, [](G g) { return number(g.client.failures); },
     "requests to Iterable that nobody answered"},
    {"sojourn_webhook_attempts_under_way", kGauge, [](G g) { return number(g.webhooks.in_flight); },
     "requests to webhooks without an answer"},
    {"sojourn_webhook_attempts_total", kCounter, [](G g) { return number(g.webhooks.calls); },
     "requests made to webhooks"},
    {"sojourn_webhook_attempt_failures_total", kCounter,
     [](G g) { return number(g.webhooks.failures); }, "requests to webhooks that nobody answered"},
    {"sojourn_webhook_connections_opened_total", kCounter,
     [](G g) { return number(g.webhooks.connections_opened); }, "connections made to webhooks"},
});

// One number of each endpoint of Iterable and each host of webhooks.
struct OfLane {
  std::string_view name;
  double (*value)(const LaneReport&);
  std::string_view help;
};
using L = const LaneReport&;
constexpr auto kOfLanes = std::to_array<OfLane>({
    {"sojourn_endpoint_claims", [](L l) { return number(l.in_flight); },
     "claims without a recorded outcome"},
    {"sojourn_endpoint_claims_allowed", [](L l) { return number(l.allowed); },
     "as many may be; fewer than the limit while the endpoint fails or recovers"},
    {"sojourn_endpoint_claims_limit", [](L l) { return number(l.limit); },
     "as many may be when all is well"},
    {"sojourn_endpoint_breaker", [](L l) { return number(static_cast<int>(l.breaker)); },
     "0: closed, all is well; 1: open; 2: half open, one attempt probes; 3: growing back"},
    {"sojourn_endpoint_is_slowed", [](L l) { return number(l.is_slowed); },
     "1: less is believed to be available than is configured, because of answers 429"},
    {"sojourn_endpoint_budget_configured_per_second", [](L l) { return l.configured_per_second; },
     "requests a second that are configured; +Inf: no limit"},
    {"sojourn_endpoint_budget_believed_per_second", [](L l) { return l.believed_per_second; },
     "requests a second that are believed to be available"},
});

// Infinity as Prometheus writes it.
std::string written(double value) {
  return value == runtime::Budget::kUnlimited ? "+Inf" : fmt::format("{}", value);
}

void append_lanes(std::string& out, const runtime::ShardGauges& shard) {
  for (const OfLane& metric : kOfLanes) {
    append_head(out, metric.name, kGauge, metric.help);
    for (const auto* lanes : {&shard.endpoints, &shard.hosts}) {
      for (const LaneReport& lane : *lanes) {
        out += fmt::format("{}{{endpoint=\"{}\"}} {}\n", metric.name, label_value(lane.name),
                           written(metric.value(lane)));
      }
    }
  }
}

void append_paces(std::string& out, const runtime::ShardGauges& shard) {
  constexpr std::string_view kName = "sojourn_pace_wait_seconds";
  append_head(out, kName, kGauge, "how long the last who came waits to enter a journey with pace");
  for (const runtime::PaceReport& pace : shard.paces) {
    out += fmt::format("{}{{journey=\"{}\"}} {}\n", kName, label_value(pace.journey),
                       seconds(pace.wait));
  }
}

void append_keys(std::string& out, const Gauges& gauges) {
  constexpr std::string_view kName = "sojourn_key_requests_total";
  append_head(out, kName, kCounter, "requests with a key, and whether it had the scope for them");
  for (const Doorkeeper::Use& use : gauges.keys) {
    for (const auto& [result, count] :
         {std::pair("admitted", use.admitted), std::pair("without_scope", use.without_scope)}) {
      out += fmt::format("{}{{key=\"{}\",result=\"{}\"}} {}\n", kName, label_value(use.name),
                         result, count);
    }
  }
}

void append_bounds(std::string& out, const Gauges& gauges) {
  const auto line = [&](std::string_view name, const MetricBound& bound, double value) {
    out += fmt::format("{}{{bound=\"{}\",key=\"{}\"}} {}\n", name, bound.name, bound.key, value);
  };
  append_head(out, "sojourn_bound_limit", kGauge, "a limit of the daemon, with its key");
  for (const MetricBound& bound : metric_bounds()) {
    line("sojourn_bound_limit", bound, bound.limit(gauges));
  }
  append_head(out, "sojourn_bound_used", kGauge, "how much of it is used");
  for (const MetricBound& bound : metric_bounds()) {
    if (bound.used != nullptr) line("sojourn_bound_used", bound, bound.used(gauges));
  }
}

struct OfTime {
  std::string_view name;
  const Histogram& (*value)(const Gauges&);
  std::string_view help;
};
constexpr auto kTimes = std::to_array<OfTime>({
    {"sojourn_timer_lateness_seconds",
     [](G g) -> const Histogram& { return g.measured.shard.lateness; },
     "how long after it was due each timer was taken"},
    {"sojourn_turn_seconds", [](G g) -> const Histogram& { return g.measured.turns; },
     "how long each turn of the shard took"},
    {"sojourn_commit_seconds", [](G g) -> const Histogram& { return g.measured.shard.commits; },
     "how long each commit took, with what it let out"},
    {"sojourn_loop_lag_seconds", [](G g) -> const Histogram& { return g.loop_lag; },
     "how late a timer of the loop came: what held up sockets"},
});

void append_time(std::string& out, const OfTime& metric, const Histogram& times) {
  append_head(out, metric.name, "histogram", metric.help);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < Histogram::kUpToMillis.size(); ++i) {
    sum += times.count(i);
    out += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", metric.name,
                       seconds(base::Millis{Histogram::kUpToMillis[i]}), sum);
  }
  out += fmt::format("{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2}\n{0}_count {1}\n", metric.name,
                     times.total(), seconds(times.sum()));
}

}  // namespace

std::string metrics_text(const Gauges& gauges, const Counters& counters) {
  std::string out;
  for (const MetricFamily& family : metric_families()) append_family(out, family, counters);
  for (const Single& single : kSingles) {
    append_head(out, single.name, single.type, single.help);
    out += fmt::format("{} {}\n", single.name, single.value(gauges));
  }
  append_keys(out, gauges);
  append_bounds(out, gauges);
  append_lanes(out, gauges.measured.shard);
  append_paces(out, gauges.measured.shard);
  for (const OfTime& time : kTimes) append_time(out, time, time.value(gauges));
  return out;
}

}  // namespace sojourn::app
