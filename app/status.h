// What the daemon says of itself: as JSON for `sojourn status`, as Prometheus
// text for /metrics. Pure.
#pragma once

#include <string>

#include "app/counters.h"
#include "app/gauges.h"

namespace sojourn::app {

// {"project":…,"journeys":[{"journey":…,"states":["paused"…],"held_back":…,"entered":…,"inside":[{"step":…,"count":…}…],
//  "exited":{reason:count},"refused":{…},"messages":[{"campaign":…,"planned":…,…}],
//  "splits":[{"split":…,"arms":[{"arm":…,"people":…,"succeeded":…}],"decided":…,
//  "unbalanced":…}]}]…,"webhooks":[{"webhook":…,"calls":{"planned":…,"answered":…,…}}]…}
std::string status_json(const Gauges& gauges, const Counters& counters);

}  // namespace sojourn::app
