#include "tests/unit/runtime/store/random_turns.h"

#include <fmt/core.h>

namespace sojourn::store {

RandomTurns::RandomTurns(std::uint64_t seed) : random_(seed) {
  for (const int shard : {0, 1, 7, 511, 1023}) {
    for (std::uint64_t number = 1; number <= 4; ++number)
      universe_.users.push_back({static_cast<std::uint16_t>(shard), number});
  }
  universe_.users.push_back({1023, (1ULL << 48) - 1});
  for (int i = 0; i < 12; ++i) {
    universe_.identities.push_back({Identity::Kind::kEmail, fmt::format("u{}@example.com", i)});
    universe_.identities.push_back({Identity::Kind::kUserId, fmt::format("u{}", i)});
  }
  for (std::int32_t day = 20'000; day < 20'003; ++day) {
    for (const int shard : {0, 1, 1023}) {
      // Hashes differ by day, since a store finds a hash on any day.
      for (int i = 0; i < 8; ++i)
        universe_.seen.push_back({static_cast<std::uint16_t>(shard), day, random_.next()});
    }
  }
  universe_.settings = {"project", "program"};
  for (const std::uint32_t field : {0U, 1U, 70'000U}) {
    for (int i = 0; i < 3; ++i) {
      universe_.field_values.push_back({field, {random_.next(), random_.next()}});
    }
  }
}

base::Instant RandomTurns::instant() {
  return base::Instant{static_cast<std::int64_t>(base::random_below(random_, 200))};
}

// Short, empty, longer than a page, and with every byte value.
std::string RandomTurns::body() {
  const std::uint64_t most = chance(5) ? 9000 : 60;
  std::string out(base::random_below(random_, most), '\0');
  for (char& c : out) c = static_cast<char>(random_.next());
  return out;
}

Commit RandomTurns::next(const Content& content) {
  Commit commit;
  for (const Identity& identity : universe_.identities) {
    if (chance(10)) {
      commit.put_identities.emplace_back(identity, any(universe_.users));
    } else if (chance(5)) {
      commit.remove_identities.push_back(identity);
    }
  }
  rows(commit, content);
  timers(commit, content);
  deliveries(commit, content);
  fan_outs(commit, content);
  for (const SeenEvent& event : universe_.seen) {
    if (chance(5)) commit.put_seen.push_back(event);
  }
  for (const char* name : {"welcome/1", "welcome/2", "trial/1"}) {
    if (chance(40)) {
      commit.counters.push_back(
          {name, static_cast<std::int64_t>(base::random_below(random_, 9)) - 4});
    }
  }
  return commit;
}

void RandomTurns::rows(Commit& commit, const Content& content) {
  for (const UserId user : universe_.users) {
    for (const RowKind kind : {RowKind::kHead, RowKind::kEnrollment, RowKind::kPast}) {
      for (std::uint64_t number = 0; number < 3; ++number) {
        const RowKey key{user, kind, number};
        if (chance(8)) {
          commit.put_rows.push_back({key, body()});
        } else if (chance(4)) {
          commit.remove_rows.push_back(key);
        }
      }
    }
    if (chance(20)) {
      commit.put_rows.push_back({{user, RowKind::kLog, content.sequence + 1}, body()});
    }
  }
}

void RandomTurns::timers(Commit& commit, const Content& content) {
  for (const TimerKey& key : content.timers) {
    if (chance(30)) commit.remove_timers.push_back(key);
  }
  for (const UserId user : universe_.users) {
    const TimerKey key{user, instant(), static_cast<std::uint32_t>(random_.next() % 3)};
    if (chance(30) && !content.timers.contains(key)) commit.put_timers.push_back(key);
  }
}

Delivery RandomTurns::planned(const DeliveryKey& key, std::string body) {
  const auto lane = static_cast<std::uint32_t>(random_.next() % kLanes);
  const auto deadline = chance(30) ? std::optional(instant()) : std::nullopt;
  return {key, instant(), std::move(body), lane, deadline};
}

// Planned, claimed, planned again later and maybe in another lane, ended.
void RandomTurns::deliveries(Commit& commit, const Content& content) {
  for (const auto& [key, item] : content.deliveries) {
    if (chance(25)) {
      commit.remove_deliveries.push_back(key);
    } else if (chance(40)) {
      const auto& [next_attempt, old_body, lane, deadline] = item;
      if (next_attempt) {
        commit.put_deliveries.push_back({key, std::nullopt, old_body});
      } else {
        commit.put_deliveries.push_back(planned(key, old_body));
      }
    } else if (chance(20)) {
      commit.put_deliveries.push_back(planned(key, body()));
    }
  }
  for (const UserId user : universe_.users) {
    if (chance(25)) {
      commit.put_deliveries.push_back(planned({user, {random_.next(), random_.next()}}, body()));
    }
  }
}

// Also what is there already is put, and what is not is removed.
void RandomTurns::fan_outs(Commit& commit, const Content& content) {
  for (const auto& [field, value] : universe_.field_values) {
    for (const UserId user : universe_.users) {
      const FieldValue entry{field, value, user};
      if (chance(8)) {
        commit.put_field_values.push_back(entry);
      } else if (chance(4)) {
        commit.remove_field_values.push_back(entry);
      }
    }
  }
  for (const auto& [key, part] : content.fan_outs) {
    if (chance(30)) commit.remove_fan_outs.push_back(key);
  }
  const std::uint64_t number = content.sequence + 1;
  for (std::uint32_t part = 0; part < 3; ++part) {
    if (chance(20)) commit.put_fan_outs.push_back({{number, part}, body()});
  }
}

}  // namespace sojourn::store
