#include "connectors/iterable/actions.h"

namespace sojourn::connectors::iterable {

constinit const SendAction kWhatsAppTarget{
    .medium = graph::Medium::kWhatsApp,
    .path = "/api/whatsApp/target",
    .cancel_path = "/api/whatsApp/cancel",
    .has_metadata = false,
};

}  // namespace sojourn::connectors::iterable
