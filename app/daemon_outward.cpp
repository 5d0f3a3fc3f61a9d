#include "app/daemon_outward.h"

#include <cmath>
#include <utility>

#include "runtime/shard_input.h"

namespace sojourn::app {
namespace {

uv::HttpClientOptions client_options(const Config& config) {
  uv::HttpClientOptions client;
  client.max_connections = config.iterable_connections;
  client.max_queued = std::size_t{config.max_in_doubt} * runtime::kEndpointCount;
  client.total_timeout = config.iterable_timeout;
  client.allow_http = config.allow_http;
  client.ca_file = config.ca_file;
  return client;
}

}  // namespace

DaemonOutward::DaemonOutward(uv::Loop& loop, base::Clock& clock, const Config& config,
                             const std::string& iterable_key, std::vector<WebhookPlace> places,
                             const graph::Catalog& catalog,
                             std::function<void(runtime::AttemptEnded)> ended)
    : loop_(loop),
      clock_(clock),
      config_(config),
      iterable_(loop, client_options(config), config.base_url, iterable_key),
      webhooks_(loop, std::move(places), config.webhooks.ca_file, config.webhooks.max_in_doubt),
      dispatcher_(iterable_, std::move(ended)) {
  dispatcher_.carry_calls(webhooks_, catalog);
  if (!config_.bulk.on) return;
  send_in_bulk(runtime::Endpoint::kUsersUpdate, config_.bulk.users_update_per_second);
  send_in_bulk(runtime::Endpoint::kEventsTrack, config_.bulk.events_track_per_second);
}

void DaemonOutward::report(Gauges& into) const {
  into.attempts_under_way = under_way();
  into.client = iterable_.stats();
  into.webhooks = webhooks_.stats();
}

void DaemonOutward::send_in_bulk(runtime::Endpoint endpoint, double per_second) {
  runtime::BulkLimits limits;
  limits.items = config_.bulk.max_items;
  limits.bytes = config_.bulk.max_bytes;
  const double ours = per_second * config_.budgets.share;
  limits.gap = base::Millis{static_cast<std::int64_t>(std::ceil(1000 / ours))};
  uv::Timer& timer =
      bulk_timers_.emplace_back(loop_, [this, endpoint] { dispatcher_.wake(endpoint); });
  dispatcher_.send_in_bulk(endpoint, limits, clock_,
                           [&timer](base::Millis after) { timer.start(after); });
}

}  // namespace sojourn::app
