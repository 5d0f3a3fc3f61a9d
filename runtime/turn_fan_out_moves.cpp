// The part of TurnFanOuts that is about users who become others: the parts of events that are on
// their way to them name the other. Rare, so it reads whatever parts there are.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "runtime/fan_out_book.h"
#include "runtime/turn_fan_outs.h"

namespace sojourn::runtime {
namespace {

constexpr std::size_t kReadBatch = 1'000;

struct Part {
  store::FanOutKey key;
  std::vector<store::UserId> users;

  bool has(store::UserId user) const { return std::ranges::find(users, user) != users.end(); }
};

// Takes up the row's users, where one of the two is among them.
base::Status look_at(const store::FanOutRow& row, store::UserId from, store::UserId to,
                     std::vector<Part>& into) {
  if (row.key.part == 0) return {};
  auto users = decode_users(row.body);
  if (!users) return tl::unexpected(users.error());
  Part part{row.key, std::move(*users)};
  if (part.has(from) || part.has(to)) into.push_back(std::move(part));
  return {};
}

// Those that are stored and stay so, and those that this commit puts.
base::Result<std::vector<Part>> parts_of(store::UserId from, store::UserId to, store::Store& store,
                                         const store::Commit& commit) {
  std::vector<Part> parts;
  std::set<store::FanOutKey> known(commit.remove_fan_outs.begin(), commit.remove_fan_outs.end());
  for (const store::FanOutRow& row : commit.put_fan_outs) {
    known.insert(row.key);
    if (auto looked = look_at(row, from, to, parts); !looked) {
      return tl::unexpected(looked.error());
    }
  }
  std::optional<store::FanOutKey> after;
  while (true) {
    auto rows = store.fan_outs(after, kReadBatch);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->empty()) return parts;
    for (const store::FanOutRow& row : *rows) {
      if (known.contains(row.key)) continue;
      if (auto looked = look_at(row, from, to, parts); !looked) {
        return tl::unexpected(looked.error());
      }
    }
    after = rows->back().key;
  }
}

void put(const Part& part, store::Commit& commit) {
  auto& rows = commit.put_fan_outs;
  const auto row = std::ranges::find(rows, part.key, &store::FanOutRow::key);
  if (row != rows.end()) {
    row->body = encode_users(part.users);
  } else {
    rows.push_back({part.key, encode_users(part.users)});
  }
}

}  // namespace

void TurnFanOuts::follow_moved(std::vector<store::UserId>& users) const {
  if (moved_.empty()) return;
  for (store::UserId& user : users) {
    for (auto next = moved_.find(user); next != moved_.end(); next = moved_.find(user)) {
      user = next->second;
    }
  }
  std::ranges::sort(users);
  const auto repeated = std::ranges::unique(users);
  users.erase(repeated.begin(), repeated.end());
}

void TurnFanOuts::move(store::UserId from, store::UserId to) {
  moved_[from] = to;
  if (!context_.fan_outs.waits(from)) return;
  auto parts = parts_of(from, to, context_.store, record_.commit);
  if (!parts) {
    status_ = tl::unexpected(parts.error());
    return;
  }
  std::set<std::uint64_t> comes_to_other;  // by the event's number
  for (const Part& part : *parts) {
    if (part.has(to)) comes_to_other.insert(part.key.number);
  }
  for (Part& part : *parts) {
    if (std::erase(part.users, from) == 0) continue;
    if (auto gone = context_.fan_outs.users_gone({&from, 1}); !gone) {
      status_ = gone;
      return;
    }
    if (!comes_to_other.contains(part.key.number)) {
      part.users.insert(std::ranges::lower_bound(part.users, to), to);
      context_.fan_outs.users_added({&to, 1});
    }
    put(part, record_.commit);
  }
}

}  // namespace sojourn::runtime
