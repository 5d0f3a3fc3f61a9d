#include "sandbox/profiles.h"

#include <nlohmann/json.hpp>

#include "base/instant.h"
#include "sandbox/identity.h"
#include "sandbox/inbox.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

std::string text_of(const json& item, const char* name) {
  const auto found = item.find(name);
  return found != item.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Fields that are not sent stay; null clears; an object replaces, or is merged
// one level deep.
void apply(json& fields, const json& changes, bool merge_nested) {
  for (const auto& [name, value] : changes.items()) {
    if (value.is_null()) {
      fields.erase(name);
    } else if (merge_nested && value.is_object() && fields.contains(name) &&
               fields[name].is_object()) {
      fields[name].update(value);
    } else {
      fields[name] = value;
    }
  }
}

void apply_update(json& user, const store::LoggedRecord& logged) {
  const json item = json::parse(logged.record.body);
  json& fields = user["dataFields"];
  const std::string time = base::to_iterable_time(logged.record.time);
  if (!fields.contains("signupDate")) {
    fields["signupDate"] = time;
    fields["signupSource"] = "API";
  }
  if (const auto changes = item.find("dataFields"); changes != item.end()) {
    apply(fields, *changes, item.value("mergeNestedObjects", false));
  }
  for (const char* name : {"email", "userId"}) {
    if (const std::string value = text_of(item, name); !value.empty()) {
      user[name] = fields[name] = value;
    }
  }
  fields["profileUpdatedAt"] = time;
}

}  // namespace

base::Result<std::string> Profiles::resolved(std::string_view subject) {
  const auto alias = inbox_.newest(RecordKind::kAlias, subject);
  if (!alias) return tl::unexpected(alias.error());
  const std::optional<store::LoggedRecord>& found = *alias;
  return found ? found->record.body : std::string(subject);
}

// An update that says everything known under the userId, now under the email.
base::Status Profiles::adopt(const std::string& user_id_subject, const std::string& email_subject,
                             base::Instant now) {
  const auto known = inbox_.newest(RecordKind::kUpdate, user_id_subject);
  if (!known) return tl::unexpected(known.error());
  if (known->has_value()) {
    const auto before = find(user_id_subject);
    if (!before) return tl::unexpected(before.error());
    const auto kept = inbox_.keep(RecordKind::kUpdate, {.topic = "linked",
                                                        .key = {},
                                                        .subject = email_subject,
                                                        .time = now,
                                                        .body = before->dump()});
    if (!kept) return tl::unexpected(kept.error());
  }
  const auto alias = inbox_.keep(
      RecordKind::kAlias,
      {.topic = {}, .key = {}, .subject = user_id_subject, .time = now, .body = email_subject});
  if (!alias) return tl::unexpected(alias.error());
  return {};
}

base::Status Profiles::update(const json& item, std::string_view topic, base::Instant now) {
  const std::string email = text_of(item, "email");
  const std::string user_id = text_of(item, "userId");
  std::string subject = email.empty() ? user_id_subject(user_id) : email_subject(email);
  if (!user_id.empty()) {
    const auto led_to = resolved(user_id_subject(user_id));
    if (!led_to) return tl::unexpected(led_to.error());
    if (email.empty()) {
      subject = *led_to;
    } else if (*led_to != subject) {
      const auto adopted = adopt(user_id_subject(user_id), subject, now);
      if (!adopted) return adopted;
    }
  }
  const auto kept = inbox_.keep(RecordKind::kUpdate, {.topic = std::string(topic),
                                                      .key = {},
                                                      .subject = subject,
                                                      .time = now,
                                                      .body = item.dump()});
  if (!kept) return tl::unexpected(kept.error());
  return {};
}

base::Result<json> Profiles::find(std::string_view subject) {
  const auto owner = resolved(subject);
  if (!owner) return tl::unexpected(owner.error());
  json user;
  store::RecordQuery query{.subject = *owner, .limit = 1000};
  for (std::size_t read = 0; read < kMaxUpdates;) {
    const auto page = inbox_.read(RecordKind::kUpdate, query);
    if (!page) return tl::unexpected(page.error());
    for (const store::LoggedRecord& logged : *page) apply_update(user, logged);
    read += page->size();
    if (page->size() < query.limit) break;
    query.after = page->back().place.sequence;
  }
  return user;
}

}  // namespace sojourn::sandbox
