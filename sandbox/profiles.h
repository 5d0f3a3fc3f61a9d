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
#include "sandbox/project.h"

namespace sojourn::sandbox {

class Inbox;

// Which of the names that an update gives is somebody else's.
enum class Clash : std::uint8_t { kNone, kEmail, kUserId };

// What tells users apart is the type of the project: emails; userIds, where an email is a field
// like others; in a hybrid one both, and neither is that of two users. Only in a project of emails
// a userId may stand in the profiles of several; it leads to the first of them.
class Profiles {
 public:
  // A change is to be seen only `lag` after it was taken.
  static base::Result<Profiles> load(Inbox& inbox, base::Millis lag, ProjectType type);

  // `item` is a checked users/update object with valid names, that clashes with nobody. Naming both
  // makes a userId that is nobody's yet lead to the email from then on, with what was known under
  // it. Another name among the `dataFields` is the user's from then on.
  base::Status update(const nlohmann::json& item, std::string_view topic, base::Instant now);
  base::Result<Clash> clash(const nlohmann::json& item);

  // {"email":…,"userId":…,"dataFields":…} of a subject (see identity.h); null for a
  // user that never was in a request. Reads at most kMaxUpdates updates.
  base::Result<nlohmann::json> find(std::string_view subject);
  // What somebody sees who asks at `now`.
  base::Result<nlohmann::json> seen(std::string_view subject, base::Instant now);
  base::Result<bool> exists(std::string_view subject);
  static constexpr std::size_t kMaxUpdates = 100'000;

  // The user of `subject` is from now on known as `profile` says, which is as `find` gives it, and
  // under its names only; whoever went by them is so no more.
  base::Status rename(std::string_view subject, const nlohmann::json& profile,
                      std::string_view topic, base::Instant now);
  // Nobody goes by that name any more, nor by the userId of their profile.
  base::Status erase(std::string_view subject, base::Instant now);

  // Whoever was forgotten is refused until that is taken back.
  base::Status forget(std::string_view subject, bool forgotten, base::Instant now);
  bool forgotten(std::string_view subject) const { return forgotten_.contains(subject); }

  // The names of all who were, of one kind: "email:" or "user_id:".
  std::vector<std::string> forgotten_names(std::string_view kind) const;

  // The subjects of all who are or were there, in order, after `after`.
  std::vector<std::string> subjects(std::string_view after, std::size_t limit) const;
  static constexpr std::size_t kMaxListed = 1'000'000;

 private:
  Profiles(Inbox& inbox, base::Millis lag, ProjectType type)
      : inbox_(&inbox), lag_(lag), type_(type) {}
  std::string subject_of(const nlohmann::json& item) const;
  base::Result<std::string> filed(const nlohmann::json& item, base::Instant now);
  base::Result<bool> held_by_another(const std::string& name, std::string_view owner);
  base::Result<Clash> clash_of_pair(const std::string& email, const std::string& user_id);
  base::Status take_new_names(const std::string& subject, const nlohmann::json& item,
                              std::string_view topic, base::Instant now);
  base::Status replace(const nlohmann::json& profile, std::string_view topic, base::Instant now);
  base::Result<std::string> resolved(std::string_view subject);
  base::Status adopt(const std::string& user_id_subject, const std::string& email_subject,
                     base::Instant now);
  base::Status keep_update(const std::string& subject, std::string_view topic, std::string body,
                           base::Instant now);
  base::Status lead(std::string_view user_id, std::string subject, base::Instant now);
  base::Result<nlohmann::json> read(std::string_view subject, base::Instant until);

  Inbox* inbox_;
  base::Millis lag_;
  ProjectType type_;
  std::set<std::string, std::less<>> subjects_;
  std::set<std::string, std::less<>> forgotten_;
};

}  // namespace sojourn::sandbox
