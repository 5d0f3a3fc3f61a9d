#include "sandbox/desk.h"

namespace sojourn::sandbox {

const nlohmann::json& data_fields(const nlohmann::json& item) {
  static const nlohmann::json kNone = nlohmann::json::object();
  const auto found = item.find("dataFields");
  return found == item.end() ? kNone : *found;
}

}  // namespace sojourn::sandbox
