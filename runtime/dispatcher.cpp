#include "runtime/dispatcher.h"

#include <utility>

#include "connectors/iterable/outcome_table.h"

namespace sojourn::runtime {
namespace {

namespace iterable = connectors::iterable;

iterable::Endpoint kind_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kUsersUpdate:
    case Endpoint::kEventsTrack:
    case Endpoint::kSubscriptions:
      return iterable::Endpoint::kRepeat;
    case Endpoint::kListsSubscribe:
      return iterable::Endpoint::kJoinList;
    case Endpoint::kListsUnsubscribe:
      return iterable::Endpoint::kLeaveList;
    default:
      return iterable::Endpoint::kSend;
  }
}

AttemptEnded ended(const store::DeliveryKey& key, std::uint32_t attempt, Endpoint endpoint,
                   bool just_updated, const connectors::Attempt& result) {
  AttemptEnded out;
  out.key = key;
  out.attempt = attempt;
  out.endpoint = endpoint;
  out.outcome = iterable::decide(kind_of(endpoint), result,
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
