// What an Iterable project had when it was last pulled: the contents of an ids.lock, by
// which a catalog is judged without a network. Words are this language's where it has one
// (`in_app`, `opt_in`, `marketing`), else Iterable's in lower case (`embedded`). Values; any
// thread. How it stands in the file: app/ids_lock_file.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::dsl {

struct LockedChannel {
  std::int64_t id = 0;
  std::string name;
  std::string kind;    // marketing, transactional
  std::string medium;  // email, sms, …
  friend bool operator==(const LockedChannel&, const LockedChannel&) = default;
};

struct LockedMessageType {
  std::int64_t id = 0;
  std::string name;
  std::int64_t channel = 0;
  std::string consent;  // opt_in, opt_out, double_opt_in
  friend bool operator==(const LockedMessageType&, const LockedMessageType&) = default;
};

struct LockedCampaign {
  std::int64_t id = 0;
  std::string name;
  std::string type;   // triggered, blast
  std::string state;  // running, draft, archived, …
  std::string medium;
  std::optional<std::int64_t> template_id;
  // Of its template; nothing when that could not be read.
  std::optional<std::int64_t> message_type;
  friend bool operator==(const LockedCampaign&, const LockedCampaign&) = default;
};

struct LockedList {
  std::int64_t id = 0;
  std::string name;
  std::string type;  // standard, dynamic, suppression, internal
  friend bool operator==(const LockedList&, const LockedList&) = default;
};

struct LockedUserField {
  std::string name;
  std::string type;  // string, long, double, boolean, date, …
  friend bool operator==(const LockedUserField&, const LockedUserField&) = default;
};

struct IdsLock {
  std::string iterable;     // the base URL it was read from
  std::string environment;  // the NAME of the [env.NAME]; empty: none
  std::string catalog;      // the hash of the catalog.journey written with it; empty: none was
  // Each sorted by id or name, none twice.
  std::vector<LockedChannel> channels;
  std::vector<LockedMessageType> message_types;
  // The triggered ones, and those whose ids the project declares.
  std::vector<LockedCampaign> campaigns;
  std::vector<LockedList> lists;
  std::vector<LockedUserField> user_fields;
  std::vector<std::string> events;  // those that start a journey of Iterable's

  // Null when there is none.
  const LockedChannel* find_channel(std::int64_t id) const;
  const LockedMessageType* find_message_type(std::int64_t id) const;
  const LockedCampaign* find_campaign(std::int64_t id) const;
  const LockedList* find_list(std::int64_t id) const;
};

// A campaign that can be sent to one person now.
bool can_be_triggered(const LockedCampaign& campaign);

}  // namespace sojourn::dsl
