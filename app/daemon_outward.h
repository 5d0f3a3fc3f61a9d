// What the daemon asks others: Iterable, one call or many at a time, and the hosts of webhooks. On
// the loop's thread.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/gauges.h"
#include "app/iterable_transport.h"
#include "app/webhook_places.h"
#include "app/webhook_transport.h"
#include "runtime/dispatcher.h"
#include "runtime/uv/timer.h"

namespace sojourn::base {
class Clock;
}
namespace sojourn::graph {
struct Catalog;
}
namespace sojourn::uv {
class Loop;
}

namespace sojourn::app {

class DaemonOutward {
 public:
  // All outlive it. `places` are the hosts of webhooks, `catalog` says what each returns. `ended`
  // is told how each attempt ended.
  DaemonOutward(uv::Loop& loop, base::Clock& clock, const Config& config,
                const std::string& iterable_key, std::vector<WebhookPlace> places,
                const graph::Catalog& catalog, std::function<void(runtime::AttemptEnded)> ended);

  void dispatch(runtime::Outgoing outgoing) { dispatcher_.dispatch(std::move(outgoing)); }
  std::size_t under_way() const { return dispatcher_.under_way(); }
  void report(Gauges& into) const;

 private:
  void send_in_bulk(runtime::Endpoint endpoint, double per_second);

  uv::Loop& loop_;
  base::Clock& clock_;
  const Config& config_;
  IterableTransport iterable_;
  WebhookTransport webhooks_;
  runtime::Dispatcher dispatcher_;
  std::list<uv::Timer> bulk_timers_;
};

}  // namespace sojourn::app
