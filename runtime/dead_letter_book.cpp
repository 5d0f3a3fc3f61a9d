#include "runtime/dead_letter_book.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "runtime/erasing_forward.h"
#include "runtime/turn_context.h"
#include "runtime/washing.h"

namespace sojourn::runtime {
namespace {

// Numbers of users begin with 1.
constexpr store::UserId kNobody{0, 0};

store::RowKey row_of(std::uint64_t number) {
  return {kNobody, store::RowKind::kDeadLetter, number};
}

}  // namespace

bool fits(const DeliveryFilter& filter, DeliveryState state, const DeliveryRecord& record) {
  if (filter.state && *filter.state != state) return false;
  return filter.campaign.empty() ||
         (record.kind == DeliveryRecord::Kind::kMessage && record.subject == filter.campaign);
}

base::Status DeadLetterBook::load(store::Store& store) {
  // A file may have more than the limits let in: they may have been larger.
  auto rows = store.rows(kNobody, store::RowKind::kDeadLetter,
                         static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()));
  if (!rows) return tl::unexpected(rows.error());
  for (const store::Row& row : *rows) {
    auto letter = decode_dead_letter(row.body);
    if (!letter) return tl::unexpected(letter.error());
    last_number_ = std::max(last_number_, row.key.number);
    keep(row.key.number, std::move(*letter), row.body.size());
  }
  return {};
}

void DeadLetterBook::keep(std::uint64_t number, DeadLetter letter, std::size_t bytes) {
  bytes_ += bytes;
  by_key_[letter.key.message] = number;
  letters_.emplace(number, Entry{std::move(letter), bytes});
}

DeadLetter DeadLetterBook::forget(std::uint64_t number) {
  const auto found = letters_.find(number);
  SOJOURN_CHECK(found != letters_.end(), "only what is kept is taken");
  DeadLetter letter = std::move(found->second.letter);
  bytes_ -= found->second.bytes;
  by_key_.erase(letter.key.message);
  letters_.erase(found);
  changed_.insert(number);
  return letter;
}

void DeadLetterBook::add(DeadLetter letter, TurnRecord& record) {
  SOJOURN_CHECK(!has(letter.key.message), "a delivery ends once");
  record.count("dead_letters_kept");
  const std::size_t bytes = encode(letter).size();
  const std::uint64_t number = ++last_number_;
  keep(number, std::move(letter), bytes);
  changed_.insert(number);
  while (letters_.size() > limits_.max_letters || bytes_ > limits_.max_bytes) {
    record.count("dead_letters_gone/forgotten");
    take(letters_.begin()->first, record);
  }
}

DeadLetter DeadLetterBook::take(std::uint64_t number, TurnRecord& record) {
  record.count("dead_letters_kept", -1);
  DeadLetter letter = forget(number);
  // It named whom it was about.
  if (is_erasing(letter.record.subject)) record.count(kToWash);
  return letter;
}

const DeadLetter& DeadLetterBook::at(std::uint64_t number) const {
  const auto found = letters_.find(number);
  SOJOURN_CHECK(found != letters_.end(), "only what is kept is looked at");
  return found->second.letter;
}

void DeadLetterBook::move(store::UserId from, store::UserId to, std::uint32_t added) {
  for (auto& [number, entry] : letters_) {
    if (entry.letter.key.user != from) continue;
    if (entry.letter.record.enrollment != 0) entry.letter.record.enrollment += added;
    give(number, entry, to);
  }
}

void DeadLetterBook::give_back(store::UserId queue, store::UserId user) {
  for (auto& [number, entry] : letters_) {
    const bool is_said = entry.letter.key.user == queue && !is_erasing(entry.letter.record.subject);
    if (is_said) give(number, entry, user);
  }
}

void DeadLetterBook::give(std::uint64_t number, Entry& entry, store::UserId to) {
  entry.letter.key.user = to;
  bytes_ -= entry.bytes;
  entry.bytes = encode(entry.letter).size();
  bytes_ += entry.bytes;
  changed_.insert(number);
}

std::vector<std::uint64_t> DeadLetterBook::find(const DeliveryFilter& filter,
                                                std::uint64_t up_to) const {
  std::vector<std::uint64_t> numbers;
  const auto take_if_fit = [&](std::uint64_t number) {
    const DeadLetter& letter = at(number);
    const bool in_order = up_to == 0 || number <= up_to;
    if (in_order && fits(filter, letter.state, letter.record)) numbers.push_back(number);
  };
  if (filter.keys.empty()) {
    for (const auto& [number, entry] : letters_) take_if_fit(number);
    return numbers;
  }
  std::set<base::Hash128> keys(filter.keys.begin(), filter.keys.end());
  for (const base::Hash128& key : keys) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) take_if_fit(found->second);
  }
  std::ranges::sort(numbers);
  return numbers;
}

std::vector<std::uint64_t> DeadLetterBook::of_user(store::UserId user) const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, entry] : letters_) {
    if (entry.letter.key.user == user) numbers.push_back(number);
  }
  return numbers;
}

void DeadLetterBook::write_to(store::Commit& commit) {
  for (const std::uint64_t number : std::exchange(changed_, {})) {
    const auto found = letters_.find(number);
    if (found == letters_.end()) {
      commit.remove_rows.push_back(row_of(number));
    } else {
      commit.put_rows.push_back({row_of(number), encode(found->second.letter)});
    }
  }
}

}  // namespace sojourn::runtime
