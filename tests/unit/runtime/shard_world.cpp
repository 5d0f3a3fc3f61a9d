#include "tests/unit/runtime/shard_world.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "connectors/iterable/webhooks/notice_reader.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "runtime/fsck.h"
#include "runtime/intake_erasure.h"
#include "runtime/intake_reply.h"
#include "runtime/notice_intake.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/store/survey.h"

namespace sojourn::runtime {
namespace {

using connectors::Health;
using connectors::OutcomeKind;

constexpr int kMostTurns = 1'000;

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "sojourn-shard-XXXXXX").string();
  SOJOURN_CHECK(mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
  return name;
}

}  // namespace

ShardWorld::ShardWorld(const std::string& journeys, ShardSettings settings)
    : folder_(new_folder()),
      settings_(std::move(settings)),
      now_(*base::parse_timestamp("2026-03-01T09:00Z")),
      zones_(std::move(*tzdata::SystemZones::open())) {
  compile(journeys);
  open();
}

void ShardWorld::compile(const std::string& journeys) {
  const std::vector<dsl::SourceText> sources{{"test.journey", journeys}};
  const dsl::Compilation compilation = dsl::compile(sources, *zones_);
  SOJOURN_CHECK(compilation.program.has_value(),
                dsl::render_text(compilation.diagnostics, compilation.files, {}).c_str());
  catalog_ = compilation.program->catalog;
  graphs_.clear();
  for (const auto& journey : compilation.program->journeys) graphs_.push_back(journey.graph);
}

ShardWorld::~ShardWorld() {
  if (store_ != nullptr) close_and_check();
  std::filesystem::remove_all(folder_);
}

void ShardWorld::close() {
  shard_.reset();
  held_.reset();
  store_.reset();
}

void ShardWorld::close_and_check() {
  close();
  const auto survey = store::Survey::open(file());
  if (!survey) {
    ADD_FAILURE() << survey.error().message;
    return;
  }
  for (const FsckFinding& finding : check_store(**survey).findings) {
    ADD_FAILURE() << "in the store: " << finding.kind << ": " << finding.where << ": "
                  << finding.what;
  }
}

void ShardWorld::open() {
  store::SqliteOptions options;
  options.path = file();
  store_ = std::move(*store::open_sqlite_store(options));
  program_ = *apply_program("test", catalog_, graphs_, *store_);
  if (is_held_) held_.emplace(*store_, HeldRecord{now_, store_->sequence()});
  store::Store& live = held_ ? static_cast<store::Store&>(*held_) : *store_;
  shard_ = std::make_unique<Shard>(settings_, program_, live, *zones_, random_, *this);
  if (held_) shard_->hold(Shard::Hold::kEverything);
  SOJOURN_CHECK(shard_->recover(now_).has_value(), "a store that was closed or killed opens");
}

void ShardWorld::open_again() {
  close_and_check();
  outgoing_.clear();
  inputs_.clear();
  turns_left_.reset();
  open();
}

void ShardWorld::open_again_held() {
  is_held_ = true;
  open_again();
}

void ShardWorld::let_timers_run() {
  held_->let_timers_run();
  shard_->hold(Shard::Hold::kWhatLeaves);
  settle();
}

void ShardWorld::release() {
  SOJOURN_CHECK(held_->release().has_value(), "a release can be written");
  shard_->hold(Shard::Hold::kNothing);
  is_held_ = false;
  settle();
}

void ShardWorld::stop_claiming() {
  inputs_.emplace_back(StopClaiming{});
  settle();
}

void ShardWorld::copy_store_to(const std::filesystem::path& folder) const {
  std::filesystem::remove_all(folder);
  std::filesystem::copy(folder_, folder);
}

void ShardWorld::put_store_back(const std::filesystem::path& folder) {
  close();
  std::filesystem::remove_all(folder_);
  std::filesystem::copy(folder, folder_);
  open_again();
}

