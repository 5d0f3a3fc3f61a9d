#include "connectors/iterable/actions.h"

namespace sojourn::connectors::iterable {

constinit const SendAction kWebPushTarget{
    .medium = graph::Medium::kWebPush,
    .path = "/api/webPush/target",
    .cancel_path = "/api/webPush/cancel",
    .has_metadata = false,
};

}  // namespace sojourn::connectors::iterable
