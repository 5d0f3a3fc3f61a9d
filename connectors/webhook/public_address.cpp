#include "connectors/webhook/public_address.h"

#include <algorithm>
#include <array>

namespace sojourn::connectors::webhook {
namespace {

using Bytes = std::span<const std::uint8_t>;

// The first `bits` of an address read as those of `bytes`.
struct Range {
  std::array<std::uint8_t, 16> bytes;
  std::size_t bits;
};

// IANA's registry of special-purpose IPv4 addresses; and of those that are public by their number
// what a cloud answers from to its own machines only. The others of that kind lie in these ranges:
// 169.254.169.254, Alibaba's 100.100.100.200, Oracle's 192.0.0.192.
constexpr auto kSpecialV4 = std::to_array<Range>({
    {{0}, 8},                  // this network
    {{10}, 8},                 // private
    {{100, 64}, 10},           // shared by carriers
    {{127}, 8},                // loopback
    {{168, 63, 129, 16}, 32},  // Azure's platform
    {{169, 254}, 16},          // link-local, where clouds keep their metadata
    {{172, 16}, 12},           // private
    {{192, 0, 0}, 24},         // protocol assignments
    {{192, 0, 2}, 24},         // documentation
    {{192, 31, 196}, 24},      // AS112
    {{192, 52, 193}, 24},      // automatic multicast tunnels
    {{192, 88, 99}, 24},       // relays of 6to4
    {{192, 168}, 16},          // private
    {{192, 175, 48}, 24},      // AS112
    {{198, 18}, 15},           // benchmarks
    {{198, 51, 100}, 24},      // documentation
    {{203, 0, 113}, 24},       // documentation
    {{224}, 4},                // multicast
    {{240}, 4},                // reserved, and broadcast
});

// An IPv4 address in the last four bytes.
constexpr auto kCarriesV4 = std::to_array<Range>({
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96},  // mapped
    {{0, 0x64, 0xff, 0x9b}, 96},                       // NAT64
});

constexpr Range kGlobalUnicast{{0x20}, 3};

// Within what is global unicast.
constexpr auto kSpecialV6 = std::to_array<Range>({
    {{0x20, 0x01, 0x00}, 23},                    // protocol assignments: Teredo, ORCHID, benchmarks
    {{0x20, 0x01, 0x0d, 0xb8}, 32},              // documentation
    {{0x20, 0x02}, 16},                          // 6to4: an IPv4 address that nobody has checked
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48},  // AS112
    {{0x3f, 0xfe}, 16},                          // 6bone, given back
    {{0x3f, 0xff, 0x00}, 20},                    // documentation
});

bool lies_in(Bytes address, const Range& range) {
  const std::size_t whole = range.bits / 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                  range.bytes.begin())) {
    return false;
  }
  const std::size_t rest = range.bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff00U >> rest);
  return ((address[whole] ^ range.bytes[whole]) & mask) == 0;
}

template <typename Ranges>
bool lies_in_any(Bytes address, const Ranges& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return lies_in(address, range); });
}

}  // namespace

bool is_public(Bytes address) {
  if (address.size() == 4) return !lies_in_any(address, kSpecialV4);
  if (address.size() != 16) return false;
  if (lies_in_any(address, kCarriesV4)) return is_public(address.last(4));
  return lies_in(address, kGlobalUnicast) && !lies_in_any(address, kSpecialV6);
}

}  // namespace sojourn::connectors::webhook
