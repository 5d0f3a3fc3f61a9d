// What a notice says of consent, and of addresses that reach nobody; one of no known kind says
// nothing. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "connectors/iterable/webhooks/notice.h"

namespace sojourn::connectors::iterable {

// What somebody has said yes or no to, by Iterable's ids.
struct ConsentGroups {
  std::vector<std::int64_t> channels;
  std::vector<std::int64_t> message_types;
  bool empty() const { return channels.empty() && message_types.empty(); }
};

// Of an opt-out or a subscription, those that it lists; a link in a message that lists none is an
// opt-out from the message's type, and a complaint always is. Which type that is, the notice
// knows best, then whoever declares its campaign (`declared`); where neither does, it is the
// message's channel. Of other notices, and of an address that bounced without a list: none.
ConsentGroups groups_of(const Notice& notice, std::optional<std::int64_t> declared);

// Nothing more will reach the address. Only the word that is published counts.
bool is_hard_bounce(const Notice& notice);

// What the person has written is, to carriers, an opt-out from all messages of a number; its end.
bool says_stop(const Notice& notice);
bool says_start(const Notice& notice);

// It would count for somebody who appears only later.
bool counts_later(const Notice& notice, std::optional<std::int64_t> declared);

// It is about consent or an address, so whoever sends it has to hear when it is about nobody:
// passed over, it would be lost and nobody would notice.
bool must_name_somebody(const Notice& notice);

}  // namespace sojourn::connectors::iterable
