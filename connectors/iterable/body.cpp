#include "connectors/iterable/body.h"

#include <utility>

#include "base/check.h"
#include "base/percent.h"
#include "base/text.h"
#include "connectors/recipient.h"

namespace sojourn::connectors::iterable {
namespace {

const std::string& address_of(const Recipient& recipient) {
  SOJOURN_CHECK(!recipient.address().empty(), "a delivery is addressed to somebody");
  return recipient.address();
}

}  // namespace

void Body::name(std::string_view name) {
  if (out_.size() > 1) out_ += ',';
  base::append_json_string(out_, name);
  out_ += ':';
}

Body& Body::text(std::string_view name, std::string_view value) {
  this->name(name);
  base::append_json_string(out_, value);
  return *this;
}

Body& Body::integer(std::string_view name, std::int64_t value) {
  this->name(name);
  out_ += std::to_string(value);
  return *this;
}

Body& Body::number(std::string_view name, double value) {
  this->name(name);
  graph::append_json(out_, graph::Value(value));
  return *this;
}

Body& Body::boolean(std::string_view name, bool value) {
  this->name(name);
  out_ += value ? "true" : "false";
  return *this;
}

Body& Body::object(std::string_view name, const std::vector<graph::Field>& fields) {
  this->name(name);
  out_ += '{';
  for (const auto& [field, value] : fields) {
    if (&field != &fields.front().first) out_ += ',';
    base::append_json_string(out_, field);
    out_ += ':';
    graph::append_json(out_, value);
  }
  out_ += '}';
  return *this;
}

Body& Body::who(const Recipient& recipient, std::string_view email_name,
                std::string_view user_id_name) {
  return text(recipient.is_addressed_by_email() ? email_name : user_id_name, address_of(recipient));
}

Body& Body::seconds(std::string_view name, base::Instant at) {
  const std::int64_t quotient = at.millis / 1000;
  return integer(name, at.millis % 1000 < 0 ? quotient - 1 : quotient);
}

Body& Body::text_if(std::string_view name, std::string_view value) {
  return value.empty() ? *this : text(name, value);
}

Body& Body::integer_if(std::string_view name, const std::optional<std::int64_t>& value) {
  return value ? integer(name, *value) : *this;
}

Body& Body::boolean_if(std::string_view name, const std::optional<bool>& value) {
  return value ? boolean(name, *value) : *this;
}

Body& Body::object_if(std::string_view name, const std::vector<graph::Field>& fields) {
  return fields.empty() ? *this : object(name, fields);
}

Body& Body::nested(std::string_view name, Body inner) {
  this->name(name);
  out_ += inner.take();
  return *this;
}

Body& Body::texts(std::string_view name, const std::vector<std::string>& values) {
  this->name(name);
  out_ += '[';
  for (const std::string& value : values) {
    if (&value != &values.front()) out_ += ',';
    base::append_json_string(out_, value);
  }
  out_ += ']';
  return *this;
}

Body& Body::list(std::string_view name, const std::vector<std::string>& objects) {
  this->name(name);
  out_ += '[';
  for (const std::string& object : objects) {
    if (&object != &objects.front()) out_ += ',';
    out_ += object;
  }
  out_ += ']';
  return *this;
}

Body& Body::one_integer(std::string_view name, std::int64_t value) {
  this->name(name);
  out_.append("[").append(std::to_string(value)).append("]");
  return *this;
}

Body& Body::one_user(std::string_view name, const Recipient& user) {
  Body inner;
  inner.who(user, "email", "userId");
  return list(name, {inner.take()});
}

std::string Body::take() {
  out_ += '}';
  return std::move(out_);
}

std::string user_in_query(const Recipient& user) {
  const std::string_view name = user.is_addressed_by_email() ? "email=" : "userId=";
  return std::string(name) + base::percent_encoded(address_of(user));
}

}  // namespace sojourn::connectors::iterable
