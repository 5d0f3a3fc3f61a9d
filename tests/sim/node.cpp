#include "tests/sim/node.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/hash.h"
#include "runtime/intake_erasure.h"
#include "runtime/intake_reply.h"
#include "runtime/last_lived.h"
#include "runtime/notice_intake.h"
#include "runtime/program.h"
#include "runtime/store/sqlite_store.h"

namespace sojourn::sim {
namespace {

constexpr std::size_t kMailboxItems = 200;
// As the daemon has it where notices are taken.
constexpr base::Millis kAbsentAfter = base::minutes(5);
constexpr base::Millis kGrace = base::seconds(10);
constexpr base::Millis kDrainPoll{20};
// While the clock stands or is doubted, what is due by it cannot be reckoned: the daemon looks
// every second, here that is now and then.
constexpr base::Millis kLookAgain = base::minutes(5);

}  // namespace

// The way out of one process, for requests and for calls.
class Node::Transport final : public runtime::Transport, public runtime::CallTransport {
 public:
  Transport(Network& network, std::shared_ptr<int> life)
      : network_(network), life_(std::move(life)) {}
  bool send(const connectors::HttpRequest& request, Done done) override {
    network_.send(request, life_, std::move(done));
    return true;
  }
  bool call(const connectors::webhook::Request& request, Done done) override {
    network_.call(request, life_, std::move(done));
    return true;
  }

