#include "bench/micro/bench_shard.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "base/check.h"
#include "bench/wire/clock.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "runtime/store/sqlite_store.h"

namespace sojourn::bench {
namespace {

// Aborts with the reason.
template <typename T>
T value(base::Result<T> result) {
  SOJOURN_CHECK(result.has_value(), result.error().message.c_str());
  return std::move(*result);
}

}  // namespace

BenchShard::BenchShard(const std::string& folder, const std::string& journeys)
    : folder_(std::filesystem::temp_directory_path() / folder),
      now_(*base::parse_timestamp("2026-03-01T09:00Z")),
      zones_(value(tzdata::SystemZones::open())) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  open(journeys);
}

BenchShard::~BenchShard() {
  shard_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

void BenchShard::open(const std::string& journeys) {
  const std::vector<dsl::SourceText> sources{{"bench.journey", journeys}};
  const dsl::Compilation compiled = dsl::compile(sources, *zones_);
  SOJOURN_CHECK(compiled.program.has_value(),
                dsl::render_text(compiled.diagnostics, compiled.files, {}).c_str());
  std::vector<graph::Graph> graphs;
  for (const auto& journey : compiled.program->journeys) graphs.push_back(journey.graph);
  store::SqliteOptions options;
  options.path = (folder_ / "sojourn.db").string();
  store_ = value(store::open_sqlite_store(options));
  program_ =
      value(runtime::apply_program("bench", compiled.program->catalog, std::move(graphs), *store_));
  parser_ = std::make_unique<runtime::IntakeParser>(*program_, runtime::IntakeLimits{});
  shard_ = std::make_unique<runtime::Shard>(runtime::ShardSettings{}, program_, *store_, *zones_,
                                            random_, *this);
  const auto recovered = shard_->recover(now_);
  SOJOURN_CHECK(recovered.has_value(), "a store that was closed opens");
}

void BenchShard::restart_with(const std::string& journeys) {
  shard_.reset();
  store_.reset();
  open(journeys);
  settle();
}

void BenchShard::settle() {
  for (bool busy = true; busy || !inputs_.empty();) {
    const std::int64_t begin = monotonic_micros();
    busy = value(shard_->turn(inputs_, now_)).busy;
    longest_turn_micros_ = std::max(longest_turn_micros_, monotonic_micros() - begin);
  }
}

void BenchShard::pass(base::Millis time) {
  now_ = now_ + time;
  settle();
}

void BenchShard::post(runtime::IntakeRequest::Endpoint endpoint, const std::string& body) {
  auto request = parser_->parse(endpoint, body, "generated");
  SOJOURN_CHECK(request.has_value(), "what a benchmark posts is taken");
  inputs_.emplace_back(std::move(*request));
  settle();
}

void BenchShard::track(const std::string& body) {
  post(runtime::IntakeRequest::Endpoint::kEventsTrackBulk, body);
}

void BenchShard::update(const std::string& body) {
  post(runtime::IntakeRequest::Endpoint::kUsersBulkUpdate, body);
}

std::int64_t BenchShard::counter(const std::string& name) const {
  const auto counters = value(store_->counters());
  const auto found = std::ranges::find(counters, name, [](const auto& c) { return c.first; });
  return found == counters.end() ? 0 : found->second;
}

void BenchShard::publish(runtime::TurnOutput output) {
  for (const runtime::IntakeResult& result : output.results) {
    SOJOURN_CHECK(result.failures.empty() && !result.turned_away,
                  "what a benchmark posts is taken");
  }
  for (const runtime::Outgoing& outgoing : output.outgoing) {
    runtime::AttemptEnded ended;
    ended.key = outgoing.key;
    ended.attempt = outgoing.attempt;
    ended.endpoint = outgoing.endpoint;
    ended.outcome.kind = connectors::OutcomeKind::kAccepted;
    ended.outcome.reason = connectors::to_string(ended.outcome.kind);
    inputs_.emplace_back(std::move(ended));
    ++messages_;
  }
}

}  // namespace sojourn::bench
