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

// The topics of updates that are not merged into what was known: stored.
constexpr std::string_view kErased = "erased";
constexpr std::string_view kReplaced = "replaced ";  // and what did it

void apply_update(json& user, const store::LoggedRecord& logged) {
  const std::string_view topic = logged.record.topic;
  if (topic == kErased || topic.starts_with(kReplaced)) user = json();
  if (topic == kErased) return;
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

base::Result<Profiles> Profiles::load(Inbox& inbox, base::Millis lag) {
  Profiles profiles(inbox, lag);
  auto read = inbox.each(RecordKind::kUpdate, [&](const store::LoggedRecord& logged) {
    if (profiles.subjects_.size() < kMaxListed) profiles.subjects_.insert(logged.record.subject);
  });
  if (read) {
    read = inbox.each(RecordKind::kForgotten, [&](const store::LoggedRecord& logged) {
      if (logged.record.body == "yes") profiles.forgotten_.insert(logged.record.subject);
      if (logged.record.body == "no") profiles.forgotten_.erase(logged.record.subject);
    });
  }
  if (!read) return tl::unexpected(read.error());
  return profiles;
}

base::Result<std::string> Profiles::resolved(std::string_view subject) {
  const auto alias = inbox_->newest(RecordKind::kAlias, subject);
  if (!alias) return tl::unexpected(alias.error());
  const std::optional<store::LoggedRecord>& found = *alias;
  // An empty one was taken back.
  const bool leads = found && !found->record.body.empty();
  return leads ? found->record.body : std::string(subject);
}

base::Status Profiles::keep_update(const std::string& subject, std::string_view topic,
                                   std::string body, base::Instant now) {
  const auto kept = inbox_->keep(RecordKind::kUpdate, {.topic = std::string(topic),
                                                       .key = {},
                                                       .subject = subject,
                                                       .time = now,
                                                       .body = std::move(body)});
  if (!kept) return tl::unexpected(kept.error());
  if (subjects_.size() < kMaxListed) subjects_.insert(subject);
  return {};
}

// From now on the userId leads to `subject`; to nobody, when that is empty.
base::Status Profiles::lead(std::string_view user_id, std::string subject, base::Instant now) {
  const auto kept = inbox_->keep(RecordKind::kAlias, {.topic = {},
                                                      .key = {},
                                                      .subject = user_id_subject(user_id),
                                                      .time = now,
                                                      .body = std::move(subject)});
  if (!kept) return tl::unexpected(kept.error());
  return {};
}

// An update that says everything known under the userId, now under the email.
base::Status Profiles::adopt(const std::string& user_id_subject, const std::string& email_subject,
                             base::Instant now) {
  const auto before = find(user_id_subject);
  if (!before) return tl::unexpected(before.error());
  if (!before->is_null()) {
    const auto kept = keep_update(email_subject, "linked", before->dump(), now);
    if (!kept) return kept;
  }
  const auto alias = inbox_->keep(
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
  return keep_update(subject, topic, item.dump(), now);
}

base::Result<json> Profiles::find(std::string_view subject) {
  return read(subject, base::kNever);
}

base::Result<json> Profiles::seen(std::string_view subject, base::Instant now) {
  return read(subject, now - lag_);
}

base::Result<bool> Profiles::exists(std::string_view subject) {
  const auto owner = resolved(subject);
  if (!owner) return tl::unexpected(owner.error());
  const auto newest = inbox_->newest(RecordKind::kUpdate, *owner);
  if (!newest) return tl::unexpected(newest.error());
  const std::optional<store::LoggedRecord>& found = *newest;
  return found && found->record.topic != kErased;
}

base::Result<json> Profiles::read(std::string_view subject, base::Instant until) {
  const auto owner = resolved(subject);
  if (!owner) return tl::unexpected(owner.error());
  json user;
  store::RecordQuery query{.subject = *owner, .limit = 1000};
  for (std::size_t read = 0; read < kMaxUpdates;) {
    const auto page = inbox_->read(RecordKind::kUpdate, query);
    if (!page) return tl::unexpected(page.error());
    for (const store::LoggedRecord& logged : *page) {
      if (logged.record.time <= until) apply_update(user, logged);
    }
    read += page->size();
    if (page->size() < query.limit) break;
    query.after = page->back().place.sequence;
  }
  return user;
}

base::Status Profiles::replace(const json& profile, std::string_view topic, base::Instant now) {
  const std::string email = text_of(profile, "email");
  const std::string user_id = text_of(profile, "userId");
  const std::string subject = email.empty() ? user_id_subject(user_id) : email_subject(email);
  const auto kept = keep_update(subject, std::string(kReplaced).append(topic), profile.dump(), now);
  if (!kept || email.empty() || user_id.empty()) return kept;
  return lead(user_id, subject, now);
}

base::Status Profiles::erase(std::string_view subject, base::Instant now) {
  const auto owner = resolved(subject);
  if (!owner) return tl::unexpected(owner.error());
  const auto profile = find(*owner);
  if (!profile) return tl::unexpected(profile.error());
  const auto kept = keep_update(*owner, kErased, "{}", now);
  if (!kept) return kept;
  const std::string user_id = profile->is_null() ? std::string() : text_of(*profile, "userId");
  return user_id.empty() ? base::Status() : lead(user_id, {}, now);
}

base::Status Profiles::forget(std::string_view subject, bool forgotten, base::Instant now) {
  const auto kept = inbox_->keep(RecordKind::kForgotten, {.topic = {},
                                                          .key = {},
                                                          .subject = std::string(subject),
                                                          .time = now,
                                                          .body = forgotten ? "yes" : "no"});
  if (!kept) return tl::unexpected(kept.error());
  if (forgotten) {
    forgotten_.insert(std::string(subject));
  } else if (const auto found = forgotten_.find(subject); found != forgotten_.end()) {
    forgotten_.erase(found);
  }
  return {};
}

std::vector<std::string> Profiles::subjects(std::string_view after, std::size_t limit) const {
  std::vector<std::string> out;
  for (auto one = subjects_.upper_bound(after); one != subjects_.end() && out.size() < limit;
       ++one) {
    out.push_back(*one);
  }
  return out;
}

}  // namespace sojourn::sandbox
