// A value of the language, as profiles, events and expressions hold it.
// A plain value type: copy, compare, encode; lists and objects are shared and
// never change, so a copy is cheap. `Value{}` is the missing value.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/instant.h"

namespace sojourn::base {
class ByteReader;
class ByteWriter;
}  // namespace sojourn::base

namespace sojourn::graph {

// A length of time as authors write it. Months and days move by the local
// calendar, milliseconds are elapsed; applied in that order (language 13).
struct Duration {
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::int64_t millis = 0;
  friend bool operator==(const Duration&, const Duration&) = default;
};

// A day without a zone: days since 1970-01-01.
struct Date {
  std::int32_t days = 0;
  friend auto operator<=>(Date, Date) = default;
};

// Minutes after midnight, 0 to 1439.
struct TimeOfDay {
  std::int32_t minutes = 0;
  friend auto operator<=>(TimeOfDay, TimeOfDay) = default;
};

// As an author writes them: `1y2mo10d12h30m` (`0s` when empty; a minus before
// each of months, days and elapsed time that is negative), `2026-03-01`, `09:00`.
std::string to_string(const Duration& duration);
std::string to_string(Date date);
std::string to_string(TimeOfDay time);

class Value;
using List = std::vector<Value>;
// Sorted by name, no name twice.
using Object = std::vector<std::pair<std::string, Value>>;

class Value {
 public:
  enum class Kind : std::uint8_t {
    kMissing,
    kBoolean,
    kInteger,
    kNumber,
    kString,
    kTimestamp,
    kDate,
    kTimeOfDay,
    kDuration,
    kList,
    kObject,
  };

  Value() = default;
  explicit Value(bool v) : data_(v) {}
  explicit Value(std::int64_t v) : data_(v) {}
  explicit Value(double v) : data_(v) {}
  explicit Value(std::string v) : data_(std::move(v)) {}
  explicit Value(std::string_view v) : data_(std::string(v)) {}
  explicit Value(const char* v) : data_(std::string(v)) {}
  explicit Value(base::Instant v) : data_(v) {}
  explicit Value(Date v) : data_(v) {}
  explicit Value(TimeOfDay v) : data_(v) {}
  explicit Value(Duration v) : data_(v) {}
  explicit Value(List v) : data_(std::make_shared<const List>(std::move(v))) {}
  explicit Value(Object v) : data_(std::make_shared<const Object>(std::move(v))) {}

  Kind kind() const { return static_cast<Kind>(data_.index()); }
  bool is_missing() const { return kind() == Kind::kMissing; }

  // Each aborts unless kind() says so.
  bool as_boolean() const;
  std::int64_t as_integer() const;
  double as_number() const;
  const std::string& as_string() const;
  base::Instant as_timestamp() const;
  Date as_date() const;
  TimeOfDay as_time_of_day() const;
  const Duration& as_duration() const;
  const List& as_list() const;
  const Object& as_object() const;

  // Exact equality of kind and content; the language's `==` (where missing
  // equals nothing and 1 == 1.0) is engine/operators.h.
  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, base::Instant, Date,
               TimeOfDay, Duration, std::shared_ptr<const List>, std::shared_ptr<const Object>>
      data_;
};

using Field = std::pair<std::string, Value>;

// The value of `name` in a list of fields; the missing value if absent.
const Value& find_field(const std::vector<Field>& fields, std::string_view name);

// Format: kind byte, then by kind: nothing | u8 | signed varint | 8 bytes IEEE
// 754 big-endian | string | signed varint millis | signed varint days | varint
// minutes | three signed varints | varint count and the values | varint count
// and (string, value) pairs. `decode_value` fails the reader on anything else,
// and on nesting deeper than kMaxValueDepth.
inline constexpr int kMaxValueDepth = 32;
void encode_value(const Value& value, base::ByteWriter& out);
Value decode_value(base::ByteReader& in);

// JSON text: timestamps in Iterable's form, dates "2026-03-01", times "09:00",
// durations "1d12h", missing as null. Numbers in the shortest form that reads back.
void append_json(std::string& out, const Value& value);

}  // namespace sojourn::graph
