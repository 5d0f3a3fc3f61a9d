// The users that the sandbox knows: nothing but the updates it was sent, put together when
// somebody asks. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

class Inbox;

class Profiles {
 public:
  // A change is to be seen only `lag` after it was taken.
  static base::Result<Profiles> load(Inbox& inbox, base::Millis lag);

  // `item` is a checked users/update object with valid names. Naming both makes
  // the userId lead to the email from then on, with what was known under it.
  base::Status update(const nlohmann::json& item, std::string_view topic, base::Instant now);

  // {"email":…,"userId":…,"dataFields":…} of a subject (see identity.h); null for a
  // user that never was in a request. Reads at most kMaxUpdates updates.
  base::Result<nlohmann::json> find(std::string_view subject);
  // What somebody sees who asks at `now`.
  base::Result<nlohmann::json> seen(std::string_view subject, base::Instant now);
  base::Result<bool> exists(std::string_view subject);
  static constexpr std::size_t kMaxUpdates = 100'000;

  // `profile`, as `find` gives it, is from now on all that is known of whom it names.
  base::Status replace(const nlohmann::json& profile, std::string_view topic, base::Instant now);
  // Nobody goes by that name any more, nor by the userId of their profile.
  base::Status erase(std::string_view subject, base::Instant now);

  // Whoever was forgotten is refused until that is taken back.
  base::Status forget(std::string_view subject, bool forgotten, base::Instant now);
  bool forgotten(std::string_view subject) const { return forgotten_.contains(subject); }

  // The subjects of all who are or were there, in order, after `after`.
  std::vector<std::string> subjects(std::string_view after, std::size_t limit) const;
  static constexpr std::size_t kMaxListed = 1'000'000;

 private:
  explicit Profiles(Inbox& inbox, base::Millis lag) : inbox_(&inbox), lag_(lag) {}
  base::Result<std::string> resolved(std::string_view subject);
  base::Status adopt(const std::string& user_id_subject, const std::string& email_subject,
                     base::Instant now);
  base::Status keep_update(const std::string& subject, std::string_view topic, std::string body,
                           base::Instant now);
  base::Status lead(std::string_view user_id, std::string subject, base::Instant now);
  base::Result<nlohmann::json> read(std::string_view subject, base::Instant until);

  Inbox* inbox_;
  base::Millis lag_;
  std::set<std::string, std::less<>> subjects_;
  std::set<std::string, std::less<>> forgotten_;
};

}  // namespace sojourn::sandbox
