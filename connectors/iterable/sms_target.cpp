#include "connectors/iterable/actions.h"

namespace sojourn::connectors::iterable {

constinit const SendAction kSmsTarget{
    .medium = graph::Medium::kSms,
    .path = "/api/sms/target",
    .cancel_path = "/api/sms/cancel",
    .has_metadata = false,
};

}  // namespace sojourn::connectors::iterable
