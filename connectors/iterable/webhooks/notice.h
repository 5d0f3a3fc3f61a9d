// One notice: what a request of a system webhook says, as far as anybody here goes by it. A value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "connectors/iterable/webhooks/notice_kind.h"

namespace sojourn::connectors::iterable {

// Ids that one array may hold; those behind are passed over.
inline constexpr std::size_t kMaxNoticeIds = 1'000;
// Of a kept text in bytes; what is longer is cut.
inline constexpr std::size_t kMaxNoticeText = 2'048;

struct Notice {
  std::string event_name;            // as it came, cut at kMaxNoticeText
  const NoticeKind* kind = nullptr;  // null: none that is known
  // Whom it is about, at the top or else in `dataFields`, without white space around it that no
  // name has; the email in lower case. Iterable's
  // placeholder addresses, which nobody has, are left out. Not looked at otherwise.
  std::string email;
  std::string user_id;
  std::optional<base::Instant> created_at;
  std::optional<std::int64_t> campaign_id;
  std::string message_id;  // Iterable's
  // Ours, that the message carried, in `transactionalData`, `metadata` or `dataFields` itself.
  std::optional<base::Hash128> message_key;
  // Of the message that it is about.
  std::optional<std::int64_t> message_type_id;
  std::optional<std::int64_t> channel_id;
  // Listed by it.
  std::vector<std::int64_t> channel_ids;
  std::vector<std::int64_t> message_type_ids;
  std::string url;              // of a click
  std::string recipient_state;  // of a bounce or complaint: `HardBounce`, …
  std::string source;           // `unsubSource`
  std::string reason;           // of a send skip; the set is open
  std::string text;             // that the person has written
  bool is_bot = false;          // a program has opened or clicked, and not the person
  // What a repeat is recognised by: no two things that happened share it. Nothing where neither a
  // message nor a time tells them apart.
  std::optional<base::Hash128> natural_key;
};

}  // namespace sojourn::connectors::iterable
