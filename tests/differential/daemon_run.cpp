#include "tests/differential/daemon_run.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fmt/core.h>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>

#include "base/random.h"
#include "graph/reserved.h"
#include "runtime/intake_parse.h"
#include "runtime/intake_reply.h"
#include "runtime/log_record.h"
#include "runtime/program.h"
#include "runtime/shard.h"
#include "runtime/store/sqlite_store.h"
#include "tests/differential/chance.h"

namespace sojourn::differential {
namespace {

using nlohmann::json;
using oracle::Input;
using oracle::Told;
using runtime::IntakeRequest;
using runtime::LogRecord;

constexpr int kMostTurns = 10'000;
constexpr std::size_t kMostLogRows = 100'000;

[[noreturn]] void fail(const std::string& why) {
  throw std::runtime_error(why);
}

json json_of(const oracle::Fields& fields) {
  json out = json::object();
  for (const auto& [name, value] : fields) {
    std::string text;
    graph::append_json(text, value);
    out[name] = json::parse(text);
  }
  return out;
}

// A folder that goes when this does.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sojourn-life-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) fail("no temporary folder");
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string database() const { return (path_ / "sojourn.db").string(); }

 private:
  std::filesystem::path path_;
};

class DaemonRun final : public runtime::Publisher {
 public:
  DaemonRun(const dsl::Program& program, calendar::ZoneSource& zones, base::Instant now)
      : zones_(zones), catalog_(program.catalog), now_(now) {
    for (const dsl::CompiledJourney& journey : program.journeys) graphs_.push_back(journey.graph);
    open();
  }

  DaemonLife live(const History& history, base::Random& kills) {
    Chance chance(kills);
    name_person(history.profile);
    std::size_t number = 0;
    for (const Input& input : history.inputs) {
      run_until(input.at);
      take(input, ++number);
      if (chance.one_in(4)) restart();
      if (input.kind == Input::Kind::kEvent && chance.one_in(5)) {
        ++life_.repeated_ids;
        take(input, number);
      }
    }
    run_until(history.end);
    read_log();
    return std::move(life_);
  }

 private:
  void open() {
    store::SqliteOptions options;
    options.path = folder_.database();
    store_ = std::move(*store::open_sqlite_store(options));
    program_ = *runtime::apply_program("life", catalog_, graphs_, *store_);
    shard_ = std::make_unique<runtime::Shard>(runtime::ShardSettings{}, program_, *store_, zones_,
                                              random_, *this);
    if (!shard_->recover(now_)) fail("the store does not open again");
  }

  void restart() {
    ++life_.restarts;
    shard_.reset();
    store_.reset();
    open();
    settle();
  }

  void name_person(const oracle::Fields& profile) {
    const graph::Value& email = graph::find_field(profile, "email");
    if (email.is_missing()) {
      person_["userId"] = "u-1";
    } else {
      person_["email"] = email.as_string();
    }
  }

  // As the report of the person prints it; nothing when nobody is known.
  std::optional<store::UserId> find_person() {
    inputs_.emplace_back(runtime::UserQuery{person_.begin()->get<std::string>(), 1});
    settle();
    const json report = json::parse(answer_);
    if (!report.contains("id")) return std::nullopt;
    return store::UserId::unpack(std::stoull(report["id"].get<std::string>(), nullptr, 16));
  }

