// What an event costs in a shard with its store on disk, from its bytes on: in a big project
// beside a small one, of a user with much history, for many. CPU of the whole process; both
// sides of a comparison in turns, because a machine's speed drifts.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <functional>

#include "base/check.h"
#include "bench/micro/bench_shard.h"
#include "bench/micro/big_project.h"
#include "bench/wire/clock.h"

namespace sojourn::bench {
namespace {

constexpr std::size_t kRequest = 1'000;
constexpr std::size_t kJourneys = 500;
constexpr std::size_t kSegments = 200;

// CPU and wall time of what was done, summed up.
struct Spent {
  std::int64_t cpu_micros = 0;
  std::int64_t wall_micros = 0;
  std::uint64_t items = 0;

  template <typename Work>
  void measure(std::uint64_t count, Work work) {
    const std::int64_t cpu = process_cpu_micros();
    const std::int64_t wall = monotonic_micros();
    work();
    cpu_micros += process_cpu_micros() - cpu;
    wall_micros += monotonic_micros() - wall;
    items += count;
  }
  double cpu_each() const { return static_cast<double>(cpu_micros) / static_cast<double>(items); }
  double per_second() const {
    return static_cast<double>(items) * 1e6 / static_cast<double>(wall_micros);
  }
};

void for_each_request(std::uint64_t users, const std::function<void(std::uint64_t)>& visit) {
  for (std::uint64_t first = 0; first < users; first += kRequest) visit(first);
}

// People with seats and three logins each, who have been through what that starts.
void fill(BenchShard& shard, std::uint64_t users) {
  base::SeededRandom random{1};
  for_each_request(users,
                   [&](std::uint64_t first) { shard.update(updates_of(first, kRequest, random)); });
  for (int login = 0; login < 3; ++login) {
    shard.pass(base::days24(2));
    for_each_request(users, [&](std::uint64_t first) { shard.track(logins_of(first, kRequest)); });
  }
}

// The project of `journeys` comes to people who are there, and each of them has two events
// that it reads.
Spent grow(BenchShard& shard, std::uint64_t users, std::size_t journeys, std::size_t segments) {
  Spent looking;
  const std::string text = project_text(journeys, segments);
  looking.measure(users, [&] { shard.restart_with(text); });
  base::SeededRandom random{2};
  for (int event = 0; event < 2; ++event) {
    for_each_request(
        users, [&](std::uint64_t first) { shard.track(other_events_of(first, kRequest, random)); });
  }
  return looking;
}

// Arguments: users, events in a request.
void login_in_a_big_project(benchmark::State& state) {
  const auto users = static_cast<std::uint64_t>(state.range(0));
  const auto batch = static_cast<std::size_t>(state.range(1));
  const std::string small = project_text(kReadersOfLogin, kReadersOfLogin);
  BenchShard alone("sojourn-bench-alone", small);
  BenchShard among("sojourn-bench-among", small);
  fill(alone, users);
  fill(among, users);
  const Spent looking = grow(among, users, kJourneys, kSegments);
  Spent spent_alone;
  Spent spent_among;
  base::SeededRandom random{3};
  for (auto _ : state) {
    const std::string request = logins_of_some(users, batch, random);
    for (BenchShard* shard : {&alone, &among}) shard->pass(base::minutes(1));
    spent_alone.measure(batch, [&] { alone.track(request); });
    spent_among.measure(batch, [&] { among.track(request); });
  }
  SOJOURN_CHECK(alone.messages() == among.messages(), "what does not read it changes nothing");
  state.counters["alone_us"] = spent_alone.cpu_each();
  state.counters["among_us"] = spent_among.cpu_each();
  state.counters["ratio"] = spent_among.cpu_each() / spent_alone.cpu_each();
  state.counters["first_look_us"] = looking.cpu_each();
}
BENCHMARK(login_in_a_big_project)
    ->ArgsProduct({{10'000, 200'000}, {1'000, 1}})
    ->ArgNames({"users", "batch"})
    ->Iterations(100)
    ->Unit(benchmark::kMillisecond);

// The same, of people whom nobody knew.
void first_login_in_a_big_project(benchmark::State& state) {
  BenchShard alone("sojourn-bench-alone", project_text(kReadersOfLogin, kReadersOfLogin));
  BenchShard among("sojourn-bench-among", project_text(kJourneys, kSegments));
  Spent spent_alone;
  Spent spent_among;
  std::uint64_t users = 0;
  for (auto _ : state) {
    const std::string request = logins_of(users, kRequest);
    spent_alone.measure(kRequest, [&] { alone.track(request); });
    spent_among.measure(kRequest, [&] { among.track(request); });
    users += kRequest;
  }
  state.counters["alone_us"] = spent_alone.cpu_each();
  state.counters["among_us"] = spent_among.cpu_each();
  state.counters["ratio"] = spent_among.cpu_each() / spent_alone.cpu_each();
}
BENCHMARK(first_login_in_a_big_project)->Iterations(50)->Unit(benchmark::kMillisecond);

// A login of somebody who has had so many before: of each type the newest 256 are kept.
void login_after_many(benchmark::State& state) {
  constexpr std::uint64_t kUsers = 200;
  BenchShard shard("sojourn-bench-history", project_text(kReadersOfLogin, kReadersOfLogin));
  for (std::int64_t login = 0; login < state.range(0); ++login) {
    shard.pass(base::minutes(10));
    shard.track(logins_of(0, kUsers));
  }
  Spent spent;
  base::SeededRandom random{4};
  for (auto _ : state) {
    shard.pass(base::minutes(1));
    const std::string request = logins_of_some(kUsers, 100, random);
    spent.measure(100, [&] { shard.track(request); });
  }
  state.counters["cpu_us"] = spent.cpu_each();
}
BENCHMARK(login_after_many)
    ->Arg(16)
    ->Arg(256)
    ->Arg(1'024)
    ->ArgName("before")
    ->Iterations(100)
    ->Unit(benchmark::kMillisecond);

// What the last program kept, and this one does not read: it goes as its people come by, so
// no turn is long. 256 logins each. Afterwards nothing is left to remove.
void history_that_nothing_reads_any_more(benchmark::State& state) {
  constexpr std::uint64_t kUsers = 200;
  constexpr std::string_view kForgetful = R"(event login
message_type news = 1 transactional opt_out
campaign hello = 101 email news
policy { timezone "Etc/UTC" }
journey j0 {
  enter on login
  reenter never
  send hello
}
)";
  for (auto _ : state) {
    state.PauseTiming();
    BenchShard shard("sojourn-bench-forget", project_text(kReadersOfLogin, kReadersOfLogin));
    for (int login = 0; login < 256; ++login) {
      shard.pass(base::minutes(10));
      shard.track(logins_of(0, kUsers));
    }
    shard.pass(base::days24(40));
    state.ResumeTiming();
    shard.forget_longest_turn();
    Spent first;
    Spent second;
    shard.restart_with(std::string(kForgetful));
    for (Spent* spent : {&first, &second}) {
      spent->measure(kUsers, [&] {
        for (std::uint64_t user = 0; user < kUsers; user += 100) shard.track(logins_of(user, 100));
      });
    }
    state.counters["first_us"] = first.cpu_each();
    state.counters["second_us"] = second.cpu_each();
    state.counters["longest_turn_ms"] = static_cast<double>(shard.longest_turn_micros()) / 1e3;
  }
}
BENCHMARK(history_that_nothing_reads_any_more)->Iterations(1)->Unit(benchmark::kMillisecond);

constexpr std::string_view kRelease = R"(user { product string }
event signup
event released { product string } for users where user.product == event.product up to 100000
message_type news = 1 transactional opt_out
campaign hello = 101 email news
policy { timezone "Etc/UTC" }
journey told {
  enter on released
  reenter always
  wait 30d
}
)";

// One event to all users of a product: accepted at once, handed out in turns. Who gets it
// enters a journey.
void event_for_many(benchmark::State& state) {
  const auto users = static_cast<std::uint64_t>(state.range(0));
  BenchShard shard("sojourn-bench-fan-out", std::string(kRelease));
  for_each_request(users, [&](std::uint64_t first) {
    std::string body = R"({"users":[)";
    for (std::uint64_t i = 0; i < kRequest; ++i) {
      body += fmt::format(R"({}{{"userId":"u{}","dataFields":{{"product":"p"}}}})",
                          i == 0 ? "" : ",", first + i);
    }
    shard.update(body + "]}");
  });
  Spent spent;
  for (auto _ : state) {
    shard.pass(base::days24(31));
    shard.forget_longest_turn();
    spent.measure(users, [&] {
      shard.track(
          R"({"events":[{"userId":"u0","eventName":"released","dataFields":{"product":"p"}}]})");
    });
  }
  SOJOURN_CHECK(shard.counter("entered/told") == static_cast<std::int64_t>(users) *
                                                     static_cast<std::int64_t>(state.iterations()),
                "everybody gets the event");
  state.counters["users_per_s"] = spent.per_second();
  state.counters["cpu_us"] = spent.cpu_each();
  state.counters["longest_turn_ms"] = static_cast<double>(shard.longest_turn_micros()) / 1e3;
}
BENCHMARK(event_for_many)
    ->Arg(100'000)
    ->ArgName("users")
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sojourn::bench
