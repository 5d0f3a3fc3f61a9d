// Iterable's `events/track` and `events/trackBulk` bodies, read as far as the
// hard-wired journey needs, and Iterable's answers to them. `signup` starts the journey; every
// other event is kept.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bench/wire/http_message.h"

namespace sojourn::bench {

// An event that is kept; the text is gone when the call returns.
struct KeptEvent {
  std::string_view id;
  std::string_view email;
  std::string_view name;
  std::string_view fields;  // JSON
};

class EventIntake {
 public:
  // Called for each event that starts the journey, and for each that is kept.
  using Start = std::function<void(std::string_view email, std::string_view plan)>;
  using Keep = std::function<void(const KeptEvent&)>;

  EventIntake(Start start, Keep keep);
  ~EventIntake();

  // `request.body` must be followed by InBuffer::kSlackBytes readable bytes.
  void handle(const HttpMessage& request, std::string& answer);

 private:
  class Reader;

  std::unique_ptr<Reader> reader_;
};

}  // namespace sojourn::bench
