// A shard with everything real but the network and the clock: journeys compiled
// from text, SQLite on a folder of its own, the machine's zones. What it would send
// is gathered, and answered as a test says. Whenever its store closes it is checked
// (runtime/fsck.h), so every test here is one of what lies on disk, too. One thread.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "runtime/held_store.h"
#include "runtime/intake_parse.h"
#include "runtime/program.h"
#include "runtime/shard.h"

namespace sojourn::runtime {

class ShardWorld final : public Publisher {
 public:
  // Stands at 2026-03-01T09:00Z.
  explicit ShardWorld(const std::string& journeys, ShardSettings settings = {});
  ~ShardWorld() override;

  // Posts to events/track or users/update and runs turns until at rest. The result
  // as senders see it: "200 Success", "409 EmailAlreadyExists".
  std::string track(const std::string& body);
  std::string update(const std::string& body);
  // Posts to lists/subscribe or unsubscribe, and to engagements.
  std::string subscribe(const std::string& body);
  std::string unsubscribe(const std::string& body);
  std::string engage(const std::string& body);
  // What a system webhook of Iterable's tells. Fails the test if it is no notice.
  void notice(const std::string& body);
  // Posts to users/updateSubscriptions.
  std::string update_subscriptions(const std::string& body);
  // Posts to another of Iterable's paths, or of those like it. `forward`: what goes on to Iterable.
  std::string post(IntakeRequest::Endpoint endpoint, const std::string& body,
                   ForwardMode forward = ForwardMode::kOff, const IntakeMapping& mapping = {});
  // A DELETE of one of Iterable's paths.
  std::string erase(const std::string& path, ForwardMode forward = ForwardMode::kOff);
  // A call of consent_endpoint's, as "PATCH /api/subscriptions/…"; a query may follow.
  std::string consent(const std::string& call, ForwardMode forward = ForwardMode::kOff,
                      const std::string& body = {});
  // Posts to events/trackBulk; the body of the answer.
  std::string track_bulk(const std::string& body);
  // Posts to a path of Iterable's; the body of the answer.
  std::string post_for_body(IntakeRequest::Endpoint endpoint, const std::string& body);
  // An update and an event that one turn takes, in this order; the answer to the event.
  std::string update_and_track(const std::string& update, const std::string& event);
  // From now on, only so many turns are run, until the next restart.
  void stop_after(int turns) { turns_left_ = turns; }
  void go_on();
  // Posts to the journey's entries.
  std::string enter(const std::string& journey, const std::string& body);

  // Moves the clock and runs turns until at rest.
  void pass(base::Millis time);
  // The same, from due timer to due timer, so that none is late.
  void pass_until(base::Instant when);
  // Moves the clock only.
  void move_clock(base::Millis time) { now_ = now_ + time; }
  // Of the next turn, which fails the test if it has none. Only `close` makes sense after it.
  base::Error error_of_turn();
  // Runs so many turns, whether there is more to do or not.
  void run_turns(int count);
  // Posts to events/track and runs one turn; the result, "" when it took more.
  std::string track_in_one_turn(const std::string& body);
  // The oldest request that has not been answered yet; fails the test if there is none.
  Outgoing take();
  bool nothing_to_take() const { return outgoing_.empty(); }
  // How an attempt ended; then runs turns until at rest.
  void accept(const Outgoing& outgoing);
  void end(const Outgoing& outgoing, connectors::OutcomeKind kind, bool unreachable = false,
           std::optional<base::Millis> retry_after = {});
  // The provider will never take it, and says so.
  void refuse(const Outgoing& outgoing, const std::string& message);
  // What a look-up learned; then runs turns until at rest.
  void learn(const Outgoing& outgoing, connectors::iterable::LookUp found);
  // The endpoint broke down over it, or asked for fewer requests; then runs turns until at rest.
  void fail(const Outgoing& outgoing);
  void slow_down(const Outgoing& outgoing);
  // All requests that have not been answered end so, in one turn; how many they were.
  std::size_t end_all(connectors::OutcomeKind kind, connectors::Health health);
  // A webhook answered with these fields; then runs turns until at rest.
  void reply(const Outgoing& outgoing, std::vector<graph::Field> fields);
  // The process dies here and another one starts on the same files; with other journeys,
  // if they are given.
  void restart();
  void restart_with(const std::string& journeys);
  // The same, and no turn has run yet.
  void open_again();
  void open_again_with(const std::string& journeys);
  // The same, on a machine with other rules of the time zones.
  // The same, of a store that is held; and how an operator lets it go on.
  void open_again_held();
  void let_timers_run();
  void release();
  // The daemon is about to end: nothing more is to leave.
  void stop_claiming();
  void open_again_with_zones(std::unique_ptr<calendar::ZoneSource> zones);

