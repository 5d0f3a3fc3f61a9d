// The values of literal tokens, from their texts. Pure; a text that has no value
// gives the reason, which the caller reports at the token.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dsl/ast_expr.h"
#include "dsl/diagnostic.h"

namespace sojourn::dsl {

struct LiteralFault {
  MessageId message = MessageId::kBadNumber;
  std::string help;
  std::string better = {};  // what was certainly meant; empty when that is not certain
};
template <typename T>
using Literal = tl::expected<T, LiteralFault>;

Literal<std::int64_t> integer_value(std::string_view text);    // 1_000
Literal<double> number_value(std::string_view text);           // 2.5
Literal<std::int64_t> percent_value(std::string_view text);    // 12.5%, in basis points
Literal<ast::Duration> duration_value(std::string_view text);  // 1d12h
Literal<ast::TimeOfDay> time_of_day_value(std::string_view text);
Literal<ast::Date> date_value(std::string_view text);
// The zone's name has no span.
Literal<ast::Timestamp> timestamp_value(std::string_view text);

// The text between two ends of a string, escapes resolved. An escape that is none
// is left as written; its offset and length go to `bad`, the first one only.
struct BadEscape {
  std::size_t offset = 0;
  std::size_t length = 0;
};
std::string unescape(std::string_view inner, std::optional<BadEscape>& bad);

}  // namespace sojourn::dsl
