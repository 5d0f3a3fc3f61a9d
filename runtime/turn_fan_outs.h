// Events `for users where` in one turn. Whom an event is for is settled when it arrives,
// after all that came before it: with that, and a row for each so many users, its arrival
// is committed. Later turns hand it out, some users each, in order of arrival; the commit
// that has what came of it for them has no row of them any more. So each of them gets it
// once, whenever the process ends. Lives for one turn, on the shard's thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/catalog.h"
#include "runtime/fan_out_record.h"
#include "runtime/intake.h"
#include "runtime/journey_runner.h"
#include "runtime/turn_context.h"
#include "runtime/user_book.h"

namespace sojourn::runtime {

class TurnFanOuts final : public FanOutPlanner {
 public:
  TurnFanOuts(const TurnContext& context, TurnRecord& record, UserBook& users,
              JourneyRunner& runner)
      : context_(context), record_(record), users_(users), runner_(runner) {}

  // Takes from the rows what this turn hands out, and adds its users to `users`.
  base::Status load(std::vector<store::UserId>& users);
  bool found() const { return found_; }
  void hand_out();

  // Whom an event is for: by id, none when there are more than `most`.
  using Match = std::optional<std::vector<store::UserId>>;
  struct Matched {
    std::size_t item = 0;  // its place in the request
    const graph::EventType* type = nullptr;
    Match users;
  };
  struct Request {
    std::vector<Matched> events;  // in order of place
    // Set: the request is not to be taken, and why.
    std::optional<IntakeResult::TurnedAway> turned_away;
  };
  // Before anything of the request is taken. `is_repeat` says of an item whether it came before.
  Request match(const IntakeRequest& request,
                const std::function<bool(const IntakeItem&)>& is_repeat);
  // Takes an event that `match` has settled, or says that it is for too many.
  std::optional<IntakeFailure> take(const IntakeEvent& event, Matched matched,
                                    const std::string& answer_id);

  bool track(const UserState& tracker, const graph::EventType& type, const base::Hash128& key,
             const std::vector<graph::Field>& fields) override;

  // What is on its way to `from`, who has become `to`, comes to the other, once.
  void move(store::UserId from, store::UserId to);

  // Set when the store failed; the turn must not commit.
  const base::Status& status() const { return status_; }

 private:
  // Users at hand, and what they get.
  struct Piece {
    FannedEvent event;
    std::vector<store::UserId> users;
  };

  const graph::EventType* type_of(const IntakeItem& item) const;
  Match users_of(const graph::FanOut& rule, const std::vector<graph::Field>& fields);
  FannedEvent make(const graph::EventType& type, std::string id, base::Instant created_at,
                   std::vector<graph::Field> fields) const;
  void add(FannedEvent event, std::vector<store::UserId> users);
  // Those who have become others, as the others.
  void follow_moved(std::vector<store::UserId>& users) const;
  // An event whose users are still to be found; returns the room that it leaves.
  std::size_t settle(const store::FanOutKey& key, FannedEvent event, std::size_t room);
  void put_parts(std::uint64_t number, FannedEvent event, const std::vector<store::UserId>& users);
  void remove_event(std::uint64_t number);
  void refuse(const graph::EventType& type);
  void count(std::string_view event, std::string_view outcome, std::size_t users);
  bool has_room_for(std::size_t users) const;

  const TurnContext& context_;
  TurnRecord& record_;
  UserBook& users_;
  JourneyRunner& runner_;
  // Users who have become others in this turn. Whom an event is for was settled before.
  std::map<store::UserId, store::UserId> moved_;
  std::vector<Piece> pieces_;
  bool found_ = false;
  base::Status status_;
};

}  // namespace sojourn::runtime
