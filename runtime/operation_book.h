// What operators have said of journeys: which are paused, drained or stopped, and the queue
// of what is held back of each. Loaded once; the rows are written by the commits of the turns
// that change them, so a restart goes on from there. Memory does not grow with what is held
// back. Owned by the shard, on its thread.
//
// A store belongs to one shard, so its users are all the users there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "engine/facts.h"
#include "runtime/operation_record.h"
#include "runtime/shard_input.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

struct TurnRecord;

// Of the log of commands; older lines go.
inline constexpr std::uint64_t kMaxAuditLines = 10'000;

class OperationBook {
 public:
  // Before the first turn. kFatal when a row cannot be read.
  base::Status load(store::Store& store, base::Instant now);

  // An operator has said something of it that still matters, whether it is in the text or not.
  bool knows(std::string_view journey) const { return find(journey) != nullptr; }
  bool is_paused(std::string_view journey) const;
  // By name.
  std::vector<std::string> paused() const;
  // The journey's own clock, which stands while a pause has frozen it.
  engine::FrozenClock clock(std::string_view journey, base::Instant now) const;
  // People of it are still to be sent out.
  bool is_sending_out(std::string_view journey) const;
  bool sends_anybody_out() const { return sending_out_ > 0; }
  // The rule by which nobody enters; empty: who comes is let in.
  std::string_view closed_by(std::string_view journey) const;
  std::uint64_t held(std::string_view journey) const;

  // Why the command makes no sense now, if so.
  std::optional<std::string> refusal(JourneyCommand::What what, std::string_view journey) const;
  // Carries out a command that nothing refuses, and notes it.
  void apply(const JourneyCommand& command, const std::string& detail, TurnRecord& record);

  // A command that is about no journey.
  void note(const CommandNote& command, TurnRecord& record);

  // At the end of the queue of a journey that is paused.
  void hold(std::string_view journey, const HeldBack& held, TurnRecord& record);

  // When some of what is held back of journeys that go on may be let go; kNever: nothing is.
  base::Instant next_release(std::uint32_t per_second) const;
  // Takes as much from the fronts of the queues as the rate allows, at most `limit`.
  base::Result<std::vector<HeldBack>> release(store::Store& store, std::uint32_t per_second,
                                              std::size_t limit, TurnRecord& record);

  // The next users who may have to be sent out, at most `limit`. Empty when all have been
  // looked at.
  base::Result<std::vector<store::UserId>> next_to_send_out(store::Store& store, std::size_t limit);

  // Adds what changed to the commit.
  void write_to(store::Commit& commit);

 private:
  const Operation* find(std::string_view journey) const;
  // With a queue of its own, if it is new.
  Operation& change(std::string_view journey);
  void begin_pause(Operation& operation, JourneyCommand::Clock clock, TurnRecord& record);
  // Does nothing where there is none.
  void end_pause(Operation& operation, TurnRecord& record);
  // In the log of commands and in that of the daemon.
  void note(const JourneyCommand& command, const std::string& detail, TurnRecord& record);
  // A gauge of the counters that says so.
  static void tell(TurnRecord& record, std::string_view journey, std::string_view state, bool on);

  void note(const AuditLine& line, TurnRecord& record);

  std::map<std::string, Operation, std::less<>> operations_;  // by journey
  bool changed_ = false;
  std::size_t sending_out_ = 0;  // journeys
  base::Instant released_at_;
  std::uint64_t next_audit_ = 1;
};

}  // namespace sojourn::runtime
