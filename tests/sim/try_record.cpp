#include "tests/sim/try_record.h"

#include <algorithm>

namespace sojourn::sim {

TryRecord::Attempt TryRecord::add(const std::string& key) {
  std::vector<Try>& tries = tries_[key];
  tries.emplace_back();
  attempts_.emplace_back(key, tries.size() - 1);
  return attempts_.size() - 1;
}

const std::vector<TryRecord::Try>& TryRecord::tries(const std::string& key) const {
  static const std::vector<Try> none;
  const auto found = tries_.find(key);
  return found == tries_.end() ? none : found->second;
}

std::int64_t TryRecord::accepted_of(const std::string& key) const {
  return std::ranges::count(tries(key), true, &Try::accepted);
}

std::int64_t TryRecord::may_have_arrived(const std::string& key) const {
  return std::ranges::count_if(tries(key),
                               [](const Try& each) { return each.state != State::kRefused; });
}

std::int64_t TryRecord::unanswered(const std::string& key) const {
  return std::ranges::count_if(
      tries(key), [](const Try& each) { return each.state != State::kRefused && !each.settled; });
}

TryRecord::Try& TryRecord::try_of(Attempt attempt) {
  const auto& [key, place] = attempts_.at(attempt);
  return tries_.at(key).at(place);
}

// It may be taken once more for each answer that got lost.
void TryRecord::accepted(Attempt attempt, base::Millis at) {
  Try& taken = try_of(attempt);
  taken.accepted = true;
  taken.at = at;
  ++accepted_;
  // Nobody waits for its answer any more.
  if (taken.lost) ++answers_lost_;
  const std::string& key = key_of(attempt);
  const std::int64_t accepted = accepted_of(key);
  if (accepted > wanted(key)) ++doubled_;
  const std::int64_t lost =
      std::ranges::count_if(tries(key), [](const Try& each) { return each.accepted && each.lost; });
  if (accepted > wanted(key) + lost) too_often(key, accepted, lost);
  was_taken(key);
}

void TryRecord::refused(Attempt attempt) {
  try_of(attempt).state = State::kRefused;
}

void TryRecord::told(Attempt attempt) {
  Try& known = try_of(attempt);
  known.state = State::kOver;
  known.told = true;
}

void TryRecord::lose(Try& attempt) {
  if (attempt.lost) return;
  attempt.lost = true;
  if (attempt.accepted) ++answers_lost_;
}

void TryRecord::lost(Attempt attempt) {
  lose(try_of(attempt));
}

void TryRecord::settled(const std::string& key) {
  const auto found = tries_.find(key);
  if (found == tries_.end()) return;
  for (Try& known : found->second) known.settled |= known.told;
}

void TryRecord::process_ended() {
  for (auto& [key, tries] : tries_) {
    for (Try& attempt : tries) {
      if (attempt.state != State::kRefused && !attempt.settled) lose(attempt);
    }
  }
}

}  // namespace sojourn::sim
