// Writes the JSON object that is a request's body, member by member. Only this
// folder includes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/value.h"

namespace sojourn::connectors {
struct Recipient;
}  // namespace sojourn::connectors

namespace sojourn::connectors::iterable {

class Body {
 public:
  Body& text(std::string_view name, std::string_view value);
  Body& integer(std::string_view name, std::int64_t value);
  // A missing value is written as null: it clears a profile field, and in a
  // message it hides the profile field of the same name.
  Body& object(std::string_view name, const std::vector<graph::Field>& fields);
  // One of the two names, whichever the recipient is addressed by.
  Body& who(const Recipient& recipient, std::string_view email_name, std::string_view user_id_name);

  // A list of one number, and one of one object that names the user.
  Body& one_integer(std::string_view name, std::int64_t value);
  Body& one_user(std::string_view name, const Recipient& user);

  std::string take();

 private:
  void name(std::string_view name);
  std::string out_ = "{";
};

}  // namespace sojourn::connectors::iterable
