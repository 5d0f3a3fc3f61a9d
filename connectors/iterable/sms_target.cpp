#include "connectors/iterable/actions.h"

namespace sojourn::connectors::iterable {

constinit const SendAction kSmsTarget{
    .medium = graph::Medium::kSms,
    .path = "/api/sms/target",
    .has_metadata = false,
};

}  // namespace sojourn::connectors::iterable