  void take(const Input& input, std::size_t number) {
    json body = person_;
    switch (input.kind) {
      case Input::Kind::kEvent:
        body["id"] = fmt::format("event-{}", number);
        body["eventName"] = input.name;
        body["createdAt"] = input.created_at.millis;
        body["dataFields"] = json_of(input.fields);
        return post(IntakeRequest::Endpoint::kEventsTrack, body);
      case Input::Kind::kChange:
        body["dataFields"] = json_of(input.fields);
        return post(IntakeRequest::Endpoint::kUsersUpdate, body);
      case Input::Kind::kJoined:
      case Input::Kind::kLeft: {
        const bool joins = input.kind == Input::Kind::kJoined;
        const auto list = std::ranges::find(catalog_.lists, input.name, &graph::StaticList::name);
        return post(joins ? IntakeRequest::Endpoint::kListsSubscribe
                          : IntakeRequest::Endpoint::kListsUnsubscribe,
                    {{"listId", *list->id}, {"subscribers", json::array({person_})}});
      }
      case Input::Kind::kEngaged: {
        const auto key = last_key_.find(input.name);
        if (key == last_key_.end()) return;
        body["engagement"] = std::string(graph::to_string(input.engagement));
        body["campaignId"] = *catalog_.find_campaign(input.name)->id;
        body["messageKey"] = key->second;
        return post(IntakeRequest::Endpoint::kEngagements, body);
      }
      case Input::Kind::kEnter: {
        body["dataFields"] = json_of(input.fields);
        runtime::IntakeParser parser(*program_, runtime::IntakeLimits{});
        return give(parser.parse_entry(input.name, body.dump(), fmt::format("entry-{}", number)));
      }
    }
  }

  void post(IntakeRequest::Endpoint endpoint, const json& body) {
    runtime::IntakeParser parser(*program_, runtime::IntakeLimits{});
    give(parser.parse(endpoint, body.dump(), fmt::format("request-{}", ++requests_)));
  }

  void give(tl::expected<IntakeRequest, runtime::IntakeAnswer> request) {
    if (!request) fail("refused: " + request.error().body);
    inputs_.emplace_back(std::move(*request));
    settle();
  }

  // Turns until nothing is to be done now; every request is accepted as it comes.
  void settle() {
    for (int turn = 0; turn < kMostTurns; ++turn) {
      const auto report = shard_->turn(inputs_, now_);
      if (!report) fail(report.error().message);
      next_wake_ = report->next_wake;
      if (!outgoing_.empty()) {
        accept();
      } else if (!report->busy && inputs_.empty()) {
        return;
      }
    }
    fail("the shard does not come to rest");
  }

  void accept() {
    const runtime::Outgoing outgoing = std::move(outgoing_.front());
    outgoing_.pop_front();
    note_send(outgoing);
    runtime::AttemptEnded ended;
    ended.key = outgoing.key;
    ended.attempt = outgoing.attempt;
    ended.endpoint = outgoing.endpoint;
    ended.outcome.kind = connectors::OutcomeKind::kAccepted;
    ended.outcome.reason = connectors::to_string(ended.outcome.kind);
    inputs_.emplace_back(std::move(ended));
  }

  // The data that the campaign's template asks for.
  void note_send(const runtime::Outgoing& outgoing) {
    // Subscriptions say all in their path.
    if (outgoing.request.body.empty()) return;
    const json body = json::parse(outgoing.request.body);
    if (!body.contains("campaignId")) return;
    const auto campaign = std::ranges::find_if(catalog_.campaigns, [&](const auto& each) {
      return each.id == body["campaignId"].get<std::int64_t>();
    });
    if (campaign == catalog_.campaigns.end()) fail("a campaign that nobody declared");
    json data = json::object();
    const json& given = body.value("dataFields", json::object());
    for (const graph::TypedField& field : campaign->data) {
      if (given.contains(field.name)) data[field.name] = given[field.name];
    }
    last_key_[campaign->name] = outgoing.key.message.hex();
    tell(now_, fmt::format("send {} {}", campaign->name, data.dump()));
  }

  void run_until(base::Instant until) {
    settle();
    for (int wakes = 0; next_wake_ <= until; ++wakes) {
      if (wakes > kMostTurns) fail("timers without end");
      now_ = std::max(now_, next_wake_);
      settle();
    }
    now_ = until;
  }

