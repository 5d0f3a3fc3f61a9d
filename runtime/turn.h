// One cycle of a shard: load what the inputs need, work, and gather one commit.
// The store is only read here; whoever runs the turn commits. Lives for one turn,
// on the shard's thread.
//
// Order within a turn: what operators say of journeys, decisions of splits, what was held back,
// due timers, outcomes, events on their way to many, intake in order of arrival, people whom
// operators have forgotten, users whose turn it is in a census or who are sent out of a journey,
// orders of operators about deliveries, claims.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/erasure.h"
#include "runtime/forget_report.h"
#include "runtime/journey_runner.h"
#include "runtime/leaving_names.h"
#include "runtime/moved_logs.h"
#include "runtime/shard_input.h"
#include "runtime/turn_context.h"
#include "runtime/turn_fan_outs.h"
#include "runtime/turn_orders.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_book.h"

namespace sojourn::runtime {

// By so much Iterable's clock may be behind ours: what it tells of was not sent later than that.
inline constexpr base::Millis kNoticeClockDifference = base::minutes(1);

// Opt-outs of one person that go on to Iterable once they appear; the rest is noted.
inline constexpr std::size_t kMaxPassedOnOptOuts = 100;

// What `sojourn forget` would do, from what is committed. kFatal when rows cannot be read.
base::Result<QueryAnswer> preview(ForgetCommand command, const TurnContext& context);

class Turn {
 public:
  Turn(const TurnContext& context, base::Instant now);

  // Afterwards `commit` and `output` are what is to be made durable and then
  // seen. `look_at_outbox`: also claim planned deliveries that are due. kFatal
  // when the store cannot be read or its rows make no sense.
  base::Status run(std::vector<ShardInput> inputs, bool look_at_outbox);

  store::Commit& commit() { return record_.commit; }
  TurnOutput& output() { return record_.output; }
  // After the commit: leaves what was loaded or made to later turns.
  void release();

  // There was something due or given; false for a turn that found nothing to do.
  bool did_something() const { return did_something_; }

