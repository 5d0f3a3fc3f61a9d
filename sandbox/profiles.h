// The users that the sandbox knows: nothing but the updates it was sent, put
// together when somebody asks. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

class Inbox;

class Profiles {
 public:
  explicit Profiles(Inbox& inbox) : inbox_(inbox) {}

  // `item` is a checked users/update object with valid names. Naming both makes
  // the userId lead to the email from then on, with what was known under it.
  base::Status update(const nlohmann::json& item, std::string_view topic, base::Instant now);

  // {"email":…,"userId":…,"dataFields":…} of a subject (see identity.h); null for a
  // user that never was in a request. Reads at most kMaxUpdates updates.
  base::Result<nlohmann::json> find(std::string_view subject);
  static constexpr std::size_t kMaxUpdates = 100'000;

 private:
  base::Result<std::string> resolved(std::string_view subject);
  base::Status adopt(const std::string& user_id_subject, const std::string& email_subject,
                     base::Instant now);

  Inbox& inbox_;
};

}  // namespace sojourn::sandbox
