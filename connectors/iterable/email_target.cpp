#include "connectors/iterable/actions.h"

namespace sojourn::connectors::iterable {

constinit const SendAction kEmailTarget{
    .medium = graph::Medium::kEmail,
    .path = "/api/email/target",
    .cancel_path = "/api/email/cancel",
    .has_metadata = true,
};

}  // namespace sojourn::connectors::iterable
