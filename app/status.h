// What the daemon says of itself for `sojourn status`, as JSON. Pure.
#pragma once

#include <string>

#include "app/counters.h"
#include "app/gauges.h"

namespace sojourn::app {

// {"project":…,"held":{"backup_at":…,"commit":…,"timers_run":…} or
// null,"endpoints":[{"endpoint":…,"breaker":"open","since":…,"reason":…,…}…] (those that
//  are not asked as usual),"journeys":[{"journey":…,"states":["paused"…],"held_back":…,
//  "entered":…,"inside":[{"step":…,"count":…}…],"exited":{reason:count},"refused":{…},"messages":[{"campaign":…,"planned":…,…}],
//  "splits":[{"split":…,"arms":[{"arm":…,"people":…,"succeeded":…}],"decided":…,
//  "unbalanced":…}]}]…,"webhooks":[{"webhook":…,"calls":{"planned":…,"answered":…,…}}]…}
std::string status_json(const Gauges& gauges, const Counters& counters);

}  // namespace sojourn::app
