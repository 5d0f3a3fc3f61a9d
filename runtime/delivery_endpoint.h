// Which of the calls to Iterable a delivery makes. Pure.
#pragma once

#include <string_view>

#include "runtime/delivery_record.h"
#include "runtime/shard_input.h"

namespace sojourn::runtime {

class Program;

// As it would be claimed now. Of a message whose campaign is gone: as it was, or email.
Endpoint endpoint_of(const DeliveryRecord& record, const Program& program);
// As its last attempt was made, whatever its campaign has become since.
Endpoint claimed_endpoint_of(const DeliveryRecord& record, const Program& program);

}  // namespace sojourn::runtime
