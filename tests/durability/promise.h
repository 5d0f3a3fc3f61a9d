// What the world is promised by a thing that is published, and the finding that
// the disk did not hold it. Values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sojourn::durability {

enum class Promise : std::uint8_t {
  kAnswer,  // a sender was told that its items are taken
  kSend,    // a claimed delivery was handed out, so its request may leave
};

constexpr std::string_view to_string(Promise promise) {
  return promise == Promise::kAnswer ? "answer" : "send";
}

struct Broken {
  Promise promise = Promise::kAnswer;
  std::string what;
};

}  // namespace sojourn::durability
