#include "tests/differential/daemon_run.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fmt/core.h>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "base/random.h"
#include "connectors/attempt.h"
#include "connectors/webhook/answer.h"
#include "graph/reserved.h"
#include "runtime/intake_parse.h"
#include "runtime/intake_reply.h"
#include "runtime/program.h"
#include "runtime/shard.h"
#include "runtime/store/sqlite_store.h"
#include "tests/differential/chance.h"
#include "tests/differential/daemon_story.h"
#include "tests/differential/service.h"

namespace sojourn::differential {
namespace {

using nlohmann::json;
using oracle::Input;
using oracle::Told;
using runtime::IntakeRequest;

constexpr int kMostTurns = 10'000;
// Before any service answers, and long enough before that whoever asks again is in time.
constexpr base::Millis kDiesAfterCall = base::seconds(3);

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

// What one user does must not matter to another: no place that one takes from the other, no
// event that one sends both, no value that both have and that counts once.
bool is_for_each_alone(const dsl::Program& program) {
  return std::ranges::none_of(program.journeys, [&](const dsl::CompiledJourney& journey) {
    return journey.graph.pace.has_value() ||
           std::ranges::any_of(journey.graph.steps, [&](const graph::Step& step) {
             const auto* track = std::get_if<graph::Track>(&step.action);
             if (track != nullptr && program.catalog.find_event(track->event)->fan_out) return true;
             const auto* split = std::get_if<graph::Split>(&step.action);
             return split != nullptr && split->measure && split->unit != graph::kNoExpr;
           });
  });
}

class DaemonRun final : public runtime::Publisher {
 public:
  DaemonRun(const dsl::Program& program, calendar::ZoneSource& zones, base::Instant now)
      : zones_(zones), catalog_(program.catalog), now_(now) {
    for (const dsl::CompiledJourney& journey : program.journeys) graphs_.push_back(journey.graph);
    if (is_for_each_alone(program)) users_.push_back({"second", {}, {}});
    open();
  }

  DaemonLife live(const History& history, base::Random& kills) {
    Chance chance(kills);
    name_users(history.profile);
    std::size_t number = 0;
    for (const Input& input : history.inputs) {
      run_until(input.at);
      const bool dies_at_once = chance.one_in(3);
      take(input, ++number, dies_at_once);
      if (chance.one_in(4)) restart();
      if (input.kind == Input::Kind::kEvent && chance.one_in(5)) {
        ++life_.repeated_ids;
        take(input, number, false);
      }
    }
    run_until(history.end);
    for (User& user : users_) tell_of(user);
    std::ranges::move(told_by_counters(*store_), std::back_inserter(life_.story));
    return std::move(life_);
  }

 private:
  struct User {
    std::string name;
    json person;
    std::optional<store::UserId> id;
  };

  // What the service has been asked under one key.
  struct Asked {
    std::string webhook;
    Served served;
    base::Instant due;
  };

  void open() {
    store::SqliteOptions options;
    options.path = folder_.database();
    store_ = std::move(*store::open_sqlite_store(options));
    program_ = *runtime::apply_program("life", catalog_, graphs_, *store_);
    shard_ = std::make_unique<runtime::Shard>(runtime::ShardSettings{}, program_, *store_, zones_,
                                              random_, *this);
    if (!shard_->recover(now_)) fail("the store does not open again");
  }

  // Whoever waited for an answer asks again; the service does not know that it has to.
  void restart() {
    ++life_.restarts;
    waiting_.clear();
    shard_.reset();
    store_.reset();
    open();
    settle();
  }

  void name_users(const oracle::Fields& profile) {
    const bool by_email = !graph::find_field(profile, "email").is_missing();
    for (std::size_t i = 0; i < users_.size(); ++i) {
      users_[i].person[by_email ? "email" : "userId"] =
          by_email ? fmt::format("u{}@example.com", i) : fmt::format("u-{}", i);
    }
  }

  // As the report of the person prints it; nothing when nobody is known.
  std::optional<store::UserId> find(const json& person) {
    inputs_.emplace_back(runtime::UserQuery{person.begin()->get<std::string>(), 1});
    settle();
    const json report = json::parse(answer_);
    if (!report.contains("id")) return std::nullopt;
    return store::UserId::unpack(std::stoull(report["id"].get<std::string>(), nullptr, 16));
  }

