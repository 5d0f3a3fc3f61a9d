// `sojourn deliveries list|retry|drop`: what ended unsent, to be seen, sent after all, or
// given up.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "app/ask_daemon.h"
#include "runtime/delivery_order.h"

namespace sojourn::app {

struct DeliveriesOptions {
  OperatorOptions daemon;
  std::vector<std::string> keys;
  std::string state;
  std::string campaign;
  std::string user;
  std::size_t limit = 100;
  bool yes = false;
  std::string by;  // whom the log names; empty: the user of the system
};

int list_deliveries(const DeliveriesOptions& options, std::ostream& out, std::ostream& err);
// Says how many it is about; does it only with `yes`. 1 when a key is not among them.
int order_deliveries(runtime::DeliveryOrder::Verb verb, const DeliveriesOptions& options,
                     std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
