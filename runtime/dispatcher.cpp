#include "runtime/dispatcher.h"

#include <utility>

#include "connectors/iterable/outcome_table.h"

namespace sojourn::runtime {
namespace {

namespace iterable = connectors::iterable;

AttemptEnded ended(const store::DeliveryKey& key, std::uint32_t attempt, Endpoint endpoint,
                   bool just_updated, const connectors::Attempt& result) {
  const bool repeatable = endpoint == Endpoint::kUsersUpdate || endpoint == Endpoint::kEventsTrack;
  AttemptEnded out;
  out.key = key;
  out.attempt = attempt;
  out.endpoint = endpoint;
  out.outcome =
      iterable::decide(repeatable ? iterable::Endpoint::kRepeat : iterable::Endpoint::kSend, result,
                       just_updated ? iterable::Lag::kJustUpdated : iterable::Lag::kNone);
  return out;
}

}  // namespace

Dispatcher::Dispatcher(Transport& transport, std::function<void(AttemptEnded)> report)
    : transport_(transport), report_(std::move(report)) {}

void Dispatcher::dispatch(Outgoing outgoing) {
  ++under_way_;
  const auto finish = [this, key = outgoing.key, attempt = outgoing.attempt,
                       endpoint = outgoing.endpoint,
                       just_updated = outgoing.just_updated](const connectors::Attempt& result) {
    --under_way_;
    report_(ended(key, attempt, endpoint, just_updated, result));
  };
  if (transport_.send(outgoing.request, finish)) return;
  finish(connectors::TransportFailure{false, "the queue of requests is full"});
}

}  // namespace sojourn::runtime