void ShardWorld::open_again_with(const std::string& journeys) {
  compile(journeys);
  open_again();
}

void ShardWorld::open_again_with_zones(std::unique_ptr<calendar::ZoneSource> zones) {
  shard_.reset();
  zones_ = std::move(zones);
  open_again();
}

void ShardWorld::restart() {
  open_again();
  settle();
}

void ShardWorld::restart_with(const std::string& journeys) {
  compile(journeys);
  restart();
}

base::Error ShardWorld::error_of_turn() {
  const auto report = shard_->turn(inputs_, now_);
  EXPECT_FALSE(report.has_value());
  return report ? base::Error{} : report.error();
}

void ShardWorld::run_turns(int count) {
  for (int turn = 0; turn < count; ++turn) {
    const auto report = shard_->turn(inputs_, now_);
    ASSERT_TRUE(report.has_value()) << report.error().message;
    last_report_ = *report;
  }
}

std::string ShardWorld::track_in_one_turn(const std::string& body) {
  IntakeParser parser(*program_, IntakeLimits{});
  auto request = parser.parse(IntakeRequest::Endpoint::kEventsTrack, body, "generated");
  if (!request) return "refused";
  const std::size_t before = results_.size();
  inputs_.emplace_back(std::move(*request));
  run_turns(1);
  return results_.size() == before ? "" : std::to_string(answer_of(results_.back()).status);
}

void ShardWorld::settle() {
  for (int turn = 0; turn < kMostTurns; ++turn) {
    if (turns_left_ && (*turns_left_)-- <= 0) {
      turns_left_ = 0;
      return;
    }
    const auto report = shard_->turn(inputs_, now_);
    ASSERT_TRUE(report.has_value()) << report.error().message;
    last_report_ = *report;
    if (!report->busy && inputs_.empty()) return;
  }
  FAIL() << "the shard does not come to rest";
}

std::string ShardWorld::post(IntakeRequest::Endpoint endpoint, const std::string& body,
                             ForwardMode forward, const IntakeMapping& mapping) {
  IntakeParser parser(*program_, IntakeLimits{}, mapping, forward);
  return answer_to(parser.parse(endpoint, body, "generated"));
}

std::string ShardWorld::erase(const std::string& path, ForwardMode forward) {
  return answer_to(delete_request(path, forward));
}

std::string ShardWorld::consent(const std::string& call, ForwardMode forward,
                                const std::string& body) {
  const std::string_view all = call;
  const std::size_t space = all.find(' ');
  const std::size_t query = std::min(all.find('?'), all.size());
  IntakeParser parser(*program_, IntakeLimits{3}, {}, forward);
  return answer_to(
      parser.parse_consent({all.substr(0, space), all.substr(space + 1, query - space - 1),
                            query == all.size() ? std::string_view() : all.substr(query + 1)},
                           body));
}

std::string ShardWorld::enter(const std::string& journey, const std::string& body) {
  IntakeParser parser(*program_, IntakeLimits{});
  return answer_to(parser.parse_entry(journey, body, "generated"));
}

std::string ShardWorld::answer_to(tl::expected<IntakeRequest, IntakeAnswer> request) {
  IntakeAnswer answer;
  if (request) {
    inputs_.emplace_back(std::move(*request));
    settle();
    answer = answer_of(results_.back());
  } else {
    answer = request.error();
  }
  const auto json = nlohmann::json::parse(answer.body);
  if (!json.contains("code")) return std::to_string(answer.status);
  return std::to_string(answer.status) + " " + json["code"].get<std::string>();
}

std::string ShardWorld::track(const std::string& body) {
  return post(IntakeRequest::Endpoint::kEventsTrack, body);
}

std::string ShardWorld::track_bulk(const std::string& body) {
  return post_for_body(IntakeRequest::Endpoint::kEventsTrackBulk, body);
}

