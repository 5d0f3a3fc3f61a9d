#include "app/project_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace sojourn::app {
namespace {

using base::Error;
using Json = nlohmann::json;

// A medium whose templates can be listed, and read one by one.
struct TemplateMedium {
  const char* listed;  // as the query wants it; null: there is no such list
  const char* read;    // its part of the path
  const char* ours;
};
constexpr TemplateMedium kTemplateMedia[] = {{"Email", "email", "email"},
                                             {"Push", "push", "push"},
                                             {"InApp", "inapp", "in_app"},
                                             {"SMS", "sms", "sms"},
                                             {nullptr, "embedded", "embedded"}};

// --- Members of an answer; what is absent or of another type is nothing ----------

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> id(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

Error unexpected_answer(const std::string& path, const char* key) {
  return {Error::Kind::kInvalid, fmt::format("the answer to GET {} has no list `{}`", path, key),
          "does `base_url` in sojourn.toml name Iterable?"};
}

// Calls `take` with each object of the list `key`.
template <typename Take>
base::Status for_each(const Json& answer, const std::string& path, const char* key, Take take) {
  const auto found = answer.is_object() ? answer.find(key) : answer.end();
  if (!answer.is_object() || found == answer.end() || !found->is_array()) {
    return tl::unexpected(unexpected_answer(path, key));
  }
  for (const Json& item : *found) {
    if (item.is_object()) take(item);
  }
  return {};
}

bool has_next_page(const Json& answer) {
  const auto next = answer.find("nextPageUrl");
  return next != answer.end() && next->is_string() && !next->get<std::string>().empty();
}

// --- The parts of a project ------------------------------------------------------

class Reading {
 public:
  Reading(const ReadIterable& read, const std::set<std::int64_t>& declared)
      : read_(read), declared_(declared) {}

  base::Result<ReadProject> all() {
    for (const auto part :
         {&Reading::channels, &Reading::message_types, &Reading::lists, &Reading::user_fields,
          &Reading::campaigns, &Reading::message_types_of_campaigns, &Reading::events}) {
      if (const base::Status done = (this->*part)(); !done) return tl::unexpected(done.error());
    }
    sort_all();
    return std::move(project_);
  }

  base::Result<std::vector<dsl::LockedCampaign>> only_campaigns() {
    if (const base::Status done = campaigns(); !done) return tl::unexpected(done.error());
    sort_all();
    return std::move(lock().campaigns);
  }

 private:
  template <typename Take>
  base::Status one(const std::string& path, const char* key, Take take) {
    const auto answer = read_(path);
    if (!answer) return tl::unexpected(answer.error());
    return for_each(*answer, path, key, take);
  }

  // `query`: begins with `&`, or is empty.
  template <typename Take>
  base::Status pages(const std::string& path, const char* key, int page_size,
                     const std::string& query, Take take) {
    for (int page = 1; page <= kMaxPages; ++page) {
      const auto answer =
          read_(fmt::format("{}?page={}&pageSize={}{}", path, page, page_size, query));
      if (!answer) return tl::unexpected(answer.error());
      std::size_t items = 0;
      const auto counted = [&](const Json& item) {
        ++items;
        take(item);
      };
      if (const auto done = for_each(*answer, path, key, counted); !done) return done;
      if (items == 0 || !has_next_page(*answer)) return {};
    }
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("GET {} has more than {} pages", path, kMaxPages));
  }

  base::Status channels() {
    return one("/api/channels", "channels", [this](const Json& item) {
      if (const auto channel = id(item, "id")) {
        lock().channels.push_back({*channel, text(item, "name"),
                                   our_word(text(item, "channelType")),
                                   our_word(text(item, "messageMedium"))});
      }
    });
  }

  base::Status message_types() {
    return one("/api/messageTypes", "messageTypes", [this](const Json& item) {
      if (const auto type = id(item, "id")) {
        lock().message_types.push_back({*type, text(item, "name"),
                                        id(item, "channelId").value_or(0),
                                        our_word(text(item, "subscriptionPolicy"))});
      }
    });
  }

  base::Status lists() {
    return one("/api/lists", "lists", [this](const Json& item) {
      if (const auto list = id(item, "id")) {
        lock().lists.push_back({*list, text(item, "name"), our_word(text(item, "listType"))});
      }
    });
  }

  base::Status user_fields() {
    const std::string path = "/api/users/getFields";
    const auto answer = read_(path);
    if (!answer) return tl::unexpected(answer.error());
    const auto fields = answer->is_object() ? answer->find("fields") : answer->end();
    if (!answer->is_object() || fields == answer->end() || !fields->is_object()) {
      return tl::unexpected(unexpected_answer(path, "fields"));
    }
    for (const auto& [name, type] : fields->items()) {
      lock().user_fields.push_back(
          {name, type.is_string() ? type.get<std::string>() : std::string("object")});
    }
    return {};
  }

  base::Status campaigns() {
    return pages("/api/campaigns", "campaigns", kPageSize, "&sort=id", [this](const Json& item) {
      const auto campaign = id(item, "id");
      const std::string type = our_word(text(item, "type"));
      if (!campaign || (type != "triggered" && !declared_.contains(*campaign))) return;
      lock().campaigns.push_back(
          {*campaign, text(item, "name"), type, our_word(text(item, "campaignState")),
           our_word(text(item, "messageMedium")), id(item, "templateId"), std::nullopt});
    });
  }

  base::Status message_types_of_campaigns() {
    std::map<std::int64_t, std::int64_t> types;  // by template
    for (const TemplateMedium& medium : kTemplateMedia) {
      if (medium.listed == nullptr) continue;
      const auto query = fmt::format("&templateType=Triggered&messageMedium={}", medium.listed);
      const auto listed =
          pages("/api/templates", "templates", kPageSize, query, [&](const Json& item) {
            const auto found = id(item, "templateId");
            const auto type = id(item, "messageTypeId");
            if (found && type) types.emplace(*found, *type);
          });
      if (!listed && listed.error().kind != Error::Kind::kNotFound) return listed;
    }
    std::size_t unknown = 0;
    for (dsl::LockedCampaign& campaign : lock().campaigns) {
      if (!campaign.template_id) continue;
      const auto found = types.find(*campaign.template_id);
      if (found != types.end()) {
        campaign.message_type = found->second;
        continue;
      }
      if (const auto done = read_template(campaign); !done) return done;
      if (!campaign.message_type) ++unknown;
    }
    if (unknown > 0) {
      project_.notes.push_back(fmt::format("the message type of {} campaign{} could not be read",
                                           unknown, unknown == 1 ? "" : "s"));
    }
    return {};
  }

  // Leaves the message type open where Iterable has no such read, or no such template.
  base::Status read_template(dsl::LockedCampaign& campaign) {
    const auto medium =
        std::ranges::find(kTemplateMedia, campaign.medium,
                          [](const TemplateMedium& known) { return std::string_view(known.ours); });
    if (medium == std::end(kTemplateMedia)) return {};
    const auto answer = read_(
        fmt::format("/api/templates/{}/get?templateId={}", medium->read, *campaign.template_id));
    if (!answer) {
      if (answer.error().kind == Error::Kind::kNotFound) return {};
      return tl::unexpected(answer.error());
    }
    if (answer->is_object()) campaign.message_type = id(*answer, "messageTypeId");
    return {};
  }

  base::Status events() {
    const auto done =
        pages("/api/journeys", "journeys", kJourneyPageSize, "", [this](const Json& item) {
          const auto names = item.find("triggerEventNames");
          if (names == item.end() || !names->is_array()) return;
          for (const Json& name : *names) {
            if (name.is_string()) lock().events.push_back(name.get<std::string>());
          }
        });
    if (done || done.error().kind != Error::Kind::kNotFound) return done;
    project_.notes.emplace_back("event names could not be read: Iterable lists no journeys here");
    return {};
  }

  void sort_all() {
    const auto by = [](auto& items, auto member) {
      std::ranges::sort(items, {}, member);
      const auto gone = std::ranges::unique(items, {}, member);
      items.erase(gone.begin(), gone.end());
    };
    by(lock().channels, &dsl::LockedChannel::id);
    by(lock().message_types, &dsl::LockedMessageType::id);
    by(lock().campaigns, &dsl::LockedCampaign::id);
    by(lock().lists, &dsl::LockedList::id);
    by(lock().user_fields, &dsl::LockedUserField::name);
    by(lock().events, std::identity{});
  }

  dsl::IdsLock& lock() { return project_.lock; }

  const ReadIterable& read_;
  const std::set<std::int64_t>& declared_;
  ReadProject project_;
};

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

base::Result<ReadProject> read_iterable_project(const ReadIterable& read,
                                                const std::set<std::int64_t>& declared) {
  return Reading(read, declared).all();
}

base::Result<std::vector<dsl::LockedCampaign>> read_triggered_campaigns(const ReadIterable& read) {
  const std::set<std::int64_t> no_others;
  return Reading(read, no_others).only_campaigns();
}

std::string our_word(std::string_view theirs) {
  if (theirs == "WhatsApp") return "whatsapp";
  std::string out;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const bool begins = is_upper(theirs[i]) && i > 0 && !is_upper(theirs[i - 1]);
    if (begins) out += '_';
    out += is_upper(theirs[i]) ? static_cast<char>(theirs[i] - 'A' + 'a') : theirs[i];
  }
  return out;
}

}  // namespace sojourn::app
