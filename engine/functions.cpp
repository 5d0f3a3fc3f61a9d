#include "engine/functions.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"
#include "engine/letter_case.h"
#include "engine/operators.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using Kind = graph::Value::Kind;

constexpr double kTwoTo63 = 9'223'372'036'854'775'808.0;

Value whole_number(double v) {
  if (v >= -kTwoTo63 && v < kTwoTo63) return Value(static_cast<std::int64_t>(v));
  return finite_number(v);
}

template <typename Rounding>
Value rounded(const Value& v, Rounding rounding) {
  if (v.kind() == Kind::kInteger) return v;
  if (v.kind() != Kind::kNumber) return {};
  return whole_number(rounding(v.as_number()));
}

}  // namespace

Value lower(const Value& text) {
  return text.kind() == Kind::kString ? Value(to_lower(text.as_string())) : Value();
}

Value upper(const Value& text) {
  return text.kind() == Kind::kString ? Value(to_upper(text.as_string())) : Value();
}

Value trim(const Value& text) {
  if (text.kind() != Kind::kString) return {};
  static constexpr std::string_view kSpace = " \t\n\r\f\v";
  std::string_view rest = text.as_string();
  rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
  rest = rest.substr(0, rest.find_last_not_of(kSpace) + 1);
  return Value(rest);
}

Value length(const Value& v) {
  if (v.kind() == Kind::kList) return Value(static_cast<std::int64_t>(v.as_list().size()));
  if (v.kind() != Kind::kString) return {};
  // Every byte of UTF-8 but those that continue a character begins one.
  const auto count = std::ranges::count_if(
      v.as_string(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return Value(static_cast<std::int64_t>(count));
}

Value round(const Value& v) {
  return rounded(v, [](double d) { return std::round(d); });
}

Value floor(const Value& v) {
  return rounded(v, [](double d) { return std::floor(d); });
}

Value ceil(const Value& v) {
  return rounded(v, [](double d) { return std::ceil(d); });
}

Value abs(const Value& v) {
  if (v.kind() == Kind::kInteger && v.as_integer() < 0) return negate(v);
  if (v.kind() == Kind::kNumber) return finite_number(std::fabs(v.as_number()));
  return v.kind() == Kind::kInteger ? v : Value();
}

Value hash(const Value& v) {
  base::ByteWriter bytes;
  graph::encode_value(canonical(v), bytes);
  return Value(static_cast<std::int64_t>(base::stable_hash64(bytes.bytes()) >> 1U));
}

void append_text(std::string& out, const Value& v) {
  if (v.kind() == Kind::kString) {
    out += v.as_string();
    return;
  }
  std::string json;
  graph::append_json(json, v);
  const bool quoted = json.size() >= 2 && json.front() == '"';
  out += quoted ? std::string_view(json).substr(1, json.size() - 2) : std::string_view(json);
}

}  // namespace sojourn::engine
