#include "connectors/iterable/actions.h"

namespace sojourn::connectors::iterable {

constinit const SendAction kInAppTarget{
    .medium = graph::Medium::kInApp,
    .path = "/api/inApp/target",
    .cancel_path = "/api/inApp/cancel",
    .has_metadata = false,
};

}  // namespace sojourn::connectors::iterable
