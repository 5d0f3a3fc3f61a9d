#include "runtime/lane_number.h"

#include "base/hash.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint32_t kFirstEndpoint = 1;
constexpr std::uint32_t kFirstHost = 1U << 16;
// The last number is below 2^31, which the store keeps in four bytes.
constexpr std::uint64_t kHosts = (1ULL << 31) - kFirstHost;

}  // namespace

std::uint32_t lane_number(Endpoint endpoint) {
  return kFirstEndpoint + static_cast<std::uint32_t>(endpoint);
}

std::uint32_t lane_number_of_host(std::string_view host) {
  return kFirstHost + static_cast<std::uint32_t>(base::stable_hash64(host) % kHosts);
}

}  // namespace sojourn::runtime
