// From a notice of Iterable's to a request of the intake. Pure; any thread.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "connectors/iterable/webhooks/notice.h"
#include "runtime/intake.h"

namespace sojourn::runtime {

// Of its names the well-formed ones. A notice about nobody is taken, too, and only counted; but
// where it is about consent or an address, what is wrong with its names, for whoever has sent it.
tl::expected<IntakeRequest, std::string> notice_request(connectors::iterable::Notice notice);

}  // namespace sojourn::runtime
