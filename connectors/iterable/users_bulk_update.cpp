#include "connectors/iterable/bulk.h"

namespace sojourn::connectors::iterable {

constinit const BulkAction kUsersBulkUpdate{
    .single_path = "/api/users/update",
    .path = "/api/users/bulkUpdate",
    .items = "users",
    .one_for_each_user = true,
};

}  // namespace sojourn::connectors::iterable
