#include "connectors/iterable/body.h"

#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "connectors/recipient.h"

namespace sojourn::connectors::iterable {

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
  SOJOURN_CHECK(!recipient.email.empty() || !recipient.user_id.empty(),
                "a delivery is addressed to somebody");
  return recipient.email.empty() ? text(user_id_name, recipient.user_id)
                                 : text(email_name, recipient.email);
}

Body& Body::one_integer(std::string_view name, std::int64_t value) {
  this->name(name);
  out_.append("[").append(std::to_string(value)).append("]");
  return *this;
}

Body& Body::one_user(std::string_view name, const Recipient& user) {
  Body inner;
  inner.who(user, "email", "userId");
  this->name(name);
  out_.append("[").append(inner.take()).append("]");
  return *this;
}

std::string Body::take() {
  out_ += '}';
  return std::move(out_);
}

}  // namespace sojourn::connectors::iterable
