#include "connectors/iterable/actions.h"

namespace sojourn::connectors::iterable {

constinit const SendAction kPushTarget{
    .medium = graph::Medium::kPush,
    .path = "/api/push/target",
    .cancel_path = "/api/push/cancel",
    .has_metadata = true,
};

}  // namespace sojourn::connectors::iterable
