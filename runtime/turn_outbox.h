// The deliveries of one turn: planned, claimed while the window has room, ended
// by an outcome. A claim is part of the turn's commit, so it is durable before
// the request it makes is handed out. Lives for one turn, on the shard's thread.
//
// What a message says, and whether it may still leave, is decided when it is
// claimed, from what holds at that moment.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "connectors/recipient.h"
#include "connectors/request.h"
#include "engine/advance.h"
#include "runtime/delivery_record.h"
#include "runtime/journey_runner.h"
#include "runtime/shard_input.h"
#include "runtime/store/store.h"
#include "runtime/turn_context.h"

namespace sojourn::runtime {

class Lane;
class UserBook;

class TurnOutbox final : public DeliveryPlanner {
 public:
  TurnOutbox(const TurnContext& context, TurnRecord& record, UserBook& users,
             JourneyRunner& runner);
  ~TurnOutbox() override;

  // A planned delivery that is due or late, as the store has it: to be claimed. False: it stays, in
  // its place or a later one, or was taken before; so its user is not needed.
  base::Result<bool> take_due(const store::Delivery& delivery);

  // One that was held back and may leave: to be claimed, now or as soon as there is room. Nothing
  // where this turn has it already.
  base::Status take_released(const store::Delivery& delivery);
  // A planned delivery of somebody who was sent out of its journey: a message or a call ends
  // unsent; what tells Iterable of what is true here stays.
  base::Status take_back(const store::Delivery& delivery);
  // Ends a planned delivery unsent for an operator. False: this turn has claimed or ended it.
  base::Result<bool> drop(const store::Delivery& delivery);

  void plan(UserState& user, const base::Hash128& message_key, DeliveryRecord record) override;
  // Plans a sender's request about this user, to leave behind those of theirs that wait.
  void forward(store::UserId user, IntakeForward request);
  // The user is erased: nothing of theirs leaves from here on, but for a sender's calls to erase
  // them. What is under way is let come to its end, and its outcome changes nothing. `keeps_order`:
  // what goes on about the user waits for that end.
  void erase(store::UserId user, bool keeps_order);
  // The places that the erased user's deliveries keep are in that queue from here on.
  void leave_by(store::UserId queue, store::UserId erased);
  // Users of whose requests that go on the last has ended in this turn.
  std::vector<store::UserId> emptied_forwards() const;
  // Whether nothing has taken the message's enrollment out of its journey: it is inside, or had
  // ended unsent and the journey was completed since.
  static bool goes_on(UserState& user, const DeliveryRecord& message);
  // Plans what had ended unsent, to be claimed as any other.
  void send_again(UserState& user, const store::DeliveryKey& key, DeliveryRecord record);
  // The same of a request that goes on, which needs no user.
  void forward_again(const store::DeliveryKey& key, DeliveryRecord record);
  // Why a delivery ended unsent in this turn; empty: it did not.
  std::string_view ended_as(const store::DeliveryKey& key) const;
  // What waits or is under way of `from`, who has become `to`, is the other's from here on, under
  // its key; `added` to the numbers of its enrollments: turn_moves.cpp.
  void move(store::UserId from, store::UserId to, std::uint32_t added);
  // An outcome whose delivery is not claimed any more, or is of another attempt,
  // changes nothing but the window.
  void take_outcome(const AttemptEnded& ended);
  // Iterable tells that it has sent the message of this user, or that it will not: whatever was in
  // doubt about it, or not answered yet, is settled. Nothing where the message has ended, unless it
  // is kept because nobody knew.
  void told_sent(UserState& user, const base::Hash128& message);
  void told_not_sent(UserState& user, const base::Hash128& message, std::string_view why);
  // Claims in order until nothing is left or the window is full, following what
  // skipped messages cause.
  void claim_all();

  // The first failure of a read, if there was one.
  const base::Status& status() const { return status_; }
  void write_to(store::Commit& commit) const;
  // After the commit: leaves what is claimed to the turns of its outcomes.
  void release();

