// A page for people: what the sandbox was sent, and who it knows. HTML without scripts; whatever
// came from outside is escaped. Private to the service; one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "sandbox/exchange.h"

namespace sojourn::sandbox {

struct Desk;

// GET /: the newest messages and the users; `?user=email:ada@example.com` one user (a subject, see
// identity.h), `?users=` the users after a subject.
Reply page(Desk& desk, std::string_view query);

}  // namespace sojourn::sandbox
