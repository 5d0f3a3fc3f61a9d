#include "graph/value.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/bytes.h"
#include "base/check.h"

namespace sojourn::graph {
namespace {

template <typename T, typename Data>
const T& held(const Data& data) {
  const T* value = std::get_if<T>(&data);
  SOJOURN_CHECK(value != nullptr, "a value is only read as the kind it has");
  return *value;
}

std::int32_t decode_int32(base::ByteReader& in) {
  const std::int64_t v = in.signed_varint();
  if (v < std::numeric_limits<std::int32_t>::min() ||
      v > std::numeric_limits<std::int32_t>::max()) {
    in.fail();
    return 0;
  }
  return static_cast<std::int32_t>(v);
}

// Finite, and never negative zero: equal numbers have equal bytes.
double decode_number(base::ByteReader& in) {
  const auto v = std::bit_cast<double>(in.fixed64());
  if (!std::isfinite(v) || (v == 0 && std::signbit(v))) {
    in.fail();
    return 0;
  }
  return v;
}

Value decode_at_depth(base::ByteReader& in, int depth);

List decode_list(base::ByteReader& in, int depth) {
  const std::size_t count = in.count();
  List items;
  for (std::size_t i = 0; i < count && in.ok(); ++i)
    items.push_back(decode_at_depth(in, depth + 1));
  return items;
}

Object decode_object(base::ByteReader& in, int depth) {
  const std::size_t count = in.count();
  Object fields;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    std::string name(in.string());
    if (!fields.empty() && name <= fields.back().first) {
      in.fail();
      break;
    }
    Value value = decode_at_depth(in, depth + 1);
    fields.emplace_back(std::move(name), std::move(value));
  }
  return fields;
}

Value decode_boolean(base::ByteReader& in) {
  const std::uint8_t v = in.u8();
  if (v > 1) in.fail();
  return Value(v == 1);
}

Value decode_time_of_day(base::ByteReader& in) {
  const std::uint64_t minutes = in.varint();
  if (minutes > 1439) {
    in.fail();
    return Value();
  }
  return Value(TimeOfDay{static_cast<std::int32_t>(minutes)});
}

Value decode_duration(base::ByteReader& in) {
  Duration v;
  v.months = decode_int32(in);
  v.days = decode_int32(in);
  v.millis = in.signed_varint();
  return Value(v);
}

Value decode_at_depth(base::ByteReader& in, int depth) {
  if (depth > kMaxValueDepth) {
    in.fail();
    return Value();
  }
  switch (static_cast<Value::Kind>(in.u8())) {
    case Value::Kind::kMissing:
      return Value();
    case Value::Kind::kBoolean:
      return decode_boolean(in);
    case Value::Kind::kInteger:
      return Value(in.signed_varint());
    case Value::Kind::kNumber:
      return Value(decode_number(in));
    case Value::Kind::kString:
      return Value(in.string());
    case Value::Kind::kTimestamp:
      return Value(base::Instant{in.signed_varint()});
    case Value::Kind::kDate:
      return Value(Date{decode_int32(in)});
    case Value::Kind::kTimeOfDay:
      return decode_time_of_day(in);
    case Value::Kind::kDuration:
      return decode_duration(in);
    case Value::Kind::kList:
      return Value(decode_list(in, depth));
    case Value::Kind::kObject:
      return Value(decode_object(in, depth));
  }
  in.fail();
  return Value();
}

void encode_list(const List& items, base::ByteWriter& out) {
  out.varint(items.size());
  for (const Value& item : items) encode_value(item, out);
}

void encode_object(const Object& fields, base::ByteWriter& out) {
  out.varint(fields.size());
  for (const auto& [name, value] : fields) {
    out.string(name);
    encode_value(value, out);
  }
}

bool equal(const std::shared_ptr<const List>& a, const std::shared_ptr<const List>& b) {
  return a == b || *a == *b;
}
bool equal(const std::shared_ptr<const Object>& a, const std::shared_ptr<const Object>& b) {
  return a == b || *a == *b;
}
template <typename T>
bool equal(const T& a, const T& b) {
  return a == b;
}

}  // namespace

bool Value::as_boolean() const {
  return held<bool>(data_);
}
std::int64_t Value::as_integer() const {
  return held<std::int64_t>(data_);
}
double Value::as_number() const {
  return held<double>(data_);
}
const std::string& Value::as_string() const {
  return held<std::string>(data_);
}
base::Instant Value::as_timestamp() const {
  return held<base::Instant>(data_);
}
Date Value::as_date() const {
  return held<Date>(data_);
}
TimeOfDay Value::as_time_of_day() const {
  return held<TimeOfDay>(data_);
}
const Duration& Value::as_duration() const {
  return held<Duration>(data_);
}
const List& Value::as_list() const {
  return *held<std::shared_ptr<const List>>(data_);
}
const Object& Value::as_object() const {
  return *held<std::shared_ptr<const Object>>(data_);
}

bool operator==(const Value& a, const Value& b) {
  if (a.data_.index() != b.data_.index()) return false;
  return std::visit(
      [&](const auto& held_by_a) {
        return equal(held_by_a, *std::get_if<std::decay_t<decltype(held_by_a)>>(&b.data_));
      },
      a.data_);
}

const Value& find_field(const std::vector<Field>& fields, std::string_view name) {
  static const Value missing;
  const auto found =
      std::ranges::find_if(fields, [&](const Field& field) { return field.first == name; });
  return found == fields.end() ? missing : found->second;
}

void encode_value(const Value& value, base::ByteWriter& out) {
  out.u8(static_cast<std::uint8_t>(value.kind()));
  switch (value.kind()) {
    case Value::Kind::kMissing:
      return;
    case Value::Kind::kBoolean:
      return out.u8(value.as_boolean() ? 1 : 0);
    case Value::Kind::kInteger:
      return out.signed_varint(value.as_integer());
    // Adding zero turns negative zero into zero.
    case Value::Kind::kNumber:
      return out.fixed64(std::bit_cast<std::uint64_t>(value.as_number() + 0.0));
    case Value::Kind::kString:
      return out.string(value.as_string());
    case Value::Kind::kTimestamp:
      return out.signed_varint(value.as_timestamp().millis);
    case Value::Kind::kDate:
      return out.signed_varint(value.as_date().days);
    case Value::Kind::kTimeOfDay:
      return out.varint(static_cast<std::uint64_t>(value.as_time_of_day().minutes));
    case Value::Kind::kDuration:
      out.signed_varint(value.as_duration().months);
      out.signed_varint(value.as_duration().days);
      return out.signed_varint(value.as_duration().millis);
    case Value::Kind::kList:
      return encode_list(value.as_list(), out);
    case Value::Kind::kObject:
      return encode_object(value.as_object(), out);
  }
}

Value decode_value(base::ByteReader& in) {
  return decode_at_depth(in, 1);
}

}  // namespace sojourn::graph