 private:
  struct Work {
    enum class State : std::uint8_t { kPlanned, kClaimed, kGone };
    store::DeliveryKey key;
    DeliveryRecord record;
    bool stored = false;
    bool changed = false;
    State state = State::kPlanned;
    base::Instant next_attempt;  // while planned
    std::uint32_t lane = 0;      // the queue that the store has it in, while it is planned there
    // While planned: it is looked at after that, whatever its lane.
    std::optional<base::Instant> deadline;
    std::string ended_as;  // once it is gone unsent
  };

  // Of a call: the person has left the step: the time was over, or an exit came.
  static constexpr std::string_view kLeft = "left";
  // As the engine calls it, too.
  static constexpr std::string_view kLate = "late";
  // A counter: requests that wait to go on.
  static constexpr std::string_view kForwardsWaiting = "forwards_waiting";

  Work& add(Work work);
  base::Result<Work*> add_planned(const store::Delivery& delivery);
  // The work of a delivery that the store has as planned; null: it is no more.
  base::Result<Work*> still_planned(const store::Delivery& delivery);
  // The work of an attempt that ended; null when it is claimed no more.
  Work* claimed(const store::DeliveryKey& key);
  void claim(Work& work);
  // Whether its journey is paused, and it is held back.
  bool hold(Work& work);
  // Whether an event `for users` is still to come to its user; it stays due.
  bool wait_for_event(Work& work);
  void end_with_enrollment(Work& work);
  // Whether the message may leave now; nothing when its enrollment has ended.
  std::optional<engine::SendDecision> decide(UserState& user, const Work& work);
  engine::SendDecision decide(UserState& user, const Work& work, const Journey& journey,
                              const engine::Enrollment& enrollment);
  connectors::Recipient recipient(const UserState& user) const;
  // Whether nothing may leave for this person: the project has no way to address them, or `only_to`
  // is in the way. The delivery has ended then.
  bool end_if_barred(UserState& user, Work& work, const connectors::Recipient& who);
  void claim_message(UserState& user, Work& work);
  void claim_update(UserState& user, Work& work);
  void claim_track(UserState& user, Work& work);
  void claim_membership(UserState& user, Work& work);
  void claim_call(Work& work);
  // Requests that are passed on: turn_forwards.cpp.
  void plan_forward(const store::DeliveryKey& key, DeliveryRecord record);
  void claim_forward(Work& work);
  void forward_ended(Work& work, const AttemptEnded& ended);
  void forward_refused(Work& work, const AttemptEnded& ended);
  void forward_in_doubt(Work& work, const AttemptEnded& ended);
  void forward_again_later(Work& work, const AttemptEnded& ended);
  void end_forward(Work& work, std::string_view how);
  void erase(Work& work, bool keeps_order);
  void count_erased(const DeliveryRecord& record, bool is_gone);
  std::vector<Work*>& forwards_of(store::UserId user);
  base::Result<Work*> stored_forward(const store::Delivery& delivery);
  void let_next_forward_go(store::UserId user);
  base::Status load_to_move(const store::Delivery& delivery);
  void move(Work& work, store::UserId to, std::uint32_t added);
  // Lanes: turn_lanes.cpp.
  Lane& lane_of(const DeliveryRecord& record);
  std::uint32_t lane_number_of(const DeliveryRecord& record) const;
  // Whether its lane is shut; then it stays where it is, in the queue of that lane.
  bool wait_for_lane(Work& work);
  // Whether another change of the same user that it could overtake is under way. It leaves when
  // that has ended.
  bool wait_for_change(Work& work);
  void note_change(const Work& work, Endpoint endpoint);
  void let_changes_go(const store::DeliveryKey& ended);
  // Whether it was put off to a place behind others whose rule ended at the same moment.
  bool wait_for_release(Work& work);
  void leave_lane(const AttemptEnded& ended);
  // As long as it asks for, within limits: one answer must not cost all that waits its deadline.
  void keep_away(Endpoint endpoint, base::Millis asked);
  void hand_out(const UserState& user, Work& work, connectors::HttpRequest request);
  // The same of every claim.
  void count_claim(Work& work);
  // Deadlines: turn_deadlines.cpp.
  std::optional<base::Instant> known_deadline(const Work& work) const;
  void keep_deadline(UserState& user, Work& work);
  std::optional<base::Instant> deadline(UserState& user, const Work& work);
  static bool may_expire(const Work& work);
  bool too_late(const Work& work) const;
  // Of a message that an operator has sent again.
  static std::optional<engine::SendAgain> again(const Work& work);
  bool just_updated(const UserState& user) const;

