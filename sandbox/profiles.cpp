#include "sandbox/profiles.h"

#include <nlohmann/json.hpp>

#include "base/instant.h"
#include "base/text.h"
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
    // Names change in ways of their own.
    if (name == "email" || name == "userId") continue;
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
  if (const std::string email = text_of(item, "email"); !email.empty()) {
    user["email"] = fields["email"] = base::lower_ascii(email);
  }
  if (const std::string user_id = text_of(item, "userId"); !user_id.empty()) {
    user["userId"] = fields["userId"] = user_id;
  }
  fields["profileUpdatedAt"] = time;
}

}  // namespace

base::Result<Profiles> Profiles::load(Inbox& inbox, base::Millis lag, ProjectType type) {
  Profiles profiles(inbox, lag, type);
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
    auto kept = keep_update(email_subject, "linked", before->dump(), now);
    if (kept) kept = keep_update(user_id_subject, kErased, "{}", now);
    if (!kept) return kept;
  }
  const auto alias = inbox_->keep(
      RecordKind::kAlias,
      {.topic = {}, .key = {}, .subject = user_id_subject, .time = now, .body = email_subject});
  if (!alias) return tl::unexpected(alias.error());
  return {};
}

std::string Profiles::subject_of(const json& item) const {
  const std::string email = text_of(item, "email");
  const bool by_email = !email.empty() && type_ != ProjectType::kUserId;
  return by_email ? email_subject(email) : user_id_subject(text_of(item, "userId"));
}

// The subject under which an update is kept. What was known under a userId that had no email moves
// to the email that comes with it.
base::Result<std::string> Profiles::filed(const json& item, base::Instant now) {
  const std::string subject = subject_of(item);
  const std::string user_id = text_of(item, "userId");
  if (user_id.empty() || type_ == ProjectType::kUserId) return subject;
  const auto led_to = resolved(user_id_subject(user_id));
  if (!led_to || subject == user_id_subject(user_id)) return led_to;
  if (*led_to == user_id_subject(user_id)) {
    if (const auto adopted = adopt(*led_to, subject, now); !adopted) {
      return tl::unexpected(adopted.error());
    }
  }
  return subject;
}

base::Status Profiles::update(const json& item, std::string_view topic, base::Instant now) {
  const auto subject = filed(item, now);
  if (!subject) return tl::unexpected(subject.error());
  const auto kept = keep_update(*subject, topic, item.dump(), now);
  if (!kept) return kept;
  return take_new_names(*subject, item, topic, now);
}

base::Status Profiles::take_new_names(const std::string& subject, const json& item,
                                      std::string_view topic, base::Instant now) {
  const json fields = item.value("dataFields", json::object());
  json names = json::object();
  if (const std::string user_id = text_of(fields, "userId"); !user_id.empty()) {
    names["userId"] = user_id;
  }
  const std::string email = text_of(fields, "email");
  if (!email.empty() && type_ != ProjectType::kEmail) names["email"] = base::lower_ascii(email);
  if (names.empty()) return {};
  const auto profile = find(subject);
  if (!profile) return tl::unexpected(profile.error());
  json renamed = *profile;
  renamed.update(names);
  return renamed == *profile ? base::Status() : rename(subject, renamed, topic, now);
}

// Whether somebody who is not `owner` goes by a name, which is a subject.
base::Result<bool> Profiles::held_by_another(const std::string& name, std::string_view owner) {
  const auto holder = resolved(name);
  if (!holder) return tl::unexpected(holder.error());
  return *holder == owner ? base::Result<bool>(false) : exists(*holder);
}

// Of an update that names its user twice.
base::Result<Clash> Profiles::clash_of_pair(const std::string& email, const std::string& user_id) {
  const std::string by_email = email_subject(email);
  const auto other = held_by_another(user_id_subject(user_id), by_email);
  const auto profile = find(by_email);
  if (!other || !profile) return tl::unexpected(other ? profile.error() : other.error());
  const bool known = profile->is_object();
  const std::string before = known ? text_of(*profile, "userId") : std::string();
  if (!before.empty() && before != user_id) return Clash::kEmail;
  if (!*other) return Clash::kNone;
  const auto holder = resolved(user_id_subject(user_id));
  if (!holder) return tl::unexpected(holder.error());
  // Somebody without an email gets this one, if it is nobody's.
  const bool has_email = *holder != user_id_subject(user_id);
  return known || has_email ? Clash::kUserId : Clash::kNone;
}

base::Result<Clash> Profiles::clash(const json& item) {
  if (type_ == ProjectType::kEmail) return Clash::kNone;
  const std::string email = text_of(item, "email");
  const std::string user_id = text_of(item, "userId");
  if (type_ == ProjectType::kHybrid && !email.empty() && !user_id.empty()) {
    const auto pair = clash_of_pair(email, user_id);
    if (!pair || *pair != Clash::kNone) return pair;
  }
  const auto owner = resolved(subject_of(item));
  if (!owner) return tl::unexpected(owner.error());
  const json fields = item.value("dataFields", json::object());
  const std::string new_email = text_of(fields, "email");
  if (type_ == ProjectType::kHybrid && !new_email.empty()) {
    const auto held = held_by_another(email_subject(new_email), *owner);
    if (!held) return tl::unexpected(held.error());
    if (*held) return Clash::kEmail;
  }
  const std::string new_user_id = text_of(fields, "userId");
  if (new_user_id.empty()) return Clash::kNone;
  const auto held = held_by_another(user_id_subject(new_user_id), *owner);
  if (!held) return tl::unexpected(held.error());
  return *held ? Clash::kUserId : Clash::kNone;
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

base::Status Profiles::rename(std::string_view subject, const json& profile, std::string_view topic,
                              base::Instant now) {
  if (auto erased = erase(subject, now); !erased) return erased;
  return replace(profile, topic, now);
}

base::Status Profiles::replace(const json& profile, std::string_view topic, base::Instant now) {
  const std::string user_id = text_of(profile, "userId");
  const std::string subject = subject_of(profile);
  const auto kept = keep_update(subject, std::string(kReplaced).append(topic), profile.dump(), now);
  if (!kept || user_id.empty() || type_ == ProjectType::kUserId) return kept;
  const auto held = held_by_another(user_id_subject(user_id), subject);
  if (!held) return tl::unexpected(held.error());
  // In a project of emails it stays with the first who had it.
  const bool stays = *held || subject == user_id_subject(user_id);
  return stays ? base::Status() : lead(user_id, subject, now);
}

base::Status Profiles::erase(std::string_view subject, base::Instant now) {
  const auto owner = resolved(subject);
  if (!owner) return tl::unexpected(owner.error());
  const auto profile = find(*owner);
  if (!profile) return tl::unexpected(profile.error());
  const auto kept = keep_update(*owner, kErased, "{}", now);
  if (!kept || profile->is_null()) return kept;
  const std::string user_id = text_of(*profile, "userId");
  if (user_id.empty()) return {};
  const auto led_to = resolved(user_id_subject(user_id));
  if (!led_to) return tl::unexpected(led_to.error());
  return *led_to == *owner ? lead(user_id, {}, now) : base::Status();
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

std::vector<std::string> Profiles::forgotten_names(std::string_view kind) const {
  std::vector<std::string> out;
  for (auto one = forgotten_.lower_bound(kind); one != forgotten_.end() && one->starts_with(kind);
       ++one) {
    out.push_back(one->substr(kind.size()));
  }
  return out;
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
