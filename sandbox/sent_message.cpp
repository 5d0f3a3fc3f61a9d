#include "sandbox/sent_message.h"

#include <fmt/core.h>

namespace sojourn::sandbox {

std::string message_id(std::uint64_t sequence) {
  return fmt::format("{:032x}", sequence);
}

}  // namespace sojourn::sandbox