  void accepted(UserState& user, Work& work);
  void end_unsent(UserState& user, Work& work, std::string_view reason, bool unreachable,
                  engine::Reason why = {});
  void retry(UserState& user, Work& work, const AttemptEnded& ended);
  void halt(Work& work, const AttemptEnded& ended);
  void defer(UserState& user, Work& work, const engine::SendDeferred& deferred);
  // What ended unsent although it was tried: turn_letters.cpp.
  void keep_letter(UserState& user, const Work& work, DeliveryState state, std::string_view reason,
                   std::string_view answer);
  void keep_enrollment(UserState& user, DeliveryRecord& record) const;
  // Why a delivery cannot be made of the program that runs now: what it is about has left the text
  // since it was planned.
  struct Missing {
    std::string_view reason;
    std::string advice;  // for the operator
  };
  std::optional<Missing> what_is_missing(const DeliveryRecord& record) const;
  void give_up(UserState& user, Work& work, const Missing& missing);
  // What becomes of an answer that never came: turn_doubts.cpp.
  void in_doubt(UserState& user, Work& work, const AttemptEnded& ended);
  bool is_at_most_once(const Work& work) const;
  bool is_looked_up(const Work& work) const;
  void rest_if_too_many_parked(Endpoint endpoint);
  void park(Work& work);
  void unpark(Work& work, std::string_view found);
  void claim_look_up(Work& work);
  void looked_up(UserState& user, Work& work, const AttemptEnded& ended);
  void judge(UserState& user, Work& work, std::uint32_t listed);
  void leave_in_doubt(UserState& user, Work& work, std::string_view found,
                      std::string_view message);
  // It is sent again, and nothing says that it did not arrive; `found` as of a look-up.
  void note_may_be_doubled(const Work& work, std::string_view found);
  // From when on it is believed that what nobody tells of was not taken.
  base::Instant absent_from(const Work& work) const;
  bool can_look_up(const Work& work) const;
  // The message, tried and without an outcome; null: none such.
  Work* tried(const UserState& user, const base::Hash128& message);
  // It ended as not known, and is known now.
  void settle_letter(UserState& user, const base::Hash128& message);
  // Calls: turn_calls.cpp.
  void call_outcome(UserState& user, Work& work, const AttemptEnded& ended);
  void call_answered(UserState& user, Work& work, const AttemptEnded& ended);
  void wait_for_room(UserState& user, Work& work, base::Instant open_until);
  void come_back_before(Work& work, base::Instant open_until);
  void end_call(UserState& user, Work& work, std::string_view reason,
                std::string_view message = {});
  bool goes_first(const Work& a, const Work& b) const;
  // Puts the messages of each user, at the places that they have, in the order of the
  // user's queue.
  void order_queues();
  void plan_again(Work& work, base::Instant at);
  void log(UserState& user, const Work& work, LogRecord::Kind kind, std::string_view detail,
           engine::Reason why = {}, std::optional<base::Instant> until = std::nullopt);

  const TurnContext& context_;
  TurnRecord& record_;
  UserBook& users_;
  JourneyRunner& runner_;
  std::vector<std::unique_ptr<Work>> works_;
  absl::flat_hash_map<store::DeliveryKey, Work*, DeliveryKeyHash> by_key_;
  std::deque<Work*> to_claim_;
  absl::flat_hash_map<std::uint64_t, std::vector<Work*>> forwards_;  // by user, as packed
  std::uint32_t forwarded_ = 0;  // so many were planned in this turn
  base::Status status_;
};

}  // namespace sojourn::runtime
