// From the body of a system webhook's request to a notice. The body is `{email?, userId?,
// eventName, dataFields}`; every field may be missing or null, unknown ones are passed over, and a
// field of another type than documented counts as missing: a notice is refused only if it is none.
// Pure but for the parser's own buffers; one reader per thread.
#pragma once

#include <cstddef>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "connectors/iterable/webhooks/notice.h"

namespace sojourn::connectors::iterable {

// Of a body. An in-app message comes with its HTML.
inline constexpr std::size_t kMaxNoticeBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxNoticeDepth = 32;

class NoticeReader {
 public:
  // Otherwise why it is no notice, for whoever has sent it.
  tl::expected<Notice, std::string> read(std::string_view body);

 private:
  simdjson::dom::parser parser_;
};

}  // namespace sojourn::connectors::iterable
