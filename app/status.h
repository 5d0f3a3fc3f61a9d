// What the daemon says of itself: as JSON for `sojourn status`, as Prometheus
// text for /metrics. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "app/counters.h"
#include "runtime/shard_thread.h"
#include "runtime/uv/http_client.h"
#include "runtime/uv/http_server.h"

namespace sojourn::app {

struct Gauges {
  std::string project;
  std::string environment;
  base::Instant now;
  std::uint64_t sequence = 0;  // of the last commit seen
  runtime::ShardThread::State shard;
  std::size_t intake_waiting = 0;
  std::uint64_t intake_turned_away = 0;
  std::size_t attempts_under_way = 0;
  std::uint32_t max_in_doubt = 0;
  std::uint32_t max_parked = 0;
  std::size_t max_waiting_items = 0;
  uv::HttpServerStats server;
  uv::HttpClientStats client;
  uv::HttpClientStats webhooks;
  std::uint32_t max_calls_in_doubt = 0;
};

// {"project":…,"journeys":[{"journey":…,"states":["paused"…],"held_back":…,"entered":…,"inside":[{"step":…,"count":…}…],
//  "exited":{reason:count},"refused":{…},"messages":[{"campaign":…,"planned":…,…}],
//  "splits":[{"split":…,"arms":[{"arm":…,"people":…,"succeeded":…}],"decided":…,
//  "unbalanced":…}]}]…,"webhooks":[{"webhook":…,"calls":{"planned":…,"answered":…,…}}]…}
std::string status_json(const Gauges& gauges, const Counters& counters);
std::string metrics_text(const Gauges& gauges, const Counters& counters);

}  // namespace sojourn::app
