#include "dsl/ids_lock.h"

#include <algorithm>

namespace sojourn::dsl {
namespace {

template <typename Item>
const Item* find_by_id(const std::vector<Item>& items, std::int64_t id) {
  const auto found = std::ranges::lower_bound(items, id, {}, &Item::id);
  return found == items.end() || found->id != id ? nullptr : &*found;
}

}  // namespace

const LockedChannel* IdsLock::find_channel(std::int64_t id) const {
  return find_by_id(channels, id);
}

const LockedMessageType* IdsLock::find_message_type(std::int64_t id) const {
  return find_by_id(message_types, id);
}

const LockedCampaign* IdsLock::find_campaign(std::int64_t id) const {
  return find_by_id(campaigns, id);
}

const LockedList* IdsLock::find_list(std::int64_t id) const {
  return find_by_id(lists, id);
}

bool can_be_triggered(const LockedCampaign& campaign) {
  return campaign.type == "triggered" && campaign.state == "running";
}

}  // namespace sojourn::dsl
