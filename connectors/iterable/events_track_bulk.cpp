#include "connectors/iterable/bulk.h"

namespace sojourn::connectors::iterable {

constinit const BulkAction kEventsTrackBulk{
    .single_path = "/api/events/track",
    .path = "/api/events/trackBulk",
    .items = "events",
    // It refuses users and names of events, whatever else an event says.
    .one_for_each_user = false,
};

}  // namespace sojourn::connectors::iterable
