#include "tests/durability/witness.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sojourn::durability {

using store::IoCall;

void Witness::asked(const runtime::IntakeRequest& request) {
  asked_.emplace(request.token, request);
}

void Witness::ended(const runtime::AttemptEnded& ended) {
  promises_.claims.erase(ended.key);
}

store::PowerDisk::Image Witness::power_cut() {
  base::SeededRandom unused(0);
  return disk_.cut(store::PowerDisk::Unsynced::kLost, unused);
}

void Witness::after(const IoCall& io) {
  disk_.after(io);
  const auto file = [&] { return std::filesystem::path(io.path).filename().string(); };
  if (io.kind == IoCall::Kind::kWrite) happenings_.emplace_back(Written{file()});
  if (io.kind == IoCall::Kind::kSync) happenings_.emplace_back(Synced{file()});
}

void Witness::publish(runtime::TurnOutput output) {
  for (const runtime::IntakeResult& result : output.results) take(result, output.sequence);
  for (const runtime::Outgoing& sent : output.outgoing) take(sent, output.sequence);
  std::ranges::move(output.outgoing, std::back_inserter(outgoing_));
  std::ranges::move(output.notes, std::back_inserter(notes_));
  if (at_publish_) at_publish_();
}

void Witness::take(const runtime::IntakeResult& result, std::uint64_t commit) {
  happenings_.emplace_back(Published{Promise::kAnswer, fmt::format("answer {}", result.token),
                                     commit, store_->sequence()});
  const auto found = asked_.find(result.token);
  ASSERT_NE(found, asked_.end()) << "answer " << result.token << " was not asked for, or twice";
  EXPECT_EQ(result.accepted, found->second.items.size());
  for (const runtime::IntakeItem& item : found->second.items) {
    if (const auto* event = std::get_if<runtime::IntakeEvent>(&item)) {
      promises_.event_ids.insert(*event->id);
      promises_.scores.emplace(*event->person.email, 0);
    } else {
      const auto& update = std::get<runtime::IntakeUpdate>(item);
      promises_.scores[*update.person.email] = update.fields.at(0).second.as_integer();
    }
  }
  asked_.erase(found);
}

void Witness::take(const runtime::Outgoing& outgoing, std::uint64_t commit) {
  happenings_.emplace_back(Published{
      Promise::kSend, fmt::format("attempt {} of {}", outgoing.attempt, outgoing.key.message.hex()),
      commit, store_->sequence()});
  const bool first = promises_.claims.emplace(outgoing.key, outgoing.attempt).second;
  EXPECT_TRUE(first) << outgoing.key.message.hex() << " was handed out twice at a time";
}

}  // namespace sojourn::durability
