#include "tests/durability/traffic.h"

#include <fmt/format.h>

namespace sojourn::durability {

using connectors::OutcomeKind;

runtime::IntakeRequest Traffic::request() {
  runtime::IntakeRequest request;
  request.token = ++requests_;
  const std::uint64_t count = 1 + base::random_below(random_, 3);
  for (std::uint64_t i = 0; i < count; ++i) request.items.push_back(item());
  return request;
}

runtime::IntakeItem Traffic::item() {
  const std::uint64_t chance = base::random_below(random_, 100);
  if (people_.empty() || chance < 35) {
    people_.push_back({.email = fmt::format("person{}@example.com", people_.size())});
    return event(people_.back(), "signup");
  }
  if (chance < 55) {
    runtime::IntakeUpdate update;
    update.person = anybody();
    update.fields.emplace_back("score", static_cast<std::int64_t>(requests_));
    return update;
  }
  if (chance < 80) return event(anybody(), "opened");
  if (chance < 85) return event(anybody(), "unsubscribed");
  ++repeats_;
  return events_.at(base::random_below(random_, events_.size()));
}

runtime::IntakeEvent Traffic::event(runtime::Person person, const char* wire_name) {
  runtime::IntakeEvent event;
  event.person = std::move(person);
  event.wire_name = wire_name;
  event.id = fmt::format("event-{}", events_.size());
  events_.push_back(event);
  return event;
}

const runtime::Person& Traffic::anybody() {
  return people_.at(base::random_below(random_, people_.size()));
}

runtime::AttemptEnded Traffic::outcome(const runtime::Outgoing& outgoing) {
  runtime::AttemptEnded ended;
  ended.key = outgoing.key;
  ended.attempt = outgoing.attempt;
  ended.endpoint = outgoing.endpoint;
  const std::uint64_t chance = base::random_below(random_, 10);
  if (chance < 6) {
    ended.outcome = {.kind = OutcomeKind::kAccepted, .reason = "accepted"};
  } else if (chance < 8) {
    ended.outcome = {.kind = OutcomeKind::kRetry, .reason = "server_error"};
  } else if (chance < 9) {
    ended.outcome = {.kind = OutcomeKind::kUnknown, .reason = "no_answer"};
  } else {
    ended.outcome = {.kind = OutcomeKind::kRejected, .reason = "refused"};
  }
  return ended;
}

}  // namespace sojourn::durability
