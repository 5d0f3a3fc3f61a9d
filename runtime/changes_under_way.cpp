#include "runtime/changes_under_way.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sojourn::runtime {

std::optional<Change> change_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kUsersUpdate:
      return Change::kProfile;
    case Endpoint::kListsSubscribe:
    case Endpoint::kListsUnsubscribe:
      return Change::kLists;
    case Endpoint::kSubscriptions:
    case Endpoint::kDoubleOptIn:
      return Change::kSubscriptions;
    default:
      return std::nullopt;
  }
}

bool ChangesUnderWay::must_wait(const store::DeliveryKey& change, Change what) {
  const auto found = users_.find(change.user.packed());
  if (found == users_.end()) return false;
  OfUser& user = found->second;
  if (std::ranges::find(user.claimed, what, &Claimed::what) == user.claimed.end()) return false;
  const bool is_known = std::ranges::find(user.waiting, change.message) != user.waiting.end();
  if (!is_known) user.waiting.push_back(change.message);
  return true;
}

void ChangesUnderWay::claimed(const store::DeliveryKey& change, Change what) {
  OfUser& user = users_[change.user.packed()];
  user.claimed.push_back({change.message, what});
  std::erase(user.waiting, change.message);
}

std::vector<base::Hash128> ChangesUnderWay::ended(const store::DeliveryKey& delivery) {
  const auto found = users_.find(delivery.user.packed());
  if (found == users_.end()) return {};
  OfUser& user = found->second;
  const auto of_it = [&](const Claimed& claimed) { return claimed.message == delivery.message; };
  if (std::erase_if(user.claimed, of_it) == 0) return {};
  std::vector<base::Hash128> waiting = std::exchange(user.waiting, {});
  if (user.claimed.empty()) users_.erase(found);
  return waiting;
}

void ChangesUnderWay::moved(store::UserId from, store::UserId to) {
  const auto found = users_.find(from.packed());
  if (found == users_.end()) return;
  OfUser theirs = std::move(found->second);
  users_.erase(found);
  OfUser& user = users_[to.packed()];
  std::ranges::move(theirs.claimed, std::back_inserter(user.claimed));
  std::ranges::move(theirs.waiting, std::back_inserter(user.waiting));
}

}  // namespace sojourn::runtime
