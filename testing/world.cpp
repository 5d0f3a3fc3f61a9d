#include "testing/world.h"

#include <algorithm>
#include <array>

namespace sojourn::testing {
namespace {

// A year less a day, so that what comes every year comes once.
constexpr base::Millis kEntriesOfTheEnd = base::days24(364);

}  // namespace

World::World(const TestProgram& program, calendar::ZoneSource& zones, Coverage& coverage)
    : places_(program.journeys().size()),
      context_{program, zones, {}, &places_},
      about_user_(context_, journal_, coverage, false),
      about_other_user_(context_, journal_, coverage, true) {}

Occurrence& World::record(Occurrence::Kind kind) {
  Occurrence& occurrence = journal_.emplace_back();
  occurrence.kind = kind;
  occurrence.at = context_.now;
  return occurrence;
}

bool World::wake_first(base::Instant until) {
  Person* first = nullptr;
  base::Instant earliest = until;
  for (Person* person : {&user_, &other_user_}) {
    const auto due = person->next_due();
    if (!due || *due > earliest || (first != nullptr && *due == earliest)) continue;
    first = person;
    earliest = *due;
  }
  if (first == nullptr) return false;
  ++wake_ups_;
  context_.now = std::max(context_.now, earliest);
  first->wake();
  return true;
}

bool World::run_until(base::Instant until) {
  while (wake_ups_ < kMaxWakeUps) {
    if (wake_first(until)) continue;
    context_.now = std::max(context_.now, until);
    return true;
  }
  return false;
}

bool World::goes_on(base::Instant last_entry) const {
  return std::ranges::any_of(std::array{&user_, &other_user_}, [&](const Person* person) {
    const auto entry = person->next_single_entry();
    return person->waits() || (entry && *entry <= last_entry);
  });
}

bool World::run_to_the_end() {
  const base::Instant last_entry = context_.now + kEntriesOfTheEnd;
  while (wake_ups_ < kMaxWakeUps) {
    if (!goes_on(last_entry) || !wake_first(base::kNever)) return true;
  }
  return false;
}

}  // namespace sojourn::testing