  void take(const Input& input, std::size_t number, bool dies_at_once) {
    const graph::EventType* type = catalog_.find_event(input.name);
    if (input.kind == Input::Kind::kEvent && type != nullptr && type->fan_out) {
      // Whomever it names.
      return track(input, json::object({{"email", "sender@example.com"}}),
                   fmt::format("event-{}", number), dies_at_once);
    }
    for (const User& user : users_) take_of(user, input, fmt::format("{}-{}", user.name, number));
  }

  void take_of(const User& user, const Input& input, const std::string& id) {
    json body = user.person;
    switch (input.kind) {
      case Input::Kind::kEvent:
        return track(input, std::move(body), id, false);
      case Input::Kind::kChange:
        body["dataFields"] = json_of(input.fields);
        return post(IntakeRequest::Endpoint::kUsersUpdate, body);
      case Input::Kind::kJoined:
      case Input::Kind::kLeft: {
        const bool joins = input.kind == Input::Kind::kJoined;
        const auto list = std::ranges::find(catalog_.lists, input.name, &graph::StaticList::name);
        if (list == catalog_.lists.end()) fail("a list that nobody declared");
        return post(joins ? IntakeRequest::Endpoint::kListsSubscribe
                          : IntakeRequest::Endpoint::kListsUnsubscribe,
                    {{"listId", *list->id}, {"subscribers", json::array({user.person})}});
      }
      case Input::Kind::kEngaged: {
        const auto key = last_key_.find({find(user.person), input.name});
        if (key == last_key_.end()) return;
        body["engagement"] = std::string(graph::to_string(input.engagement));
        body["campaignId"] = *catalog_.find_campaign(input.name)->id;
        body["messageKey"] = key->second;
        return post(IntakeRequest::Endpoint::kEngagements, body);
      }
      case Input::Kind::kEnter: {
        body["dataFields"] = json_of(input.fields);
        runtime::IntakeParser parser(*program_, runtime::IntakeLimits{});
        return give(parser.parse_entry(input.name, body.dump(), id));
      }
    }
  }

  void track(const Input& input, json body, const std::string& id, bool dies_at_once) {
    body["id"] = id;
    body["eventName"] = input.name;
    body["createdAt"] = input.created_at.millis;
    body["dataFields"] = json_of(input.fields);
    post(IntakeRequest::Endpoint::kEventsTrack, body, dies_at_once);
  }

  void post(IntakeRequest::Endpoint endpoint, const json& body, bool dies_at_once = false) {
    runtime::IntakeParser parser(*program_, runtime::IntakeLimits{});
    give(parser.parse(endpoint, body.dump(), fmt::format("request-{}", ++requests_)), dies_at_once);
  }

  // The process may end as soon as the sender has an answer.
  void give(tl::expected<IntakeRequest, runtime::IntakeAnswer> request, bool dies_at_once = false) {
    if (!request) fail("refused: " + request.error().body);
    inputs_.emplace_back(std::move(*request));
    if (!dies_at_once) return settle();
    turn();
    if (!inputs_.empty() || !outgoing_.empty()) fail("an event for many was handed out at once");
    ++life_.killed_before_handing_out;
    restart();
  }

  bool turn() {
    const auto report = shard_->turn(inputs_, now_);
    if (!report) fail(report.error().message);
    next_wake_ = report->next_wake;
    return report->busy;
  }

  // Turns until nothing is to be done now; every request is accepted as it comes.
  void settle() {
    for (int turns = 0; turns < kMostTurns; ++turns) {
      const bool busy = turn();
      if (!outgoing_.empty()) {
        const runtime::Outgoing outgoing = std::move(outgoing_.front());
        outgoing_.pop_front();
        if (outgoing.call) {
          ask(outgoing);
        } else {
          accept(outgoing);
        }
      } else if (!busy && inputs_.empty()) {
        return;
      }
    }
    fail("the shard does not come to rest");
  }

  void accept(const runtime::Outgoing& outgoing) {
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
    last_key_[{outgoing.key.user, campaign->name}] = outgoing.key.message.hex();
    tell(outgoing.key.user, now_, fmt::format("send {} {}", campaign->name, data.dump()));
  }

