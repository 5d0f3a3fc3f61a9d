// The engine's questions. All are total and pure: no I/O, clock,
// randomness or failure return, and the same arguments give the same answer on
// every machine. They may be called from any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/decision.h"
#include "engine/effect.h"
#include "engine/enrollment.h"
#include "engine/facts.h"
#include "engine/input.h"
#include "engine/sending_rules.h"
#include "graph/graph.h"

namespace sojourn::engine {

struct Advanced {
  Enrollment enrollment;
  std::vector<Effect> effects;  // in the order they came to be
  // Where Facts::explains asks for them, in the order they were made.
  std::vector<Decision> decisions = {};
};

// Moves the enrollment as far as `input` lets it go, at `now`. Exit rules are
// looked at first, then what it waits for (language 7). An ended enrollment is
// returned as it is. A run through more than kMaxStepsPerTurn steps ends the
// enrollment as `error` (a verified graph cannot do that).
inline constexpr int kMaxStepsPerTurn = 10'000;
Advanced advance(const graph::Graph& graph, Enrollment enrollment, const Facts& facts,
                 const Input& input, base::Instant now);

// Does `event` start this journey for this user? If so, the unit (hash of the
// journey and its `one per` values) by which re-entry is judged. Whether an
// enrollment of that unit exists is the caller's to know.
std::optional<base::Hash128> entry_unit(const graph::Graph& graph, const Facts& facts,
                                        const EventFact& event, base::Instant now);

// A new enrollment, run from the first step to its first resting place (or its
// end: an `exit when` that already holds exits at once). `number` and `version`
// are the caller's. With a `place` that is still to come (engine/pace.h), it waits for
// that first; exits hold meanwhile.
Advanced enter(const graph::Graph& graph, const graph::Version& version, std::uint64_t user,
               std::uint32_t number, base::Hash128 unit, const Facts& facts, const EventFact& event,
               base::Instant now, std::optional<base::Instant> place = std::nullopt);

// The event becomes `entry` of an enrollment that goes on; waits that read it move.
// Asked after the event itself has been taken (judge_entry said kUpdate).
Advanced update_entry(const graph::Graph& graph, Enrollment enrollment, const Facts& facts,
                      const EventFact& event, base::Instant now);
// Ends an enrollment as `restarted`; the caller enters the next.
Advanced restart(const graph::Graph& graph, Enrollment enrollment, const Facts& facts,
                 base::Instant now);

// The message that send step `step` gives now, or why it gives none yet, or none at
// all. Asked when the delivery is claimed, so `with` and every check are as of that
// moment, in the language's order: exit rules, holdouts, reachability and consent, repeats,
// `once`, lateness, the best time, caps, quiet hours. Ask again before every attempt: lateness is
// found here and nowhere else.
// Each with its reason, where Facts::explains asks for it.
struct SendNow {
  std::string campaign;
  std::vector<graph::Field> data;
  base::Instant last_chance;  // it may leave until then
  Reason why = {};
};
struct SendSkipped {
  std::string reason;  // language 10: no_address, no_consent, late, …; `exited`
  bool unreachable = false;
  Reason why = {};
};
struct SendDeferred {
  base::Instant until;  // ask again then
  std::string reason;   // capped, quiet, best_time
  Reason why = {};
  base::Instant last_chance = {};  // it may leave until then
};
using SendDecision = std::variant<SendNow, SendSkipped, SendDeferred>;

// A message that ended unsent, and that somebody wants sent after all.
struct SendAgain {
  base::Instant wanted_at;    // what it may be put off counts from then
  base::Instant last_chance;  // as it was when it left
};

struct SendPolicy {
  // Of the campaign's message type and medium; found by the caller in the catalog.
  bool needs_email = false;
  bool needs_phone = false;
  // No consent, as the caller's consent records say.
  bool consent_missing = false;
  // Why the medium does not reach them any more; empty: it does, for all that is known.
  std::string suppressed;
  // The policy's `deadline`, for a send that states no `within`.
  base::Millis deadline = base::days24(3);
  // What the rules of sending ask of it.
  graph::MessageKind kind;
  bool once = false;
  // The policy's rules and what the user has been sent, for the rules that count; null
  // and empty without them.
  const graph::SendingRules* rules = nullptr;
  std::span<const SentMessage> sent;
  base::Hash128 key;  // of the message itself, which may stand in `sent`
  // Set: the enrollment has gone on from the step, and only has to be there still.
  std::optional<SendAgain> again;
};
SendDecision decide_send(const graph::Graph& graph, const Enrollment& enrollment,
                         graph::StepIndex step, const SendPolicy& policy, const Facts& facts,
                         base::Instant now);

// Until when the enrollment waits for the answer of this call; nothing: it does not, and
// need not be asked any more.
std::optional<base::Instant> call_open_until(const Enrollment& enrollment, graph::StepIndex step,
                                             std::uint32_t occurrence,
                                             const FrozenClock& clock = {});

}  // namespace sojourn::engine
