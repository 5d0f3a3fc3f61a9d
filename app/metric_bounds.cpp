// The limits of the daemon and how full they are (metrics.h).
#include <algorithm>
#include <array>

#include "app/metrics.h"

namespace sojourn::app {
namespace {

template <typename Number>
double number(Number value) {
  return static_cast<double>(value);
}

double seconds(base::Millis time) {
  return number(time.count) / 1000;
}

// Of all that share a limit, that which has used most of it.
double fullest(const std::vector<runtime::LaneReport>& lanes) {
  std::uint32_t most = 0;
  for (const runtime::LaneReport& lane : lanes) most = std::max(most, lane.in_flight);
  return most;
}

using G = const Gauges&;

// What is fixed of the listeners.
const uv::HttpServerOptions kHttp;

constexpr auto kBounds = std::to_array<MetricBound>({
    {"intake_items", "[intake] max_waiting_items",
     [](G g) { return number(g.config.max_waiting_items); },
     [](G g) { return number(g.shard.waiting_items); }},
    {"intake_bytes", "[intake] max_waiting_bytes",
     [](G g) { return number(g.config.max_waiting_bytes); },
     [](G g) { return number(g.shard.waiting_bytes); }},
    {"intake_connections", "[intake] max_connections",
     [](G g) { return number(g.config.max_connections); },
     [](G g) { return number(g.server.open_connections); }},
    {"http_head_bytes", "", [](G) { return number(kHttp.max_head_bytes); }, nullptr},
    {"http_headers", "", [](G) { return number(kHttp.max_headers); }, nullptr},
    {"http_pipelined_requests", "", [](G) { return number(kHttp.max_pipelined); }, nullptr},
    {"http_unfinished_bytes", "", [](G) { return number(kHttp.max_unfinished_bytes); },
     [](G g) { return number(g.server.unfinished_bytes); }},
    {"http_idle_seconds", "", [](G) { return seconds(kHttp.idle_timeout); }, nullptr},
    {"http_head_seconds", "", [](G) { return seconds(kHttp.head_timeout); }, nullptr},
    {"http_body_seconds", "", [](G) { return seconds(kHttp.body_timeout); }, nullptr},
    {"http_answer_seconds", "", [](G) { return seconds(kHttp.write_timeout); }, nullptr},
    {"keys", "", [](G) { return number(kMaxKeys); },
     // The one under [intake] is not among them.
     [](G g) {
       return number(std::ranges::count_if(
           g.keys, [](const Doorkeeper::Use& use) { return use.name != kIntakeKeyName; }));
     }},
    {"request_bytes", "[intake] max_body_bytes",
     [](G g) { return number(g.config.max_body_bytes); }, nullptr},
    {"request_items", "[intake] max_items_per_request",
     [](G g) { return number(g.config.max_items_per_request); }, nullptr},
    {"forward_connections", "[forward] max_connections",
     [](G g) { return number(g.config.forward.max_connections); },
     [](G g) {
       return number(
           std::min<std::uint64_t>(g.forwarder.in_flight, g.config.forward.max_connections));
     }},
    {"forward_waiting", "[forward] max_waiting",
     [](G g) { return number(g.config.forward.max_waiting); },
     [](G g) { return number(g.forwarder.queued); }},
    {"forward_queued", "[forward] max_queued",
     [](G g) { return number(g.config.forward.max_queued); },
     [](G g) { return number(g.forwards_waiting); }},
    {"forward_seconds", "[forward] timeout_seconds",
     [](G g) { return seconds(g.config.forward.timeout); }, nullptr},
    {"claims_of_an_endpoint", "[iterable] max_in_doubt",
     [](G g) { return number(g.config.max_in_doubt); },
     [](G g) { return fullest(g.measured.shard.endpoints); }},
    {"parked_of_an_endpoint", "[iterable] max_parked",
     [](G g) { return number(g.config.max_parked); },
     [](G g) { return number(g.measured.shard.parked.used); }},
    {"bulk_items", "[iterable.bulk] max_items", [](G g) { return number(g.config.bulk.max_items); },
     nullptr},
    {"bulk_bytes", "[iterable.bulk] max_bytes", [](G g) { return number(g.config.bulk.max_bytes); },
     nullptr},
    {"look_up_after_seconds", "[iterable] look_up_after_seconds",
     [](G g) { return number(g.config.look_up_after.count) / 1000; }, nullptr},
    {"absent_after_seconds", "[iterable] absent_after_seconds",
     [](G g) { return seconds(g.config.absent_after); }, nullptr},
    {"iterable_connections", "[iterable] max_connections",
     [](G g) { return number(g.config.iterable_connections); },
     [](G g) {
       return number(std::min<std::uint64_t>(g.client.in_flight, g.config.iterable_connections));
     }},
    {"iterable_seconds", "[iterable] timeout_seconds",
     [](G g) { return seconds(g.config.iterable_timeout); }, nullptr},
    {"calls_of_a_host", "[webhooks] max_in_doubt",
     [](G g) { return number(g.config.webhooks.max_in_doubt); },
     [](G g) { return fullest(g.measured.shard.hosts); }},
    {"release_per_second", "[operations] release_per_second",
     [](G g) { return number(g.config.release_per_second); }, nullptr},
    {"overdue_per_second", "[timers] overdue_per_second",
     [](G g) { return number(g.config.overdue_per_second); }, nullptr},
    {"put_off_per_second", "[timers] put_off_per_second",
     [](G g) { return number(g.config.put_off_per_second); }, nullptr},
    {"clock_settle_minutes", "[clock] settle_minutes",
     [](G g) { return seconds(g.config.clock_settle) / 60; }, nullptr},
    {"clock_max_outage_days", "[clock] max_outage_days",
     [](G g) { return g.config.max_outage ? seconds(*g.config.max_outage) / 86'400 : 0; }, nullptr},
    {"store_cache_mb", "[store] cache_mb", [](G g) { return number(g.config.cache_mebibytes); },
     nullptr},
    {"keep_log_days", "[store] keep_log_days", [](G g) { return number(g.config.keep_log_days); },
     nullptr},
    {"write_ahead_log_kb", "[store] write_ahead_log_kb",
     [](G g) { return number(g.config.write_ahead_log_kibibytes); }, nullptr},
    {"ballast_mb", "[store] ballast_mb", [](G g) { return number(g.config.ballast_mebibytes); },
     nullptr},
    {"fan_out_users", "", [](G g) { return number(g.measured.shard.fan_out_users.limit); },
     [](G g) { return number(g.measured.shard.fan_out_users.used); }},
    {"dead_letters", "", [](G g) { return number(g.measured.shard.dead_letters.limit); },
     [](G g) { return number(g.measured.shard.dead_letters.used); }},
    {"split_units", "", [](G g) { return number(g.measured.shard.split_units.limit); },
     [](G g) { return number(g.measured.shard.split_units.used); }},
    {"user_cache_bytes", "", [](G g) { return number(g.measured.shard.user_cache_bytes.limit); },
     [](G g) { return number(g.measured.shard.user_cache_bytes.used); }},
});

}  // namespace

std::span<const MetricBound> metric_bounds() {
  return kBounds;
}

}  // namespace sojourn::app
