#include "runtime/breaker.h"

#include <algorithm>

namespace sojourn::runtime {
namespace {

using connectors::Health;

// All of it, or up to a half less.
base::Millis jittered(base::Millis rest, std::uint64_t random) {
  const auto most_less = static_cast<std::uint64_t>(rest.count / 2);
  return base::Millis{rest.count - static_cast<std::int64_t>(random % (most_less + 1))};
}

}  // namespace

// One that few ask would take days to grow by answers alone.
bool Breaker::is_calm(base::Instant now) const {
  return now - calm_since_ >= policy_.longest_rest;
}

Breaker::State Breaker::state(base::Instant now) const {
  switch (mode_) {
    case Mode::kClosed:
      return State::kClosed;
    case Mode::kOpen:
      return now < rests_until_ ? State::kResting : State::kProbing;
    case Mode::kGrowing:
      return is_calm(now) ? State::kClosed : State::kGrowing;
  }
  return State::kClosed;
}

std::uint32_t Breaker::allowed(base::Instant now) const {
  switch (state(now)) {
    case State::kClosed:
      return limit_;
    case State::kResting:
      return 0;
    case State::kProbing:
      return 1;
    case State::kGrowing:
      return std::min(grown_to_, limit_);
  }
  return limit_;
}

void Breaker::begin(base::Instant now) {
  probe_is_out_ = state(now) == State::kProbing;
}

Breaker::Change Breaker::end(Health health, std::string_view why, base::Instant now,
                             std::uint64_t random) {
  if (health == Health::kFailing) why_ = why;
  switch (mode_) {
    case Mode::kOpen:
      return probed(health, now, random);
    case Mode::kGrowing:
      return grow(health, now, random);
    case Mode::kClosed:
      break;
  }
  if (health == Health::kUnknown) return Change::kNone;
  run_ = health == Health::kFailing ? run_ + 1 : 0;
  if (run_ < policy_.failures) return Change::kNone;
  since_ = now;
  open(now, random);
  return Change::kOpened;
}

// What was under way when it opened has nothing new to say.
Breaker::Change Breaker::probed(Health health, base::Instant now, std::uint64_t random) {
  if (!probe_is_out_ || health == Health::kUnknown) {
    probe_is_out_ = false;
    return Change::kNone;
  }
  probe_is_out_ = false;
  if (health == Health::kFailing) {
    open(now, random);
    return Change::kNone;
  }
  mode_ = Mode::kGrowing;
  run_ = 0;
  grown_to_ = 1;
  calm_since_ = now;
  return grow(health, now, random);
}

// One more for each that went well: twice as many after every round.
Breaker::Change Breaker::grow(Health health, base::Instant now, std::uint64_t random) {
  if (health == Health::kUnknown) return Change::kNone;
  if (is_calm(now)) {
    const Change closed = close();
    if (health == Health::kFailing) run_ = 1;
    return closed;
  }
  if (health == Health::kFailing) {
    calm_since_ = now;
    grown_to_ = std::max<std::uint32_t>(1, grown_to_ / 2);
    if (++run_ < policy_.failures_while_growing) return Change::kNone;
    open(now, random);
    return Change::kNone;
  }
  run_ = 0;
  if (++grown_to_ < limit_) return Change::kNone;
  return close();
}

void Breaker::open(base::Instant now, std::uint64_t random) {
  mode_ = Mode::kOpen;
  run_ = 0;
  probe_is_out_ = false;
  rest_ = rest_.count == 0 ? policy_.first_rest
                           : std::min(base::Millis{rest_.count * 2}, policy_.longest_rest);
  rests_until_ = now + jittered(rest_, random);
}

Breaker::Change Breaker::close() {
  mode_ = Mode::kClosed;
  run_ = 0;
  rest_ = base::Millis{0};
  return Change::kClosed;
}

std::string_view to_string(Breaker::State state) {
  switch (state) {
    case Breaker::State::kClosed:
      return "closed";
    case Breaker::State::kResting:
      return "open";
    case Breaker::State::kProbing:
      return "half_open";
    case Breaker::State::kGrowing:
      return "growing";
  }
  return "closed";
}

}  // namespace sojourn::runtime
