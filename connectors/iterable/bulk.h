// Many calls of one kind made as one, and what its answer means for each of them. The items of a
// bulk call are the bodies of the calls that it stands for, as they are. Pure; any thread.
//
// Iterable takes what single and bulk calls bring through separate pipelines, so the order of
// what concerns one user holds only within one of them: who uses one must not use the other for
// the same user at the same time.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/attempt.h"
#include "connectors/outcome.h"
#include "connectors/request.h"

namespace sojourn::connectors::iterable {

// Where the bulk calls differ, as data.
struct BulkAction {
  std::string_view single_path;  // of the calls that it stands for
  std::string_view path;
  std::string_view items;  // the member that lists them
  // An answer names users, not items. So where it can refuse one item of a user for what the item
  // says, a call must hold at most one of each.
  bool one_for_each_user;
};

extern const BulkAction kUsersBulkUpdate;
extern const BulkAction kEventsTrackBulk;

// The most that a call may hold. Iterable publishes 4 MB for profiles, here the smaller of its two
// readings, and no number of items.
inline constexpr std::size_t kMaxBulkBytes = 4'000'000;
inline constexpr std::size_t kMaxBulkItems = 1'000;

struct BulkItem {
  std::string body;           // of the single call
  bool just_updated = false;  // as Lag::kJustUpdated (outcome_table.h)
};

// Bytes of a call without items, and what an item takes beyond its own body.
std::size_t bulk_bytes(const BulkAction& action);
inline constexpr std::size_t kBytesBetweenItems = 1;

HttpRequest bulk_request(const BulkAction& action, std::span<const BulkItem> items);

struct BulkVerdict {
  // To be made again in two parts. Nothing was taken, which may be for the sake of a single item
  // or because they are too many; or some items failed and Iterable does not say which, and for
  // profile updates and events with an id a repeat changes nothing. Only of more than one item;
  // `outcomes` is empty then.
  bool split = false;
  std::vector<Outcome> outcomes;  // by item
};

// An unknown outcome of the call is that of each item.
BulkVerdict decide_bulk(std::span<const BulkItem> items, const Attempt& attempt);

}  // namespace sojourn::connectors::iterable
