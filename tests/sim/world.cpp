#include "tests/sim/world.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/hash.h"
#include "tests/unit/runtime/store/sqlite_chance.h"

namespace sojourn::sim {
namespace {

using Fault = Disk::Fault;
using What = runtime::JourneyCommand::What;

constexpr base::Millis kMaxOutage = base::days24(7);
// After the faults: the longest life, the longest that a lane is left alone, and some days.
constexpr base::Millis kCalm{kLongestLife.count + base::days24(8).count};
constexpr std::size_t kMinPeople = 4;
// A start may be refused for its program a few times.
constexpr std::uint64_t kMostDeathsInCalm = 50;
constexpr std::array<const char*, 4> kJourneys{"trial", "orders", "questions", "alarms"};

runtime::JourneyCommand command_about(What what, const char* journey) {
  runtime::JourneyCommand command;
  command.what = what;
  command.journey = journey;
  command.carry_out = true;
  command.by = "ada";
  return command;
}

// In half of the runs, whatever else the seed decides.
bool passes_on(std::uint64_t seed) {
  return base::stable_hash64("forward", seed) % 2 == 0;
}

// In half of those: what leaves of whom is erased, and of who comes again, is tangled most.
bool often_erased(std::uint64_t seed) {
  return base::stable_hash64("forward", seed) % 4 == 0;
}

}  // namespace

Programs::Programs(calendar::ZoneSource& zones) : zones_(zones) {
  for (std::size_t edit = 0; edit < kEdits; ++edit) edits_.push_back(compile_edit(edit, zones));
}

World::World(const Programs& programs, const RunOptions& options)
    : programs_(programs),
      options_(options),
      chance_(options.seed),
      trace_(agenda_, options.lines),
      clock_(agenda_),
      disk_(chance_, trace_),
      found_([this](Violation violation) { found(std::move(violation)); }),
      sent_(found_),
      forwarded_(found_),
      network_(agenda_, chance_, trace_, sent_, forwarded_),
      known_(found_),
      forwards_(forwarded_, found_),
      watch_(clock_, found_,
             [this](const store::Commit& commit, std::uint64_t number) {
               forwards_.made(commit, number);
               fan_outs_.made(commit, number);
             }),
      fan_outs_(found_),
      checks_(known_, forwards_, found_),
      senders_(agenda_, chance_, trace_, known_, fan_outs_,
               [this](const Post& post, std::uint64_t ticket) {
                 if (node_ == nullptr || !node_->take(post, ticket)) return false;
                 forwards_.offered(ticket, post);
                 return true;
               }),
      notices_(agenda_, chance_, trace_, known_, found_,
               [this](const std::string& body, std::uint64_t ticket) {
                 return node_ != nullptr && node_->take_notice(body, ticket);
               }) {
  constexpr std::uint64_t kSqliteSeeds = 1'000'000;
  store::seed_sqlite_chance(static_cast<int>(1 + chance_.below(kSqliteSeeds)));
  listen();
}

World::~World() {
  // What is left of the process is not to be waited for.
  disk_.stop();
}

// The first is the one to read.
void World::found(Violation violation) {
  if (violation_) return;
  trace_.line(fmt::format("VIOLATED {}: {}", to_string(violation.invariant), violation.what));
  violation_ = std::move(violation);
}

void World::listen() {
  sent_.tell([this](const Message& message) { notices_.accepted(message); });
  senders_.tell([this] { strike_amid_fan_out(); });
  listeners_.opened = [this](store::Store& store) {
    watch_.reopened(store);
    fan_outs_.begins(configuration_.max_fan_out_waiting);
    checks_.reopened(store);
    is_first_turn_ = true;
  };
  listeners_.running = [this](const auto& program) {
    checks_.program_is(program);
    fan_outs_.program_is(program);
  };
  listeners_.recognised = [this](std::uint64_t ticket, std::uint64_t hash) {
    if (Notices::is_ticket(ticket)) return notices_.recognised_as(ticket, hash);
    senders_.recognised_as(ticket, hash);
  };
  listeners_.committed = [this](const runtime::TurnOutput& output) { committed(output); };
  listeners_.answered = [this](std::uint64_t ticket, int status) {
    if (Notices::is_ticket(ticket)) return notices_.answered(ticket, status);
    senders_.answered(ticket, status);
  };
  listeners_.turned = [this](store::Store& store, const Turned& turn) { turned(store, turn); };
  listeners_.failed = [this] { agenda_.after({}, [this] { died(); }); };
}

void World::committed(const runtime::TurnOutput& output) {
  for (const runtime::IntakeResult& result : output.results) {
    if (Notices::is_ticket(result.token)) {
      notices_.durable(result.token, result.notice, output.sequence);
      continue;
    }
    const bool was_taken = result.accepted > 0 && result.failures.empty();
    if (was_taken) senders_.durable(result.token, output.sequence);
  }
  for (const runtime::Outgoing& outgoing : output.outgoing) {
    if (outgoing.call || outgoing.looked_up_campaign) continue;
    const Message message = message_of(outgoing.request);
    if (message.key.empty()) continue;
    known_.claimed(message, output.sequence);
    fan_outs_.claimed(message, output.sequence);
    notices_.claimed(message, output.sequence);
  }
  forwards_.published(output);
}

void World::turned(store::Store& store, const Turned& turn) {
  ++turns_;
  if (!rest_.turned(agenda_.now(), turn.was_idle)) {
    found({Invariant::kRests, fmt::format("more than {} turns in a row, within a second, had "
                                          "nothing to do; the last was for what was due at {}",
                                          Rest::kMostIdle, base::to_iso8601(node_->next_due()))});
  }
  for (const std::string& key : turn.keys) {
    sent_.settled(key);
    forwards_.settled(key);
    notices_.settled(key);
  }
  std::set<store::UserId> users = watch_.take_touched();
  if (std::exchange(is_first_turn_, false)) users = watch_.users();
  checks_.after_turn(store, users,
                     {configuration_.max_in_doubt, configuration_.max_calls_in_doubt});
  fan_outs_.look_at(store);
}

RunResult World::run() {
  const auto people = static_cast<std::size_t>(chance_.between(kMinPeople, 14));
  draw_limits();
  configuration_.look_up_after = chance_.percent(80) ? base::minutes(2) : base::Millis{};
  configuration_.has_notices = chance_.percent(60);
  if (configuration_.has_notices) notices_.begin();
  if (chance_.percent(40)) usual_ = Weather::kRough;
  if (passes_on(options_.seed)) {
    configuration_.forward = runtime::ForwardMode::kQueue;
    forwards_.turn_on();
  }
  network_.set_weather(usual_);
  senders_.plan(people, options_.faulty, often_erased(options_.seed));
  plan_faults();
  agenda_.after(options_.faulty, [this] { begin_calm(); });
  start();
  const base::Millis end = options_.faulty;
  while (!violation_ && agenda_.step(end)) {
  }
  const base::Millis latest{end.count + kCalm.count};
  while (!violation_ && !has_come_to_an_end()) {
    if (agenda_.now() >= latest) {
      found({Invariant::kComesToAnEnd,
             fmt::format("{} are still inside and {} deliveries wait: {}", checks_.inside(),
                         checks_.waiting_to_leave(), checks_.left_over())});
      break;
    }
    agenda_.step(latest);
  }
  return result();
}

// How much goes wrong differs from run to run.
void World::plan_faults() {
  if (chance_.percent(6)) return;
  const auto days = static_cast<std::uint64_t>(options_.faulty.count / base::days24(1).count) + 1;
  for (std::uint64_t n = 2 + chance_.below(12 * days); n > 0; --n) {
    agenda_.after(chance_.time({0}, options_.faulty), [this] { go_wrong(); });
  }
}

void World::go_wrong() {
  if (is_calm_) return;
  const std::uint64_t drawn = chance_.below(100);
  if (drawn < 45) return strike();
  if (drawn < 65) return storm();
  if (drawn < 75) return jump();
  if (drawn < 87) return command();
  reload();
}

// A fault of the disk, at some call to come, or the end of the process between two calls.
void World::strike() {
  const auto fault = static_cast<Fault>(chance_.below(Disk::kFaults));
  const bool between_calls = fault == Fault::kPowerCut || fault == Fault::kKill;
  if (between_calls && chance_.percent(30) && node_ != nullptr) {
    disk_.end(fault);
    return died();
  }
  disk_.arm(fault, chance_.many(9));
}

// An event is on its way to many for some turns only.
void World::strike_amid_fan_out() {
  if (is_calm_ || !chance_.percent(15)) return;
  disk_.arm(static_cast<Fault>(chance_.below(Disk::kFaults)), chance_.many(6));
}

void World::draw_limits() {
  configuration_.max_in_doubt = static_cast<std::uint32_t>(chance_.between(1, 5));
  configuration_.max_parked = configuration_.max_in_doubt * 4;
  configuration_.log_limit_bytes = std::uint64_t{30'000} << chance_.below(4);
  configuration_.max_fan_out_users = static_cast<std::size_t>(chance_.between(1, 3));
  configuration_.max_fan_out_waiting = static_cast<std::size_t>(chance_.between(4, 16));
}

void World::storm() {
  const auto weather = static_cast<Weather>(1 + chance_.below(kWeathers - 1));
  network_.set_weather(weather);
  const base::Millis lasts = chance_.percent(70) ? chance_.time(base::minutes(1), base::minutes(40))
                                                 : chance_.time(base::minutes(40), base::hours(8));
  agenda_.after(lasts, [this, weather] {
    if (network_.weather() == weather && !is_calm_) network_.set_weather(usual_);
  });
}

void World::command() {
  if (node_ == nullptr) return;
  ++commands_;
  if (chance_.percent(15)) {
    believe_ahead();
    node_->believe_clock();
    return node_->wake();
  }
  if (chance_.percent(25)) {
    runtime::DeliveryOrder order;
    order.verb = chance_.percent(60) ? runtime::DeliveryOrder::Verb::kRetry
                                     : runtime::DeliveryOrder::Verb::kDrop;
    const bool retries = order.verb == runtime::DeliveryOrder::Verb::kRetry;
    order.filter.state = chance_.percent(50) || !retries ? runtime::DeliveryState::kLate
                                                         : runtime::DeliveryState::kRefused;
    order.go = true;
    order.by = "ada";
    node_->offer(std::move(order));
    return;
  }
  // A stop for good is rare, or nobody would be left.
  static constexpr std::array<What, 8> kWhats{What::kPause,  What::kResume, What::kPause,
                                              What::kResume, What::kDrain,  What::kResume,
                                              What::kStop,   What::kResume};
  const What what = kWhats.at(chance_.below(kWhats.size()));
  auto command = command_about(what, kJourneys.at(chance_.below(kJourneys.size())));
  if (chance_.percent(40)) command.clock = runtime::JourneyCommand::Clock::kFreeze;
  trace_.line(fmt::format("operator: {} {}", to_string(command.what), command.journey));
  node_->offer(std::move(command));
}

// The daemon is stopped as operators stop it, and started with another program and configuration.
void World::reload() {
  if (node_ == nullptr) return;
  ++reloads_;
  trace_.line("reload");
  node_->close([this] {
    agenda_.after({}, [this] {
      end_process();
      configuration_.edit = static_cast<std::size_t>(chance_.below(kEdits));
      draw_limits();
      agenda_.after(chance_.time({50}, base::minutes(2)), [this] { start(); });
    });
  });
}

void World::died() {
  if (node_ == nullptr) return;
  if (is_calm_ && ++deaths_in_calm_ == kMostDeathsInCalm) {
    found({Invariant::kComesToAnEnd,
           fmt::format("nothing fails any more, and the process has ended {} times since",
                       deaths_in_calm_)});
  }
  disk_.stop();
  end_process();
  const base::Millis down = chance_.percent(85) ? chance_.time({100}, base::minutes(5))
                                                : chance_.time(base::minutes(5), base::hours(10));
  agenda_.after(is_calm_ ? base::seconds(1) : down, [this] { start(); });
}

void World::end_process() {
  node_.reset();
  sent_.process_ended();
  forwarded_.process_ended();
  forwards_.process_ended();
}

void World::start() {
  if (node_ != nullptr) return;
  ++processes_;
  planted_process(options_.plant, processes_);
  disk_.begin_process();
  if (chance_.percent(40)) disk_.make_room();
  if (!is_calm_ && chance_.percent(25)) {
    disk_.arm(static_cast<Fault>(chance_.below(Disk::kFaults)), chance_.many(7));
  }
  // A start believes a wall clock that is no more than that ahead.
  if (clock_.ahead() <= kMaxOutage) believe_ahead();
  trace_.line(fmt::format("process {} starts, edit {}", processes_, configuration_.edit));
  node_ = std::make_unique<Node>(Surroundings{agenda_, clock_, chance_, trace_, disk_, network_,
                                              watch_, programs_.zones(), options_.plant},
                                 configuration_, programs_.edit(configuration_.edit), listeners_);
  const auto started = node_->start();
  if (started && !disk_.is_dead()) {
    has_believed_ = node_->clock_is_steady();
    return;
  }
  ++failed_starts_;
  const bool is_refused = !started && started.error().kind == base::Error::Kind::kConflict;
  // Messages of the store name its folder, which is another each time.
  trace_.line(is_refused ? "refused: " + started.error().message : "the start failed");
  if (is_refused) {
    ++refused_reloads_;
    // Operators go back to what ran before, or wait.
    configuration_.edit = (configuration_.edit + 1) % kEdits;
  }
  died();
}

void World::begin_calm() {
  is_calm_ = true;
  trace_.line("from here on nothing fails");
  disk_.disarm();
  disk_.make_room();
  network_.set_weather(Weather::kFair);
  set_clock({});
  // What operators have stopped goes on; so does whoever they stop meanwhile.
  for (int day = 0; day < 3; ++day) {
    agenda_.after(base::hours(24 * day + 1), [this] {
      if (node_ == nullptr) return;
      node_->believe_clock();
      for (const char* journey : kJourneys) node_->offer(command_about(What::kResume, journey));
    });
  }
}

bool World::has_come_to_an_end() {
  if (!is_calm_ || node_ == nullptr || senders_.is_waiting()) return false;
  return checks_.inside() == 0 && checks_.waiting_to_leave() == 0 && !fan_outs_.any_waits() &&
         node_->is_idle();
}

RunResult World::result() const {
  RunResult out;
  out.seed = options_.seed;
  out.hash = trace_.hash();
  out.lasted = agenda_.now();
  out.violation = violation_;
  out.newest.assign(trace_.newest().begin(), trace_.newest().end());
  out.storage_faults = disk_.struck();
  out.mishaps = network_.mishaps();
  out.io_calls = disk_.calls();
  out.processes = processes_;
  out.failed_starts = failed_starts_;
  out.reloads = reloads_;
  out.refused_reloads = refused_reloads_;
  out.clock_jumps = clock_jumps_;
  out.commands = commands_;
  out.commits = watch_.commits();
  out.turns = turns_;
  out.waits_over = watch_.waits_over();
  out.said = senders_.said();
  out.messages = sent_.messages();
  out.accepted = sent_.accepted_in_all();
  out.doubled = sent_.doubled();
  out.answers_lost = sent_.answers_lost();
  out.passes_on = configuration_.forward == runtime::ForwardMode::kQueue;
  out.passed_on = forwarded_.keys();
  out.passed_on_accepted = forwarded_.accepted_in_all();
  out.passed_on_doubled = forwarded_.doubled();
  out.passed_on_answers_lost = forwarded_.answers_lost();
  out.passed_on_rejected = forwarded_.rejected_in_all();
  out.fan_outs = fan_outs_.counts();
  out.notices = notices_.counts();
  return out;
}

}  // namespace sojourn::sim
