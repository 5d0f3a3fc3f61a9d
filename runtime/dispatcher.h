// Hands claimed deliveries to the network and brings their outcomes back. Knows
// no socket: the transport is given to it. Lives on the transport's thread. How
// much can be under way is bounded before: by the window of the shards that claim.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "connectors/attempt.h"
#include "connectors/request.h"
#include "connectors/webhook/request.h"
#include "graph/catalog.h"
#include "runtime/bulk_sender.h"
#include "runtime/shard_input.h"

namespace sojourn::base {
class Clock;
}

namespace sojourn::runtime {

// What is said of an attempt that found no room to begin.
inline constexpr const char* kQueueFull = "the queue of requests is full";

class Transport {
 public:
  virtual ~Transport() = default;
  using Done = std::function<void(connectors::Attempt)>;
  // Sends once and calls `done` once, later. False: it cannot be taken now, and
  // nothing was or will be sent.
  virtual bool send(const connectors::HttpRequest& request, Done done) = 0;
};

// The way to the services that journeys ask: it knows their addresses and secrets.
class CallTransport {
 public:
  virtual ~CallTransport() = default;
  // As Transport::send.
  virtual bool call(const connectors::webhook::Request& request, Transport::Done done) = 0;
};

class Dispatcher {
 public:
  // `report` takes each outcome; it must get to the shard whatever happens.
  Dispatcher(Transport& transport, std::function<void(AttemptEnded)> report);

  // Before the first call is dispatched; both outlive the dispatcher. `catalog` says what
  // each webhook returns.
  void carry_calls(CallTransport& calls, const graph::Catalog& catalog);

  // Before the first delivery is dispatched: what goes to `endpoint`, kUsersUpdate or kEventsTrack,
  // goes in bulk calls. Whoever is asked by `wake_after` calls `wake` of the same endpoint.
  void send_in_bulk(Endpoint endpoint, const BulkLimits& limits, base::Clock& clock,
                    BulkSender::WakeAfter wake_after);
  void wake(Endpoint endpoint);

  void dispatch(Outgoing outgoing);

  std::size_t under_way() const { return under_way_; }

 private:
  void dispatch_call(Outgoing outgoing);
  void dispatch_look_up(const Outgoing& outgoing);

  Transport& transport_;
  CallTransport* calls_ = nullptr;
  const graph::Catalog* catalog_ = nullptr;
  std::function<void(AttemptEnded)> report_;
  std::map<Endpoint, std::unique_ptr<BulkSender>> bulk_;
  std::size_t under_way_ = 0;
};

}  // namespace sojourn::runtime
