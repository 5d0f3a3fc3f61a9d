// The life of one synthetic user, from their entry to the end of the simulation: the
// model says what comes to them, testing::Person takes it through the journey by the
// real engine, and what happens is counted.
#pragma once

#include <cstdint>

#include "simulate/model.h"
#include "simulate/tally.h"

#include "testing/test_program.h"

namespace sojourn::calendar {
class ZoneSource;
}

namespace sojourn::simulate {

// What all lives have in common; outlives them, and any number of threads may read it.
struct Setting {
  const testing::TestProgram& program;  // of one journey
  const Model& model;
  std::uint64_t seed = 0;
  std::size_t days = 0;

  const graph::Graph& graph() const { return program.journeys().front().graph(); }
  base::Instant end() const { return model.start + base::days24(static_cast<std::int64_t>(days)); }
};

// Events that one life may hold: a journey that waits for ever is cut off here.
inline constexpr std::size_t kMaxEventsOfALife = 1000;
// Timers of one life, likewise.
inline constexpr std::size_t kMaxTimersOfALife = 10'000;

// The same number lives the same life, on any thread, whoever else lives.
void live(const Setting& setting, std::uint64_t number, calendar::ZoneSource& zones, Tally& tally);

}  // namespace sojourn::simulate