 private:
  base::Status load(const std::vector<ShardInput>& inputs, bool look_at_outbox);
  base::Status load_timers();
  // What is planned and due: turn_due.cpp.
  struct OpenLane {
    std::uint32_t number = 0;
    std::size_t room = 0;
  };
  base::Status load_due(std::vector<store::UserId>& users);
  base::Status take_due(const std::vector<store::Delivery>& due, std::vector<store::UserId>& users);
  base::Result<std::vector<OpenLane>> open_lanes();
  base::Result<std::vector<store::Delivery>> due_of_open_lanes();
  base::Status take_queue_whole(std::vector<store::Delivery>& due) const;
  void take_timers();
  base::Status ask_census(std::vector<store::UserId>& users);
  void take_census();
  // A timer of theirs is due and held back.
  bool is_held_back(UserState& user) const;
  base::Status ask_retention(std::vector<store::UserId>& users);
  // What operators say: turn_operations.cpp.
  base::Status take_commands(const std::vector<ShardInput>& inputs);
  base::Status ask_released(std::vector<store::UserId>& users);
  void take_released_timers();
  // Whether its journey is paused, and it is held back.
  bool hold_timer(const Seat& seat, const store::TimerKey& timer);
  void remove_held_timers();
  base::Status ask_sent_out(std::vector<store::UserId>& users);
  base::Status take_sent_out();
  void take_request(IntakeRequest request);
  // `matched`: of an event for many. `single`: the answer names its id.
  std::optional<IntakeFailure> take(const IntakeItem& item, TurnFanOuts::Matched* matched,
                                    bool single, IntakeResult& result);
  // Fails only over what it says of the profile.
  std::optional<IntakeFailure> take_event(const IntakeEvent& event);
  std::optional<IntakeFailure> take_update(const IntakeUpdate& update);
  std::optional<IntakeFailure> take_item(const IntakeItem& item, IntakeResult& result);
  void take_engagement(const IntakeEngagement& engagement);
  std::optional<IntakeFailure> take_list_change(const IntakeListChange& change);
  // What Iterable tells: turn_notices.cpp.
  // What became of it, in a word that is counted; so does `work_in`.
  std::string_view take_notice(const IntakeNotice& item);
  std::string_view work_in(const IntakeNotice& item);
  void work_in(UserState& user, const connectors::iterable::Notice& notice);
  // Null: nobody here, and nothing that would count once they are.
  UserState* whom(const IntakeNotice& item);
  const graph::Campaign* campaign_of(const connectors::iterable::Notice& notice) const;
  // The message type that its campaign is declared with, by Iterable's id.
  std::optional<std::int64_t> declared_type(const connectors::iterable::Notice& notice) const;
  void engaged(UserState& user, const connectors::iterable::Notice& notice);
  void unsubscribed(UserState& user, const connectors::iterable::Notice& notice);
  // A no or a yes to what the notice is about.
  void said(UserState& user, const connectors::iterable::Notice& notice);
  // What with_said found: of all that, only what changes consent is a change of the profile.
  void set_said(UserState& user, const std::vector<graph::Field>& fields, std::string_view detail);
  // The notice's medium does not reach them any more, or, without a reason, does again.
  void suppress(UserState& user, const connectors::iterable::Notice& notice,
                std::string_view reason);
  void not_sent(UserState& user, const connectors::iterable::Notice& notice);
  std::optional<base::Hash128> last_sent(const UserState& user, const graph::Campaign& campaign,
                                         const connectors::iterable::Notice& notice) const;
  // An item that was taken goes on to Iterable.
  void pass_on(const IntakeItem& item, IntakeForward forward);
  // People who are erased: turn_erasure.cpp.
  std::optional<IntakeFailure> take_erasure(IntakeErasure item);
  // Says in the ledger what is about to become of the names, and of those of their users.
  base::Status note_in_ledger(const IntakeErasure& item);
  std::optional<IntakeFailure> refuse_forgotten(const IntakeItem& item) const;
  bool is_forgotten(const Person& person) const;
  void pass_on_erasure(IntakeForward forward);
  // Of whom an erasure before has a queue. `erased`: users who were erased now.
  void erase_what_leaves(const std::vector<store::UserId>& erased, bool goes_on);
  void close_queues();
  // Of an operator: turn_forget.cpp.
  base::Status ask_forget(const ForgetCommand& command);
  void take_forgets();
  void note_forgotten(const ForgetCommand& command, const ForgetReport& report);
  // Behind whom it leaves.
  store::UserId queue_of(const IntakeItem& item, const UserState& user);
  // The same of what names them so, or by the names that they have.
  store::UserId queue_by(std::vector<store::Identity> names, const UserState& user);
  // The queue of an erasure by which these names leave: one, from here on.
  std::optional<store::UserId> leaving_queue_of(std::span<const store::Identity> names);
  // Names and consent: turn_people.cpp.
  std::optional<IntakeFailure> take_rename(const IntakeRename& rename);
  std::optional<IntakeFailure> take_merge(const IntakeMerge& merge);
  UserState* named(const Person& person);
  std::optional<IntakeFailure> take_subscriptions(const IntakeSubscriptions& said);
  // What was said before somebody appeared goes on to Iterable: turn_tombstones.cpp. `user`
  // becomes the tombstone's person; is a tombstone, perhaps, as yet.
  void note_opt_outs(UserState& user, const UserState& tombstone);
  void note_tombstone(UserState& user);
  void pass_on_opt_outs();
  struct Appeared {
    UserState* user = nullptr;
    std::vector<std::int64_t> message_types;
    std::vector<std::int64_t> channels;
  };
  void pass_on_opt_outs(const Appeared& appeared);
  std::optional<IntakeFailure> take_consent(const IntakeConsent& said);
  void join_names(const Person& person, bool may_rename);
  void join_names(UserState& user, const store::Identity& identity);
  void absorb(UserState& user, UserState& tombstone);
  void take_over(UserState& user, const UserState& tombstone);
  // Users who are one: turn_merge.cpp.
  // What waits for `from`, what is on its way to them, what ended unsent and what the log has is
  // the other's: it keeps its order with what comes next, and goes when they are erased. `added` to
  // the numbers of its enrollments.
  void hand_over(store::UserId from, const UserState& to, std::uint32_t added);
  void merge(UserState& source, UserState& destination);
  void forget_other_addresses(UserState& source, UserState& destination);
  // Takes an event for users who are settled.
  std::optional<IntakeFailure> take_fanned(const IntakeEvent& event, TurnFanOuts::Matched matched,
                                           const std::string& answer_id);
  // Whether its id came before; `is_repeat` also notes that it has come.
  bool has_come(const IntakeItem& item) const;
  bool is_repeat(const IntakeItem& item);
  void write(std::uint64_t sequence);

  const TurnContext& context_;
  TurnRecord record_;
  UserBook users_;
  JourneyRunner runner_;
  TurnOutbox outbox_;
  TurnFanOuts fan_outs_;
  TurnOrders orders_;
  MovedLogs moved_logs_;
  Erasure erasure_;
  LeavingNames leaving_;
  std::vector<store::TimerKey> timers_;
  std::vector<store::TimerKey> held_timers_;
  std::vector<store::TimerKey> released_timers_;
  std::vector<store::UserId> counted_;  // in the census
  // By the last item that erases: who, if anybody was, and under which names.
  std::optional<store::UserId> erased_;
  std::vector<store::Identity> erased_names_;
  struct Forget {
    ForgetCommand command;
    std::optional<ForgetReport> report;  // nothing: nobody has that name
  };
  std::vector<Forget> forgets_;
  std::vector<store::UserId> sent_out_;      // because a journey was stopped
  absl::flat_hash_set<std::uint64_t> seen_;  // hashes of event ids, stored or of this turn
  std::vector<UserState*> tombstones_;       // that may not be, by the end of the turn
  std::vector<Appeared> appeared_;           // with what was said before
  bool did_something_ = false;
};

}  // namespace sojourn::runtime