 private:
  Network& network_;
  const std::shared_ptr<int> life_;
};

Node::Node(Surroundings around, const Configuration& configuration, const Compiled& program,
           const Listeners& listeners)
    : around_(around),
      configuration_(configuration),
      compiled_(program),
      listeners_(listeners),
      random_(around.chance.below(1ULL << 62U)) {}

Node::~Node() = default;

base::Status Node::start() {
  store::SqliteOptions options;
  options.path = around_.disk.database();
  options.log_limit_bytes = configuration_.log_limit_bytes;
  options.observer = &around_.disk;
  auto opened = store::open_sqlite_store(options);
  if (!opened) return tl::unexpected(opened.error());
  auto planted = planted_store(around_.plant, std::move(*opened));
  inner_ = planted.get();
  {
    const Disk::Aside aside(around_.disk);
    listeners_.opened(*inner_);
  }
  store_ = std::make_unique<WatchedStore>(std::move(planted), around_.watch);
  auto lived = runtime::read_last_lived(*store_);
  if (!lived) return tl::unexpected(lived.error());
  time_ = std::make_unique<runtime::LivedClock>(around_.clock, runtime::ClockSettings{}, *lived,
                                                [](const auto&) {});
  auto program =
      runtime::apply_program("simulated", compiled_.catalog, compiled_.graphs, *store_, {});
  if (!program) return tl::unexpected(program.error());
  program_ = std::move(*program);
  listeners_.running(program_);
  transport_ = std::make_unique<Transport>(around_.network, life_);
  planted_transport_ = planted_transport(around_.plant, *transport_);
  dispatcher_.emplace(planted_transport_ ? *planted_transport_ : *transport_,
                      [this](runtime::AttemptEnded ended) { offer(std::move(ended)); });
  dispatcher_->carry_calls(*transport_, program_->catalog());
  return make_shard();
}

base::Status Node::make_shard() {
  runtime::ShardSettings settings;
  settings.max_in_doubt = configuration_.max_in_doubt + planted_room(around_.plant);
  settings.max_parked = configuration_.max_parked;
  settings.max_calls_in_doubt = configuration_.max_calls_in_doubt;
  settings.user_cache_bytes = configuration_.user_cache_bytes;
  settings.keep_log_days = configuration_.keep_log_days;
  settings.turn.look_up_after = configuration_.look_up_after;
  settings.turn.has_notices = configuration_.has_notices;
  settings.turn.absent_after =
      configuration_.has_notices ? kAbsentAfter : configuration_.look_up_after;
  settings.turn.max_fan_out_users = configuration_.max_fan_out_users;
  settings.turn.max_fan_out_waiting =
      configuration_.max_fan_out_waiting + planted_waiting_room(around_.plant);
  shard_.emplace(settings, program_, *store_, around_.zones, random_, *this);
  if (auto recovered = shard_->recover(time_->wall()); !recovered) return recovered;
  look_after({});
  return {};
}

bool Node::take(const Post& post, std::uint64_t ticket) {
  if (is_closing_ || has_failed_) return false;
  runtime::IntakeParser parser(*program_, runtime::IntakeLimits{}, {}, configuration_.forward);
  auto request = post.endpoint ? parser.parse(*post.endpoint, post.body, std::to_string(ticket))
                               : runtime::delete_request(post.path, configuration_.forward);
  if (!request) {
    around_.agenda.after({1}, life_, [this, ticket, status = request.error().status] {
      listeners_.answered(ticket, status);
    });
    return true;
  }
  request->token = ticket;
  for (const runtime::IntakeItem& item : request->items) {
    const auto* event = std::get_if<runtime::IntakeEvent>(&item);
    if (event != nullptr && event->id) {
      listeners_.recognised(ticket, base::stable_hash64(*event->id));
    }
  }
  if (auto copy = planted_copy(around_.plant, *request)) offer(std::move(*copy));
  return offer_or_refuse(std::move(*request));
}

bool Node::take_notice(const std::string& body, std::uint64_t ticket) {
  if (is_closing_ || has_failed_) return false;
  auto notice = notices_.read(body);
  if (!notice) return false;
  if (loses_keys(around_.plant)) notice->message_key.reset();
  if (notice->natural_key) {
    listeners_.recognised(ticket, base::stable_hash64("notice " + notice->natural_key->hex()));
  }
  auto request = runtime::notice_request(std::move(*notice));
  if (!request) return false;
  request->token = ticket;
  return offer_or_refuse(std::move(*request));
}

bool Node::offer_or_refuse(runtime::IntakeRequest request) {
  if (mailbox_.size() < kMailboxItems) return offer(std::move(request));
  around_.agenda.after({1}, life_,
                       [this, ticket = request.token] { listeners_.answered(ticket, 429); });
  return true;
}

bool Node::offer(runtime::ShardInput input) {
  if (has_failed_) return false;
  if (std::holds_alternative<runtime::AttemptEnded>(input) &&
      loses_outcome(around_.plant, around_.network.requests())) {
    return true;
  }
  mailbox_.push_back(std::move(input));
  look_after({});
  return true;
}

// Some turns take longer than others, and more comes meanwhile.
void Node::look_after(base::Millis wait) {
  const base::Millis when{around_.agenda.now().count + wait.count};
  if (next_look_ && *next_look_ <= when) return;
  next_look_ = when;
  around_.agenda.after(wait, life_, [this, look = ++looks_] {
    if (look == looks_) this->look();
  });
}

bool Node::has_work() {
  return !mailbox_.empty() || !inputs_.empty() || more_ ||
         std::min(next_wake_, next_note_) <= time_->wall();
}

void Node::look() {
  next_look_.reset();
  if (has_failed_) return;
  if (has_work()) return run_turn();
  look_when_due();
}

void Node::look_when_due() {
  const runtime::LivedClock::View view = time_->view();
  const base::Millis due_in = std::min(next_wake_, next_note_) - view.now;
  const bool is_steady = view.state == runtime::ClockState::kSteady;
  look_after(std::max(base::Millis{1}, is_steady ? due_in : std::min(due_in, kLookAgain)));
}

void Node::run_turn() {
  if (inputs_.empty()) inputs_.swap(mailbox_);
  Turned turned;
  for (const runtime::ShardInput& input : inputs_) {
    const auto* ended = std::get_if<runtime::AttemptEnded>(&input);
    if (ended != nullptr) turned.keys.push_back(ended->key.message.hex());
  }
  const bool was_given_nothing = inputs_.empty();
  const base::Instant now = time_->wall() + planted_haste(around_.plant);
  around_.trace.mix(static_cast<std::uint64_t>(now.millis));
  const auto report = shard_->turn(inputs_, now);
  if (!report || around_.disk.is_dead()) {
    has_failed_ = true;
    around_.trace.line(report ? "the process is dead" : "fatal error of the store");
    return listeners_.failed();
  }
  {
    const Disk::Aside aside(around_.disk);
    turned.was_idle = was_given_nothing && !report->busy;
    if (!inputs_.empty()) turned.keys.clear();
    listeners_.turned(*inner_, turned);
  }
  more_ = report->busy;
  next_wake_ = report->next_wake;
  next_note_ = report->next_note;
  if (has_work()) return look_after(around_.chance.time({1}, {4}));
  look_when_due();
}

// The loop may be as quick as to show it before the turn has ended, or have other things to do.
// What it shows, it shows in order.
base::Millis Node::shown_at() {
  const base::Millis wait = around_.chance.percent(95) ? around_.chance.time({0}, {3})
                                                       : around_.chance.time({0}, base::seconds(2));
  last_shown_ = std::max(last_shown_, base::Millis{around_.agenda.now().count + wait.count});
  return last_shown_;
}

void Node::publish(runtime::TurnOutput output) {
  around_.trace.line("commit " + std::to_string(output.sequence) + ": " +
                     std::to_string(output.results.size()) + " results, " +
                     std::to_string(output.outgoing.size()) + " outgoing");
  listeners_.committed(output);
  if (to_show_ == 0 && around_.chance.percent(50)) return show(std::move(output));
  ++to_show_;
  const base::Millis wait{shown_at().count - around_.agenda.now().count};
  around_.agenda.after(wait, life_, [this, output = std::move(output)]() mutable {
    --to_show_;
    show(std::move(output));
  });
}

void Node::show(runtime::TurnOutput output) {
  for (const runtime::IntakeResult& result : output.results) {
    const bool is_notice = result.endpoint == runtime::IntakeRequest::Endpoint::kNotices;
    const int status = is_notice ? 200 : runtime::answer_of(result).status;
    // Of a connection that breaks its sender hears nothing.
    if (around_.chance.percent(2)) continue;
    listeners_.answered(result.token, status);
  }
  for (runtime::Outgoing& outgoing : output.outgoing) dispatcher_->dispatch(std::move(outgoing));
}

void Node::answer(runtime::QueryAnswer answer) {
  around_.trace.line("operator is told " + std::to_string(answer.status));
}

void Node::close(std::function<void()> done) {
  is_closing_ = true;
  offer(runtime::StopClaiming{});
  drain({around_.agenda.now().count + kGrace.count}, std::move(done));
}

void Node::drain(base::Millis until, std::function<void()> done) {
  const bool is_late = around_.agenda.now() >= until;
  if (is_late || is_idle()) return done();
  around_.agenda.after(kDrainPoll, life_,
                       [this, until, done = std::move(done)] { drain(until, done); });
}

bool Node::is_idle() const {
  return mailbox_.empty() && inputs_.empty() && !more_ && to_show_ == 0 &&
         dispatcher_->under_way() == 0;
}

}  // namespace sojourn::sim