  // Oldest row first. What was sent has been seen with its data.
  void read_log() {
    const auto id = find_person();
    if (!id) return;
    life_.user = static_cast<std::int64_t>(id->packed());
    const auto rows = store_->rows(*id, store::RowKind::kLog, kMostLogRows);
    if (!rows) fail(rows.error().message);
    for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
      const auto records = runtime::decode_log(row->body);
      if (!records) fail(records.error().message);
      for (const LogRecord& record : *records) note(record);
    }
  }

  void note(const LogRecord& record) {
    switch (record.kind) {
      case LogRecord::Kind::kEntered:
        return tell(record.at, "enter");
      case LogRecord::Kind::kEntryUpdated:
        return tell(record.at, "entry updated");
      case LogRecord::Kind::kRefused:
        return tell(record.at, "refused " + record.detail);
      case LogRecord::Kind::kExited:
        return tell(record.at, "exit " + record.detail);
      case LogRecord::Kind::kGoal:
        return tell(record.at,
                    "goal " + record.subject + (record.detail.empty() ? "" : " " + record.detail));
      case LogRecord::Kind::kSkipped:
        if (record.detail == "exited" || catalog_.find_campaign(record.subject) == nullptr) return;
        return tell(record.at, fmt::format("skip {} as {}", record.subject, record.detail));
      default:
        return;
    }
  }

  void tell(base::Instant at, std::string what) {
    life_.story.push_back({at, "", std::move(what)});
  }

  void publish(runtime::TurnOutput output) override {
    for (auto& result : output.results) {
      const runtime::IntakeAnswer answer = answer_of(result);
      if (answer.status != 200) fail("refused: " + answer.body);
    }
    for (auto& outgoing : output.outgoing) outgoing_.push_back(std::move(outgoing));
  }
  void answer(runtime::QueryAnswer answer) override { answer_ = std::move(answer.json); }

  Folder folder_;
  calendar::ZoneSource& zones_;
  graph::Catalog catalog_;
  std::vector<graph::Graph> graphs_;
  base::Instant now_;
  base::Instant next_wake_ = base::kNever;
  base::SeededRandom random_{7};
  std::unique_ptr<store::Store> store_;
  std::shared_ptr<const runtime::Program> program_;
  std::unique_ptr<runtime::Shard> shard_;
  std::deque<runtime::ShardInput> inputs_;
  std::deque<runtime::Outgoing> outgoing_;
  std::string answer_;
  json person_ = json::object();
  std::map<std::string, std::string> last_key_;  // by campaign
  std::size_t requests_ = 0;
  DaemonLife life_;
};

void sort(std::vector<Told>& story) {
  std::ranges::sort(story, [](const Told& a, const Told& b) {
    return std::tie(a.at, a.what) < std::tie(b.at, b.what);
  });
}

}  // namespace

DaemonLife live_in_daemon(const dsl::Program& program, calendar::ZoneSource& zones,
                          const History& history, base::Random& kills) {
  const base::Instant begin = history.inputs.empty() ? history.end : history.inputs.front().at;
  DaemonLife life = DaemonRun(program, zones, begin).live(history, kills);
  sort(life.story);
  return life;
}

History begun_by_an_update(History history) {
  Input first;
  first.kind = Input::Kind::kChange;
  first.at = history.inputs.empty() ? history.end : history.inputs.front().at;
  std::erase_if(history.profile, [&](const graph::Field& field) {
    if (field.first == "email") return false;
    first.fields.push_back(field);
    return true;
  });
  history.inputs.insert(history.inputs.begin(), std::move(first));
  return history;
}

std::vector<Told> as_the_daemon_tells(std::vector<Told> story) {
  std::erase_if(story, [](const Told& told) {
    constexpr std::array<std::string_view, 8> kUnseen{
        "update ",           "track ",        "start ",           "put off ", "add to list ",
        "remove from list ", "subscribe to ", "unsubscribe from "};
    return std::ranges::any_of(kUnseen,
                               [&](std::string_view kind) { return told.what.starts_with(kind); });
  });
  for (Told& told : story) told.journey.clear();
  sort(story);
  return story;
}

}  // namespace sojourn::differential