std::string ShardWorld::post_for_body(IntakeRequest::Endpoint endpoint, const std::string& body) {
  IntakeParser parser(*program_, IntakeLimits{});
  inputs_.emplace_back(*parser.parse(endpoint, body, ""));
  settle();
  return answer_of(results_.back()).body;
}

std::string ShardWorld::update_and_track(const std::string& update, const std::string& event) {
  IntakeParser parser(*program_, IntakeLimits{});
  inputs_.emplace_back(*parser.parse(IntakeRequest::Endpoint::kUsersUpdate, update, ""));
  return track(event);
}

void ShardWorld::go_on() {
  turns_left_.reset();
  settle();
}

std::string ShardWorld::update(const std::string& body) {
  return post(IntakeRequest::Endpoint::kUsersUpdate, body);
}

std::string ShardWorld::subscribe(const std::string& body) {
  return post(IntakeRequest::Endpoint::kListsSubscribe, body);
}

std::string ShardWorld::unsubscribe(const std::string& body) {
  return post(IntakeRequest::Endpoint::kListsUnsubscribe, body);
}

std::string ShardWorld::engage(const std::string& body) {
  return post(IntakeRequest::Endpoint::kEngagements, body);
}

std::string ShardWorld::update_subscriptions(const std::string& body) {
  return post(IntakeRequest::Endpoint::kSubscriptionsUpdate, body);
}

void ShardWorld::notice(const std::string& body) {
  connectors::iterable::NoticeReader reader;
  auto read = reader.read(body);
  ASSERT_TRUE(read.has_value()) << read.error();
  auto request = notice_request(std::move(*read));
  ASSERT_TRUE(request.has_value()) << request.error();
  inputs_.emplace_back(std::move(*request));
  settle();
}

void ShardWorld::pass(base::Millis time) {
  now_ = now_ + time;
  settle();
}

void ShardWorld::pass_until(base::Instant when) {
  for (;;) {
    const auto next = *store_->next_timer();
    if (!next || *next <= now_ || *next >= when) break;
    pass(*next - now_);
  }
  pass(when - now_);
}

Outgoing ShardWorld::take() {
  if (outgoing_.empty()) {
    ADD_FAILURE() << "nothing was to be sent";
    return {};
  }
  Outgoing outgoing = std::move(outgoing_.front());
  outgoing_.pop_front();
  return outgoing;
}

void ShardWorld::accept(const Outgoing& outgoing) {
  end(outgoing, OutcomeKind::kAccepted);
}

void ShardWorld::end(const Outgoing& outgoing, OutcomeKind kind, bool unreachable,
                     std::optional<base::Millis> retry_after) {
  const bool is_answer = kind == OutcomeKind::kAccepted || kind == OutcomeKind::kRejected;
  AttemptEnded result = ended(outgoing, kind, is_answer ? Health::kWell : Health::kUnknown);
  result.outcome.unreachable = unreachable;
  result.outcome.retry_after = retry_after;
  take_end(std::move(result));
}

AttemptEnded ShardWorld::ended(const Outgoing& outgoing, OutcomeKind kind, Health health) {
  AttemptEnded ended;
  ended.key = outgoing.key;
  ended.attempt = outgoing.attempt;
  ended.endpoint = outgoing.endpoint;
  if (outgoing.call) ended.webhook = outgoing.call->webhook;
  ended.outcome.kind = kind;
  ended.outcome.reason = connectors::to_string(kind);
  ended.health = health;
  return ended;
}

void ShardWorld::fail(const Outgoing& outgoing) {
  take_end(ended(outgoing, OutcomeKind::kRetry, Health::kFailing));
}

void ShardWorld::slow_down(const Outgoing& outgoing) {
  take_end(ended(outgoing, OutcomeKind::kRetry, Health::kTooFast));
}

std::size_t ShardWorld::end_all(OutcomeKind kind, Health health) {
  const std::size_t count = outgoing_.size();
  for (const Outgoing& outgoing : std::exchange(outgoing_, {})) {
    inputs_.emplace_back(ended(outgoing, kind, health));
  }
  settle();
  return count;
}

