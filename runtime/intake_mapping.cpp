#include "runtime/intake_mapping.h"

#include <fmt/format.h>

#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

base::Status check_event(const char* key, const std::string& event, const Program& program) {
  if (program.catalog().find_event(event) != nullptr) return {};
  return base::failure(
      base::Error::Kind::kInvalid,
      fmt::format("[intake] {} in sojourn.toml names the event `{}`, which is not declared", key,
                  event),
      fmt::format("declare `event {}`, or name another", event));
}

}  // namespace

base::Status check_mapping(const IntakeMapping& mapping, const Program& program) {
  for (const auto& [workflow, journey] : mapping.workflows) {
    if (program.api_entry(journey) != nullptr) continue;
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("[intake.workflows] in sojourn.toml: {} is the journey `{}`, which nobody can "
                    "enter by the API",
                    workflow, journey),
        "give the journey a line `enter on api`, or name another");
  }
  if (mapping.names_purchase_event) {
    if (auto checked = check_event("purchase_event", mapping.purchase_event, program); !checked) {
      return checked;
    }
  }
  if (mapping.names_cart_event) {
    return check_event("cart_event", mapping.cart_event, program);
  }
  return {};
}

}  // namespace sojourn::runtime