  // Copies the database and its log as they lie on disk; and closes the store, puts such a copy in
  // its place and opens it again.
  void copy_store_to(const std::filesystem::path& folder) const;
  void put_store_back(const std::filesystem::path& folder);

  // What an operator says of a journey, by "ada"; only counted, if `yes` is false. The answer.
  std::string command(JourneyCommand::What what, const std::string& journey, bool yes = true);
  // `pause j --clock freeze`.
  std::string freeze(const std::string& journey, bool yes = true);
  // "pause j: 1 inside, …", oldest first.
  std::vector<std::string> commands();

  // The database.
  std::string file() const { return (folder_ / "sojourn.db").string(); }
  // Closes the store for good: only the file is left to be looked at.
  void close();
  // Between turns; until the next restart.
  store::Store& store() { return *store_; }
  std::int64_t counter(const std::string& name);
  std::vector<std::pair<std::string, std::int64_t>> counters() { return *store_->counters(); }
  // What the log of a person says: "entered welcome", "skipped m1 late", …
  std::vector<std::string> log(const std::string& identity);
  // What is kept of the events of a person, oldest first: "purchase amount=60".
  std::vector<std::string> history(const std::string& identity);
  base::Instant now() const { return now_; }
  const OverdueView& overdue() const { return shard_->overdue(); }
  // Of the last turn.
  const TurnReport& last_report() const { return last_report_; }
  std::vector<LaneReport> lanes();
  ShardGauges gauges();
  std::vector<OperatorNote>& notes() { return notes_; }
  std::string report(const std::string& identity);
  // What an operator is answered, once the shard is at rest.
  std::string ask(ShardInput question);

  void publish(TurnOutput output) override;
  void answer(QueryAnswer answer) override { answer_ = std::move(answer); }

 private:
  std::string answer_to(tl::expected<IntakeRequest, IntakeAnswer> request);
  void compile(const std::string& journeys);
  void open();
  // Closes the store, and fails the test if anything in it is not as it should be.
  void close_and_check();
  void settle();
  static AttemptEnded ended(const Outgoing& outgoing, connectors::OutcomeKind kind,
                            connectors::Health health);
  void take_end(AttemptEnded ended);

  std::filesystem::path folder_;
  ShardSettings settings_;
  graph::Catalog catalog_;
  std::vector<graph::Graph> graphs_;
  base::Instant now_;
  base::SeededRandom random_{7};
  std::unique_ptr<calendar::ZoneSource> zones_;
  std::unique_ptr<store::Store> store_;
  bool is_held_ = false;
  std::optional<HeldStore> held_;  // stands before the store
  std::shared_ptr<const Program> program_;
  std::unique_ptr<Shard> shard_;
  std::deque<ShardInput> inputs_;
  std::optional<int> turns_left_;
  std::deque<Outgoing> outgoing_;
  std::vector<IntakeResult> results_;
  std::vector<OperatorNote> notes_;
  QueryAnswer answer_;
  TurnReport last_report_;
};

}  // namespace sojourn::runtime