std::vector<LaneReport> ShardWorld::lanes() {
  return gauges().endpoints;
}

ShardGauges ShardWorld::gauges() {
  ShardGauges out;
  shard_->report(out);
  return out;
}

void ShardWorld::refuse(const Outgoing& outgoing, const std::string& message) {
  AttemptEnded result = ended(outgoing, OutcomeKind::kRejected, Health::kWell);
  result.outcome.reason = "refused";
  result.outcome.status = 400;
  result.outcome.message = message;
  take_end(std::move(result));
}

void ShardWorld::learn(const Outgoing& outgoing, connectors::iterable::LookUp found) {
  AttemptEnded result = ended(outgoing, OutcomeKind::kUnknown, Health::kWell);
  result.look_up = std::move(found);
  take_end(std::move(result));
}

void ShardWorld::reply(const Outgoing& outgoing, std::vector<graph::Field> fields) {
  AttemptEnded result = ended(outgoing, OutcomeKind::kAccepted, Health::kWell);
  result.reply = std::move(fields);
  take_end(std::move(result));
}

void ShardWorld::take_end(AttemptEnded ended) {
  inputs_.emplace_back(std::move(ended));
  settle();
}

std::int64_t ShardWorld::counter(const std::string& name) {
  const auto counters = store_->counters();
  for (const auto& [counter, value] : *counters) {
    if (counter == name) return value;
  }
  return 0;
}

std::string ShardWorld::report(const std::string& identity) {
  return ask(UserQuery{identity, 1});
}

std::string ShardWorld::ask(ShardInput question) {
  inputs_.push_back(std::move(question));
  settle();
  return answer_.json;
}

std::string ShardWorld::command(JourneyCommand::What what, const std::string& journey, bool yes) {
  inputs_.emplace_back(JourneyCommand{what, journey, yes, "ada", 1});
  settle();
  return answer_.json;
}

std::string ShardWorld::freeze(const std::string& journey, bool yes) {
  using Command = JourneyCommand;
  inputs_.emplace_back(
      Command{Command::What::kPause, journey, yes, "ada", 1, Command::Clock::kFreeze});
  settle();
  return answer_.json;
}

std::vector<std::string> ShardWorld::commands() {
  inputs_.emplace_back(AuditQuery{100, 1});
  settle();
  std::vector<std::string> lines;
  const auto json = nlohmann::json::parse(answer_.json);
  for (const auto& line : json["commands"]) {
    lines.push_back(line["command"].get<std::string>() + " " + line["journey"].get<std::string>() +
                    " by " + line["by"].get<std::string>() + ": " +
                    line["detail"].get<std::string>());
  }
  return lines;
}

std::vector<std::string> ShardWorld::log(const std::string& identity) {
  const auto json = nlohmann::json::parse(report(identity));
  std::vector<std::string> lines;
  for (const auto& record : json.value("log", nlohmann::json::array())) {
    std::string line = record["what"];
    for (const char* part : {"journey", "subject", "detail"}) {
      if (record.contains(part)) line += " " + record[part].get<std::string>();
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> ShardWorld::history(const std::string& identity) {
  const auto json = nlohmann::json::parse(report(identity));
  std::vector<std::string> lines;
  for (const auto& event : json["history"]) {
    std::string line = event["event"];
    for (const auto& [name, value] : event["fields"].items())
      line += " " + name + "=" + value.dump();
    lines.push_back(line);
  }
  return lines;
}

void ShardWorld::publish(TurnOutput output) {
  for (IntakeResult& result : output.results) results_.push_back(std::move(result));
  for (Outgoing& outgoing : output.outgoing) outgoing_.push_back(std::move(outgoing));
  for (OperatorNote& note : output.notes) notes_.push_back(std::move(note));
  for (QueryAnswer& answer : output.answers) answer_ = std::move(answer);
}

}  // namespace sojourn::runtime
