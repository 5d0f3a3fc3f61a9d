// What the handlers of the single operations share (calls.h lists them); private to the service.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "sandbox/catalogs.h"
#include "sandbox/exchange.h"
#include "sandbox/field_types.h"
#include "sandbox/inbox.h"
#include "sandbox/iterable_service.h"
#include "sandbox/profiles.h"
#include "sandbox/project.h"
#include "sandbox/sends.h"
#include "sandbox/sent_message.h"

namespace sojourn::sandbox {

struct Desk {
  Inbox& inbox;
  ServiceOptions options;
  Project project;
  FieldTypes field_types;
  Profiles profiles;
  Sends sends;
  Catalogs catalogs;
  // Taken up by whoever tells the world of them (see sent_message.h); nobody does: not filled.
  std::vector<SentMessage> sent = {};
};

// A request that has a key and whose body, where its operation has one, is JSON and has been held
// against its schema. What is wrong with a whole body has been answered already; what is left
// concerns the names of users, which the bulk operations answer item by item.
struct Call {
  std::string_view path;
  std::vector<std::string> names;  // what stands for the {…} of the operation, decoded
  std::string_view query;          // still percent-encoded
  std::string_view text;           // the body as it came
  const nlohmann::json& body;      // null without one
  base::Instant now;

  // "users/update": how what was kept of a call is told apart.
  std::string_view topic() const { return path.substr(std::string_view("/api/").size()); }
};

// The `dataFields` of an item; an empty object without any.
const nlohmann::json& data_fields(const nlohmann::json& item);

}  // namespace sojourn::sandbox
