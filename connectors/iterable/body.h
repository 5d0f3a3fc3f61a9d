// Writes the JSON object that is a request's body, member by member. Only this
// folder includes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "graph/value.h"

namespace sojourn::connectors {
struct Recipient;
}  // namespace sojourn::connectors

namespace sojourn::connectors::iterable {

class Body {
 public:
  Body& text(std::string_view name, std::string_view value);
  Body& integer(std::string_view name, std::int64_t value);
  // Finite: JSON has no other.
  Body& number(std::string_view name, double value);
  Body& boolean(std::string_view name, bool value);
  // A missing value is written as null: it clears a profile field, and in a
  // message it hides the profile field of the same name.
  Body& object(std::string_view name, const std::vector<graph::Field>& fields);
  // One of the two names, whichever the recipient is addressed by.
  Body& who(const Recipient& recipient, std::string_view email_name, std::string_view user_id_name);
  // As Iterable counts, in whole seconds since 1970; a moment before that rounds down as well.
  Body& seconds(std::string_view name, base::Instant at);

  // What is not there is left out.
  Body& text_if(std::string_view name, std::string_view value);
  Body& integer_if(std::string_view name, const std::optional<std::int64_t>& value);
  Body& boolean_if(std::string_view name, const std::optional<bool>& value);
  Body& object_if(std::string_view name, const std::vector<graph::Field>& fields);

  Body& nested(std::string_view name, Body inner);
  Body& texts(std::string_view name, const std::vector<std::string>& values);
  // A list of finished objects.
  Body& list(std::string_view name, const std::vector<std::string>& objects);
  // A list of one number, and one of one object that names the user.
  Body& one_integer(std::string_view name, std::int64_t value);
  Body& one_user(std::string_view name, const Recipient& user);

  std::string take();

 private:
  void name(std::string_view name);
  std::string out_ = "{";
};

// The member of a path or query that names a user: "email=…" or "userId=…", encoded.
std::string user_in_query(const Recipient& user);

}  // namespace sojourn::connectors::iterable
