#include "connectors/iterable/answer.h"

#include <algorithm>
#include <simdjson.h>

#include "base/text.h"

namespace sojourn::connectors::iterable {
namespace {

constexpr std::size_t kMaxCode = 64;
constexpr std::size_t kMaxDepth = 64;

// For logs: one line, no control characters, cut at a whole character.
std::string shortened(std::string_view text) {
  std::string out(text.substr(0, kMaxWords));
  if (const auto bad = base::first_invalid_utf8(out)) out.resize(*bad);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

// Iterable's codes are bare words (`BadParams`, `error.catalogs.notFound`).
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= kMaxCode &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_';
         });
}

}  // namespace

Answer parse_answer(std::string_view body) {
  Answer answer;
  thread_local simdjson::dom::parser parser;  // keeps its buffers between answers
  simdjson::dom::object envelope;
  const simdjson::padded_string padded(body);
  const bool ready = !body.empty() &&
                     (parser.capacity() >= body.size() || !parser.allocate(body.size(), kMaxDepth));
  if (!ready || parser.parse(padded).get_object().get(envelope)) {
    answer.words = shortened(body);
    return answer;
  }
  std::string_view text;
  if (!envelope["code"].get_string().get(text) && is_code(text)) answer.code = text;
  if (!envelope["msg"].get_string().get(text)) answer.words = shortened(text);
  return answer;
}

}  // namespace sojourn::connectors::iterable
