#include "runtime/dispatcher.h"

#include <utility>

#include "base/check.h"
#include "connectors/iterable/outcome_table.h"
#include "connectors/webhook/answer.h"

namespace sojourn::runtime {
namespace {

namespace iterable = connectors::iterable;
using connectors::Health;

iterable::Endpoint kind_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kUsersUpdate:
    case Endpoint::kEventsTrack:
    case Endpoint::kSubscriptions:
    case Endpoint::kSentMessages:
      return iterable::Endpoint::kRepeat;
    case Endpoint::kListsSubscribe:
      return iterable::Endpoint::kJoinList;
    case Endpoint::kListsUnsubscribe:
      return iterable::Endpoint::kLeaveList;
    case Endpoint::kUsersDelete:
    case Endpoint::kUsersForget:
      return iterable::Endpoint::kTakeAway;
    default:
      return iterable::Endpoint::kSend;
  }
}

// Of an endpoint that was asked; a full queue of ours says nothing of it.
template <typename Finish>
auto told_of(Finish finish) {
  return [finish](const connectors::Attempt& result) {
    finish(result, connectors::health_of(result));
  };
}

// Says nothing of the delivery yet.
AttemptEnded ended(const store::DeliveryKey& key, std::uint32_t attempt, Endpoint endpoint) {
  AttemptEnded out;
  out.key = key;
  out.attempt = attempt;
  out.endpoint = endpoint;
  return out;
}

}  // namespace

Dispatcher::Dispatcher(Transport& transport, std::function<void(AttemptEnded)> report)
    : transport_(transport), report_(std::move(report)) {}

void Dispatcher::carry_calls(CallTransport& calls, const graph::Catalog& catalog) {
  calls_ = &calls;
  catalog_ = &catalog;
}

void Dispatcher::send_in_bulk(Endpoint endpoint, const BulkLimits& limits, base::Clock& clock,
                              BulkSender::WakeAfter wake_after) {
  SOJOURN_CHECK(endpoint == Endpoint::kUsersUpdate || endpoint == Endpoint::kEventsTrack,
                "Iterable takes profiles and events in bulk");
  const iterable::BulkAction& action =
      endpoint == Endpoint::kUsersUpdate ? iterable::kUsersBulkUpdate : iterable::kEventsTrackBulk;
  const auto finish = [this](const Outgoing& outgoing, connectors::Outcome outcome, Health health) {
    --under_way_;
    AttemptEnded out;
    out.key = outgoing.key;
    out.attempt = outgoing.attempt;
    out.endpoint = outgoing.endpoint;
    out.outcome = std::move(outcome);
    out.health = health;
    report_(std::move(out));
  };
  bulk_[endpoint] = std::make_unique<BulkSender>(transport_, action, limits, clock,
                                                 std::move(wake_after), finish);
}

void Dispatcher::wake(Endpoint endpoint) {
  bulk_.at(endpoint)->wake();
}

void Dispatcher::dispatch(Outgoing outgoing) {
  if (outgoing.call) return dispatch_call(std::move(outgoing));
  if (outgoing.looked_up_campaign) return dispatch_look_up(outgoing);
  ++under_way_;
  const auto bulk = bulk_.find(outgoing.endpoint);
  if (bulk != bulk_.end() && bulk->second->takes(outgoing)) {
    return bulk->second->add(std::move(outgoing));
  }
  const auto kind = outgoing.passed_on.value_or(kind_of(outgoing.endpoint));
  const auto lag = outgoing.just_updated ? iterable::Lag::kJustUpdated : iterable::Lag::kNone;
  const auto finish = [this, key = outgoing.key, attempt = outgoing.attempt,
                       endpoint = outgoing.endpoint, kind,
                       lag](const connectors::Attempt& result, Health health) {
    --under_way_;
    AttemptEnded out = ended(key, attempt, endpoint);
    out.outcome = iterable::decide(kind, result, lag);
    out.health = health;
    report_(std::move(out));
  };
  if (transport_.send(outgoing.request, told_of(finish))) return;
  finish(connectors::TransportFailure{false, kQueueFull}, Health::kUnknown);
}

void Dispatcher::dispatch_look_up(const Outgoing& outgoing) {
  ++under_way_;
  const auto finish = [this, key = outgoing.key, attempt = outgoing.attempt,
                       endpoint = outgoing.endpoint, campaign = *outgoing.looked_up_campaign](
                          const connectors::Attempt& result, Health health) {
    --under_way_;
    AttemptEnded out = ended(key, attempt, endpoint);
    out.outcome = iterable::decide(kind_of(endpoint), result);
    out.health = health;
    out.look_up = iterable::read_sent_messages(campaign, result);
    report_(std::move(out));
  };
  if (transport_.send(outgoing.request, told_of(finish))) return;
  finish(connectors::TransportFailure{false, kQueueFull}, Health::kUnknown);
}

void Dispatcher::dispatch_call(Outgoing outgoing) {
  SOJOURN_CHECK(calls_ != nullptr, "whoever runs a program with calls carries them");
  const graph::Webhook* webhook = catalog_->find_webhook(outgoing.call->webhook);
  SOJOURN_CHECK(webhook != nullptr, "a verified program calls only declared webhooks");
  ++under_way_;
  const auto finish = [this, key = outgoing.key, attempt = outgoing.attempt, webhook](
                          const connectors::Attempt& result, Health health) {
    --under_way_;
    auto decided = connectors::webhook::decide(webhook->returns, result);
    AttemptEnded out;
    out.key = key;
    out.attempt = attempt;
    out.webhook = webhook->name;
    out.health = health;
    out.outcome = std::move(decided.outcome);
    out.reply = std::move(decided.reply);
    report_(std::move(out));
  };
  if (calls_->call(*outgoing.call, told_of(finish))) return;
  finish(connectors::TransportFailure{false, kQueueFull}, Health::kUnknown);
}

}  // namespace sojourn::runtime
