#include "tests/fuzz/world_shard.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "connectors/iterable/webhooks/notice_reader.h"
#include "runtime/intake_endpoint.h"
#include "runtime/intake_parse.h"
#include "runtime/notice_intake.h"
#include "tests/fuzz/world.h"

namespace sojourn::fuzz {
namespace {

runtime::ShardSettings settings() {
  runtime::ShardSettings settings;
  settings.turn.look_up_after = base::seconds(120);
  settings.turn.has_notices = true;
  settings.turn.pass_on_opt_outs = true;
  return settings;
}

void check_json(std::string_view text) {
  SOJOURN_CHECK(nlohmann::json::accept(text), "what leaves is JSON");
}

}  // namespace

WorldShard::WorldShard(std::shared_ptr<const runtime::Program> program, store::Store& store,
                       base::Instant now)
    : program_(std::move(program)),
      now_(now),
      next_wake_(now),
      shard_(settings(), program_, store, world_zones(), random_, *this) {}

base::Result<std::unique_ptr<WorldShard>> WorldShard::open(store::Store& store, base::Instant now) {
  auto program = runtime::apply_program(kWorldProject, world_catalog(), world_graphs(), store);
  if (!program) return tl::unexpected(program.error());
  // Its constructor is its own.
  std::unique_ptr<WorldShard> shard(new WorldShard(std::move(*program), store, now));
  if (auto recovered = shard->shard_.recover(now); !recovered) {
    return tl::unexpected(recovered.error());
  }
  return shard;
}

void WorldShard::post(std::string_view path, std::string_view body, runtime::ForwardMode forward) {
  runtime::IntakeMapping mapping;
  mapping.workflows = {{4711, "winback"}};
  runtime::IntakeParser parser(*program_, runtime::IntakeLimits{}, mapping, forward);
  const auto endpoint = runtime::find_endpoint(path);
  auto request = endpoint ? parser.parse(*endpoint, body, "0123456789abcdef")
                          : parser.parse_entry("winback", body, "0123456789abcdef");
  if (request) give(std::move(*request));
}

void WorldShard::notice(std::string_view body) {
  connectors::iterable::NoticeReader reader;
  auto notice = reader.read(body);
  if (!notice) return;
  auto request = runtime::notice_request(std::move(*notice));
  if (request) give(std::move(*request));
}

base::Status WorldShard::settle() {
  for (int turn = 0; turn < kMaxTurns; ++turn) {
    const auto report = shard_.turn(inputs_, now_);
    if (!report) return tl::unexpected(report.error());
    next_wake_ = report->next_wake;
    if (!report->busy && inputs_.empty()) break;
  }
  return {};
}

base::Status WorldShard::live_until(base::Instant when) {
  for (int wake = 0; wake < kMaxWakes && next_wake_ < when; ++wake) {
    // What is overdue waits for its turn: time passes all the same.
    now_ = std::max(next_wake_, now_ + base::seconds(1));
    if (auto settled = settle(); !settled) return settled;
  }
  now_ = std::max(now_, when);
  return settle();
}

void WorldShard::end(const runtime::Outgoing& outgoing, connectors::OutcomeKind kind) {
  runtime::AttemptEnded ended;
  ended.key = outgoing.key;
  ended.attempt = outgoing.attempt;
  ended.endpoint = outgoing.endpoint;
  ended.outcome.kind = kind;
  ended.outcome.reason = kind == connectors::OutcomeKind::kAccepted ? "accepted" : "refused";
  ended.outcome.message = "status 400 BadParams: no";
  if (outgoing.call) {
    ended.webhook = outgoing.call->webhook;
    if (kind == connectors::OutcomeKind::kAccepted) {
      ended.reply = std::vector<graph::Field>{{"grade", graph::Value("a")},
                                              {"score", graph::Value(std::int64_t{60})}};
    }
  }
  if (outgoing.looked_up_campaign) {
    ended.look_up = connectors::iterable::LookUp{};
    ended.look_up->kind = connectors::iterable::LookUp::Kind::kListed;
  }
  give(std::move(ended));
}

void WorldShard::publish(runtime::TurnOutput output) {
  // A body that was made goes out as it lies in its row: of a damaged one nobody can tell, and
  // Iterable refuses it.
  for (runtime::Outgoing& outgoing : output.outgoing) outgoing_.push_back(std::move(outgoing));
  for (const runtime::QueryAnswer& answer : output.answers) check_json(answer.json);
}

void WorldShard::answer(runtime::QueryAnswer answer) {
  check_json(answer.json);
}

}  // namespace sojourn::fuzz
