// Iterable's `events/track` and `events/trackBulk` bodies, read as far as the
// hard-wired journey needs, and Iterable's answers to them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bench/wire/http_message.h"

namespace sojourn::bench {

class EventIntake {
 public:
  // Called for each event that starts the journey.
  using Start = std::function<void(std::string_view email, std::string_view plan)>;

  explicit EventIntake(Start start);
  ~EventIntake();

  // `request.body` must be followed by InBuffer::kSlackBytes readable bytes.
  void handle(const HttpMessage& request, std::string& answer);

 private:
  class Reader;

  std::unique_ptr<Reader> reader_;
};

}  // namespace sojourn::bench
