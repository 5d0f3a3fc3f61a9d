// What every stored format is made of: varints, strings, stable hashes.
#include <benchmark/benchmark.h>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/hash.h"

namespace sojourn::base {
namespace {

constexpr std::uint64_t kValues = 1024;

// Values of all lengths: the argument is how many bits they have at most.
std::uint64_t value(std::uint64_t i, std::int64_t bits) {
  return (i * 0x9E3779B97F4A7C15u) >> (64 - bits);
}

std::string written(std::int64_t bits) {
  ByteWriter out;
  for (std::uint64_t i = 0; i < kValues; ++i) out.varint(value(i, bits));
  return out.take();
}

void write_varints(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(written(state.range(0)));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kValues));
}
BENCHMARK(write_varints)->Arg(7)->Arg(21)->Arg(63);

void read_varints(benchmark::State& state) {
  const std::string bytes = written(state.range(0));
  for (auto _ : state) {
    ByteReader in(bytes);
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < kValues; ++i) sum += in.varint();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kValues));
}
BENCHMARK(read_varints)->Arg(7)->Arg(21)->Arg(63);

// 24 bytes: an identity; 155: an event; 4096: a large profile.
void hash64(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(stable_hash64(text));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(hash64)->Arg(24)->Arg(155)->Arg(4096);

void hash128(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(stable_hash128(text));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(hash128)->Arg(24)->Arg(155)->Arg(4096);

}  // namespace
}  // namespace sojourn::base
