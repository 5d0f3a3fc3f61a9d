// Whom a request is about, by the names the provider knows. A value.
#pragma once

#include <string>

namespace sojourn::connectors {

// At least one of the two is not empty. Where both are known the email is used to
// address the request, since Iterable wants exactly one and `only_to` looks at it.
struct Recipient {
  std::string email;
  std::string user_id;
};

}  // namespace sojourn::connectors
