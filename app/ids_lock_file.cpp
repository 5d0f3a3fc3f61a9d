#include "app/ids_lock_file.h"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;
using base::Error;

constexpr int kFormat = 1;

// --- Writing ---------------------------------------------------------------------

Json json_of(const dsl::LockedChannel& channel) {
  return {{"id", channel.id},
          {"name", channel.name},
          {"kind", channel.kind},
          {"medium", channel.medium}};
}

Json json_of(const dsl::LockedMessageType& type) {
  return {
      {"id", type.id}, {"name", type.name}, {"channel", type.channel}, {"consent", type.consent}};
}

Json json_of(const dsl::LockedCampaign& campaign) {
  Json json = {{"id", campaign.id},
               {"name", campaign.name},
               {"type", campaign.type},
               {"state", campaign.state},
               {"medium", campaign.medium}};
  if (campaign.template_id) json["template"] = *campaign.template_id;
  if (campaign.message_type) json["message_type"] = *campaign.message_type;
  return json;
}

Json json_of(const dsl::LockedList& list) {
  return {{"id", list.id}, {"name", list.name}, {"type", list.type}};
}

Json json_of(const dsl::LockedUserField& field) {
  return {{"name", field.name}, {"type", field.type}};
}

Json json_of(const std::string& event) {
  return event;
}

// What is no UTF-8 in a name from outside is replaced, never refused.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename Item>
void append_items(std::string& out, std::string_view key, const std::vector<Item>& items) {
  out += fmt::format(",\n  \"{}\": [", key);
  const char* before = "\n    ";
  for (const Item& item : items) {
    out += before + text_of(json_of(item));
    before = ",\n    ";
  }
  out += items.empty() ? "]" : "\n  ]";
}

// --- Reading ---------------------------------------------------------------------

// Reads the members of an object; the first problem is kept.
class Reader {
 public:
  Reader(const Json& json, std::string where, std::optional<std::string>& problem)
      : json_(json), where_(std::move(where)), problem_(problem) {
    if (!json_.is_object()) fail("must be an object");
  }

  void text(const char* key, std::string& into) {
    const Json* value = take(key, true);
    if (value == nullptr) return;
    if (!value->is_string()) return fail(fmt::format("has a `{}` that is no text", key));
    into = value->get<std::string>();
  }
  void id(const char* key, std::int64_t& into) {
    const Json* value = take(key, true);
    if (value == nullptr) return;
    if (!value->is_number_integer()) return fail(fmt::format("has a `{}` that is no id", key));
    into = value->get<std::int64_t>();
  }
  void id(const char* key, std::optional<std::int64_t>& into) {
    if (!json_.is_object() || !json_.contains(key)) return;
    id(key, into.emplace());
  }
  // Null when it is not there, which has been reported if it has to be.
  const Json* take(const char* key, bool needed) {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(key);
    if (found != json_.end()) return &*found;
    if (needed) fail(fmt::format("has no `{}`", key));
    return nullptr;
  }

  void fail(const std::string& what) {
    if (!problem_) problem_ = where_ + " " + what;
  }

 private:
  const Json& json_;
  std::string where_;
  std::optional<std::string>& problem_;
};

void read_item(Reader& reader, dsl::LockedChannel& channel) {
  reader.id("id", channel.id);
  reader.text("name", channel.name);
  reader.text("kind", channel.kind);
  reader.text("medium", channel.medium);
}

void read_item(Reader& reader, dsl::LockedMessageType& type) {
  reader.id("id", type.id);
  reader.text("name", type.name);
  reader.id("channel", type.channel);
  reader.text("consent", type.consent);
}

void read_item(Reader& reader, dsl::LockedCampaign& campaign) {
  reader.id("id", campaign.id);
  reader.text("name", campaign.name);
  reader.text("type", campaign.type);
  reader.text("state", campaign.state);
  reader.text("medium", campaign.medium);
  reader.id("template", campaign.template_id);
  reader.id("message_type", campaign.message_type);
}

void read_item(Reader& reader, dsl::LockedList& list) {
  reader.id("id", list.id);
  reader.text("name", list.name);
  reader.text("type", list.type);
}

void read_item(Reader& reader, dsl::LockedUserField& field) {
  reader.text("name", field.name);
  reader.text("type", field.type);
}

