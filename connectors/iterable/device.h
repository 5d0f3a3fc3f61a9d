// The member that names the app of a message. Only this folder includes it.
#pragma once

#include <optional>

namespace sojourn::connectors::iterable {

class Body;
struct Device;

void append_device(Body& body, const std::optional<Device>& device);

}  // namespace sojourn::connectors::iterable
