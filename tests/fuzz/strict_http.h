// One HTTP/1.1 request as the grammar of RFC 9112 has it and nothing beyond: no line that ends
// otherwise than in CRLF, no second framing. Written apart from runtime/uv, to disagree with it
// where it is lenient. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sojourn::fuzz {

struct StrictRequest {
  std::string method;
  std::string target;
  int minor_version = 1;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::size_t bytes = 0;  // of the whole request

  // The first of that name, in lower case; null: none.
  const std::string* header(std::string_view name) const;
};

// The request that `bytes` begin with; nothing where they do not begin with a whole one.
std::optional<StrictRequest> read_strictly(std::string_view bytes);

}  // namespace sojourn::fuzz
