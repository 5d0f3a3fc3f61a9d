// What a fault needs of the machine, and whether this one has it. Each is found out by trying,
// once in a process: that a program is installed does not say that it may be used.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::faults {

enum class Means {
  kRoot,
  kStrace,            // that may trace and inject
  kNetworkNamespace,  // `ip netns`, and a pair of veth
  kPacketFilter,      // iptables in such a namespace
  kMemoryCgroup,      // version 1 or 2, in which a group can be made
  kLoopMount,         // mkfs.ext4, and a mount of a file
  kXfs,               // the same with mkfs.xfs
  kFaketime,          // libfaketime
  kOpenssl,           // its program
  kMountNamespace,    // in which files can be mounted over
};

std::string_view to_string(Means means);

// Why this machine does not have it, in a sentence's words; nothing: it has.
const std::optional<std::string>& missing(Means means);
// The first of these that is missing, as "NAME: why".
std::optional<std::string> first_missing(const std::vector<Means>& needs);

// Where libfaketime is; empty when it is not installed.
std::string faketime_library();

}  // namespace sojourn::faults
