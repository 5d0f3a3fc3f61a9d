// The part of World that is about the wall clock: it jumps, and the daemon may believe it.
#include <cstdlib>
#include <fmt/format.h>

#include "tests/sim/world.h"

namespace sojourn::sim {
namespace {
constexpr base::Millis kSettle = base::minutes(60);
}

void World::jump() {
  ++clock_jumps_;
  switch (chance_.below(4)) {
    case 0:  // put right
      return set_clock({});
    case 1:  // a little off
      return set_clock({clock_.ahead().count + chance_.between(-9'000, 9'000)});
    case 2:
      return set_clock(chance_.time(base::minutes(1), base::hours(30)));
    default:
      return set_clock({-chance_.time(base::minutes(1), base::hours(3)).count});
  }
}

void World::set_clock(base::Millis ahead) {
  trace_.line(fmt::format("the wall clock is now {} ms ahead", ahead.count));
  const bool is_small = std::abs(ahead.count - clock_.ahead().count) <= 10'000;
  // Until a wall clock has been believed since the start, the next one that can be is.
  if (node_ != nullptr && !has_believed_) has_believed_ = node_->clock_is_steady();
  clock_.set_ahead(ahead);
  if (is_small || !has_believed_) believe_ahead();
  // It may be believed once it has stood for so long; a little before that it cannot.
  agenda_.after({kSettle.count - 60'000}, [this, ahead] {
    if (std::abs(clock_.ahead().count - ahead.count) <= 20'000) believe_ahead();
  });
  if (node_) node_->wake();
}

void World::believe_ahead() {
  watch_.may_be_ahead(clock_.ahead());
}

}  // namespace sojourn::sim
