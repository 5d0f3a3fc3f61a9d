// Which of the calls to Iterable a delivery makes. Pure.
#pragma once

#include "runtime/delivery_record.h"
#include "runtime/shard_input.h"

namespace sojourn::runtime {

class Program;

Endpoint endpoint_of(const DeliveryRecord& record, const Program& program);

}  // namespace sojourn::runtime