template <typename Item>
void read_items(Reader& lock, const char* key, std::vector<Item>& into,
                std::optional<std::string>& problem) {
  const Json* items = lock.take(key, true);
  if (items == nullptr) return;
  if (!items->is_array()) return lock.fail(fmt::format("has a `{}` that is no list", key));
  for (const Json& json : *items) {
    Reader reader(json, fmt::format("number {} of `{}`", into.size() + 1, key), problem);
    read_item(reader, into.emplace_back());
  }
}

void read_events(Reader& lock, std::vector<std::string>& into) {
  const Json* events = lock.take("events", true);
  if (events == nullptr) return;
  for (const Json& event : *events) {
    if (!event.is_string()) return lock.fail("has `events` that are no texts");
    into.push_back(event.get<std::string>());
  }
}

// Whoever edits the file by hand, or merges two of them, may leave it in any order.
void sort_all(dsl::IdsLock& lock) {
  std::ranges::sort(lock.channels, {}, &dsl::LockedChannel::id);
  std::ranges::sort(lock.message_types, {}, &dsl::LockedMessageType::id);
  std::ranges::sort(lock.campaigns, {}, &dsl::LockedCampaign::id);
  std::ranges::sort(lock.lists, {}, &dsl::LockedList::id);
  std::ranges::sort(lock.user_fields, {}, &dsl::LockedUserField::name);
  std::ranges::sort(lock.events);
}

base::Error unreadable(const std::string& name, const std::string& why) {
  return {Error::Kind::kInvalid, fmt::format("{} cannot be used: {}", name, why),
          "write it anew with `sojourn pull`"};
}

}  // namespace

std::string lock_file_name(const std::string& environment) {
  return environment.empty() ? "ids.lock" : fmt::format("ids.{}.lock", environment);
}

std::string render_lock(const dsl::IdsLock& lock) {
  std::string out = fmt::format("{{\n  \"format\": {},\n  \"iterable\": {}", kFormat,
                                text_of(Json(lock.iterable)));
  out += fmt::format(",\n  \"environment\": {}", text_of(Json(lock.environment)));
  out += fmt::format(",\n  \"catalog\": {}", text_of(Json(lock.catalog)));
  append_items(out, "channels", lock.channels);
  append_items(out, "message_types", lock.message_types);
  append_items(out, "campaigns", lock.campaigns);
  append_items(out, "lists", lock.lists);
  append_items(out, "user_fields", lock.user_fields);
  append_items(out, "events", lock.events);
  return out + "\n}\n";
}

base::Result<dsl::IdsLock> parse_lock(std::string_view text, const std::string& name) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return tl::unexpected(unreadable(name, "it is not JSON"));
  std::optional<std::string> problem;
  Reader reader(json, "it", problem);
  std::int64_t format = 0;
  reader.id("format", format);
  if (!problem && format != kFormat) {
    return tl::unexpected(
        Error{Error::Kind::kInvalid,
              fmt::format("{} has the format {}, and {} is known here", name, format, kFormat),
              "use the sojourn that wrote it, or `sojourn pull` again"});
  }
  dsl::IdsLock lock;
  reader.text("iterable", lock.iterable);
  reader.text("environment", lock.environment);
  reader.text("catalog", lock.catalog);
  read_items(reader, "channels", lock.channels, problem);
  read_items(reader, "message_types", lock.message_types, problem);
  read_items(reader, "campaigns", lock.campaigns, problem);
  read_items(reader, "lists", lock.lists, problem);
  read_items(reader, "user_fields", lock.user_fields, problem);
  read_events(reader, lock.events);
  if (problem) return tl::unexpected(unreadable(name, *problem));
  sort_all(lock);
  return lock;
}

base::Result<dsl::IdsLock> read_lock(const std::string& path) {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(path, failed);
  std::ifstream file(path, std::ios::binary);
  if (failed || !file) {
    return base::failure(Error::Kind::kNotFound, fmt::format("cannot read {}", path),
                         "`sojourn pull` writes it");
  }
  if (bytes > kMaxLockBytes) {
    return tl::unexpected(
        unreadable(path, fmt::format("it is longer than {} bytes", kMaxLockBytes)));
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_lock(text, path);
}

}  // namespace sojourn::app
