// Which addresses of the Internet Protocol lie in the open internet: what a webhook's
// name may resolve to, so that no name leads a call into the network that the daemon
// stands in. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace sojourn::connectors::webhook {

// `address`: the 4 or 16 bytes of an IPv4 or IPv6 address, in the order of the network;
// of any other length it is not public. What is reserved for a special purpose is not
// public: private, loopback, link-local, shared by carriers, multicast, documentation,
// tunnels. An IPv4 address within an IPv6 one (mapped, NAT64) counts as what it is.
bool is_public(std::span<const std::uint8_t> address);

}  // namespace sojourn::connectors::webhook
