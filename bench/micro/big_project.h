// Projects of many journeys, as text, and what happens to their people. Three journeys and
// three segments read `login`; whatever else there is reads other events, and one field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/random.h"

namespace sojourn::bench {

inline constexpr std::size_t kReadersOfLogin = 3;
// Users have so many seats, less one; the segments about seats divide them evenly.
inline constexpr std::uint64_t kSeats = 100;
inline constexpr std::size_t kOtherEvents = 100;

// At least kReadersOfLogin of each. Every second of the other segments is about seats, so a
// user is in about half of those; the others count events.
std::string project_text(std::size_t journeys, std::size_t segments);

// Requests about users [first, first + count): their seats, and for each an event of some
// other kind.
std::string updates_of(std::uint64_t first, std::size_t count, base::SeededRandom& random);
std::string other_events_of(std::uint64_t first, std::size_t count, base::SeededRandom& random);
// Logins of `count` users drawn from `users`; or of users [first, first + count).
std::string logins_of_some(std::uint64_t users, std::size_t count, base::SeededRandom& random);
std::string logins_of(std::uint64_t first, std::size_t count);

}  // namespace sojourn::bench
