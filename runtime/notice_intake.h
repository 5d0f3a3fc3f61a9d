// From a notice of Iterable's to a request of the intake. Pure; any thread.
#pragma once

#include "connectors/iterable/webhooks/notice.h"
#include "runtime/intake.h"

namespace sojourn::runtime {

// Of its names the well-formed ones; a notice about nobody is taken, too, and only counted.
IntakeRequest notice_request(connectors::iterable::Notice notice);

}  // namespace sojourn::runtime
