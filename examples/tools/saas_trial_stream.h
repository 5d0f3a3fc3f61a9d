// The people of examples/saas_trial: forty days of what the systems of a company
// would send about some hundred trials. Made from a seed, so that the committed
// stream can be made again and held against this.
#pragma once

#include <cstdint>
#include <string>

namespace sojourn::examples {

// Newline-delimited JSON, in order of time; see app/demo_stream.h for the form.
std::string saas_trial_stream(std::uint64_t seed);

inline constexpr std::uint64_t kSaasTrialSeed = 2026;

}  // namespace sojourn::examples
