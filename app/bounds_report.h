// Proved bounds as people and tools read them. Pure.
//
//   trial "A trial"
//     ends within 57d4h
//     one user: unbounded: one per entry.plan
//     asserts: 2, all hold
//
//     messages           in all  in 24 h  in 7 d
//     all                     5        3       5
//     email                   4        3       4
//     campaign welcome        1        1       1
#pragma once

#include <string>
#include <vector>

#include "dsl/program.h"
#include "proof/prove.h"

namespace sojourn::app {

struct ProvedJourney {
  const dsl::CompiledJourney* journey = nullptr;
  proof::JourneyBounds bounds;
};

std::string journey_bounds_text(const ProvedJourney& proved);
// What all journeys come to for one user; `sends` as proof::sum_per_user gives them, the
// policy's rules taken into account.
std::string user_bounds_text(const std::vector<proof::SendBounds>& sends);

//   {"journeys": [{"journey", "title", "ends_within_ms", "endless_step",
//     "one_enrollment_per_user", "one_per", "asserts",
//     "sends": [{"kind", "name", "in_all", "in_24h", "in_7d"}]}],
//    "one_user": [the same as "sends"] or null}
// A bound that there is not is null. `user` is null when not all journeys were looked at.
std::string bounds_json(const std::vector<ProvedJourney>& journeys,
                        const std::vector<proof::SendBounds>* user);

}  // namespace sojourn::app
