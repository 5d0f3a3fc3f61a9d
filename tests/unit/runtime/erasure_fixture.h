// A shard in whose world a person can have a row of every kind, and what there is of them.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>

#include "runtime/fan_out_record.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {

inline constexpr const char* kAda = "ada@example.com";
inline constexpr const char* kAdaPath = "/api/users/ada@example.com";

// Ada can have a row of every kind that users have.
inline constexpr const char* kWorld = R"(
  user { plan string endsAt timestamp? team string }
  event signup
  event login
  event asked
  event bought
  event told { team string } for users where user.team == event.team up to 9
  webhook oracle = "https://oracle.example.com/ask" { returns { answer string } }
  message_type news = 1 marketing opt_out
  campaign hello = 101 email news
  campaign later = 102 email news
  policy { timezone "UTC" cap marketing 5 per 24h defer up to 2d else drop }
  journey waits {
    enter on signup
    goal bought on bought within 30d
    send hello
    wait 3d
    if at least 1 login within 7d { send later }
  }
  journey done { enter on signup goal bought on bought within 30d exit }
  journey dated { enter when now >= user.endsAt send later }
  journey calls { enter on asked call oracle up to 1h wait 1d }
)";

inline std::string event(const std::string& name, const std::string& rest = "") {
  return R"({"email":"ada@example.com","eventName":")" + name + "\"" + rest + "}";
}

class ErasureFixture : public testing::Test {
 protected:
  void sign_up() {
    EXPECT_EQ(world.update(R"({"email":"ada@example.com","userId":"u-1",
                               "dataFields":{"team":"a","endsAt":"2026-04-01T09:00:00Z"}})"),
              "200 Success");
    for (const char* name : {"signup", "login"}) {
      EXPECT_EQ(world.track(event(name, R"(,"id":")" + std::string(name) + "-1\"")), "200 Success");
    }
  }
  store::UserId id_of(const char* email = kAda) {
    store::ReadSet read;
    read.identities.push_back({store::Identity::Kind::kEmail, email});
    const auto found = world.store().load(read)->identities.at(0);
    return found.value_or(store::UserId{});
  }
  // What there is of a user anywhere in the store.
  std::set<std::string> found_of(store::UserId id) {
    std::set<std::string> found;
    for (int kind = 0; kind <= 16; ++kind) {
      const auto rows = world.store().rows(id, static_cast<store::RowKind>(kind), 1);
      if (!rows->empty()) found.insert("row " + std::to_string(kind));
    }
    if (!world.store().deliveries_of(id)->empty()) found.insert("delivery");
    const auto timers = world.store().due_timers(base::kNever, 10'000);
    for (const auto& timer : *timers) {
      if (timer.user == id) found.insert(timer.enrollment == 0 ? "watch timer" : "timer");
    }
    const auto parts = world.store().fan_outs({}, 1'000);
    for (const store::FanOutRow& row : *parts) {
      if (row.key.part == 0) continue;
      const auto users = *decode_users(row.body);
      if (std::ranges::find(users, id) != users.end()) found.insert("fan-out");
    }
    return found;
  }
  // entered = inside + exited, of every journey.
  void expect_counts_hold() {
    std::map<std::string, std::int64_t> balance;
    for (const auto& [name, value] : world.counters()) {
      const std::string journey = name.substr(name.find('/') + 1);
      const std::string of = journey.substr(0, journey.find('/'));
      if (name.starts_with("entered/")) balance[of] += value;
      if (name.starts_with("inside/") || name.starts_with("exited/")) balance[of] -= value;
    }
    for (const auto& [journey, left] : balance) EXPECT_EQ(left, 0) << journey;
    EXPECT_FALSE(balance.empty());
  }
  std::string forget(const std::string& person = R"({"email":"ada@example.com"})") {
    return world.post(IntakeRequest::Endpoint::kUsersForget, person);
  }

  ShardWorld world{kWorld};
};

}  // namespace sojourn::runtime