  // The service knows by the key what it has been asked before.
  void ask(const runtime::Outgoing& outgoing) {
    const auto [known, is_new] = asked_.try_emplace(outgoing.call->key);
    Asked& asked = known->second;
    if (is_new) {
      const std::string data =
          outgoing.call->body.empty() ? "{}" : json::parse(outgoing.call->body).dump();
      asked.webhook = outgoing.call->webhook;
      asked.served = serve(asked.webhook, data, now_);
      asked.due = now_ + asked.served.after;
      tell(outgoing.key.user, now_, fmt::format("call {} {}", asked.webhook, data));
      if (asked_.size() % 3 == 0) dies_at_ = now_ + kDiesAfterCall;
      if (asked.served.busy_first) return answer(outgoing, connectors::Response{503, "", ""});
    }
    if (asked.served.status == 0) return;
    waiting_.emplace(std::max(now_, asked.due), outgoing);
  }

  void answer(const runtime::Outgoing& outgoing, const connectors::Attempt& attempt) {
    const graph::Webhook* webhook = catalog_.find_webhook(outgoing.call->webhook);
    auto decided = connectors::webhook::decide(webhook->returns, attempt);
    runtime::AttemptEnded ended;
    ended.key = outgoing.key;
    ended.attempt = outgoing.attempt;
    ended.webhook = webhook->name;
    ended.outcome = std::move(decided.outcome);
    ended.reply = std::move(decided.reply);
    inputs_.emplace_back(std::move(ended));
  }

  // What comes by itself at an instant comes before an answer of that instant.
  void run_until(base::Instant until) {
    settle();
    for (int wakes = 0;; ++wakes) {
      if (wakes > kMostTurns) fail("timers without end");
      const base::Instant answered = waiting_.empty() ? base::kNever : waiting_.begin()->first;
      const base::Instant next = std::min({next_wake_, answered, dies_at_});
      if (next > until) break;
      now_ = std::max(now_, next);
      if (dies_at_ < std::min(next_wake_, answered)) {
        dies_at_ = base::kNever;
        restart();
        continue;
      }
      if (next_wake_ > answered) {
        const runtime::Outgoing outgoing = waiting_.extract(waiting_.begin()).mapped();
        const Served& served = asked_[outgoing.call->key].served;
        if (outgoing.attempt > (served.busy_first ? 2 : 1)) ++life_.answers_after_restarts;
        answer(outgoing, connectors::Response{served.status, "", served.body});
      }
      settle();
    }
    now_ = until;
  }

  // Oldest row first. What was sent and asked has been seen with its data.
  void tell_of(User& user) {
    user.id = find(user.person);
    if (!user.id) return;
    life_.users.push_back({user.name, static_cast<std::int64_t>(user.id->packed())});
    for (auto& [of, told] : seen_) {
      if (of != *user.id) continue;
      told.journey = user.name;
      life_.story.push_back(told);
    }
    std::ranges::move(told_by_log(*store_, *user.id, catalog_, user.name),
                      std::back_inserter(life_.story));
  }

  void tell(store::UserId user, base::Instant at, std::string what) {
    seen_.push_back({user, {at, "", std::move(what)}});
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
  base::Instant dies_at_ = base::kNever;
  base::SeededRandom random_{7};
  std::unique_ptr<store::Store> store_;
  std::shared_ptr<const runtime::Program> program_;
  std::unique_ptr<runtime::Shard> shard_;
  std::deque<runtime::ShardInput> inputs_;
  std::deque<runtime::Outgoing> outgoing_;
  std::string answer_;
  std::vector<User> users_{{"first", {}, {}}};
  std::map<std::string, Asked> asked_;                       // by key
  std::multimap<base::Instant, runtime::Outgoing> waiting_;  // calls, by when they are answered
  // The key of the last message.
  std::map<std::pair<std::optional<store::UserId>, std::string>, std::string> last_key_;
  std::vector<std::pair<store::UserId, Told>> seen_;
  std::size_t requests_ = 0;
  DaemonLife life_;
};

}  // namespace

DaemonLife live_in_daemon(const dsl::Program& program, calendar::ZoneSource& zones,
                          const History& history, base::Random& kills) {
  const base::Instant begin = history.inputs.empty() ? history.end : history.inputs.front().at;
  DaemonLife life = DaemonRun(program, zones, begin).live(history, kills);
  sort_told(life.story);
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

History as_the_daemon_hears(History history) {
  for (Input& input : history.inputs) {
    input.created_at = std::min(input.created_at, input.at);
    if (input.kind != Input::Kind::kChange) continue;
    std::ranges::stable_sort(input.fields, {}, &graph::Field::first);
  }
  return history;
}

}  // namespace sojourn::differential
