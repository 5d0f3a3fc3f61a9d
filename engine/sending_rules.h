// The one place that decides when a message may leave under caps and quiet hours
// (language 5, 8 and 13): now, later, or not at all. It knows no enrollment and no
// graph: what it looks at arrives as an argument. Pure and total; any thread.
//
// A message is never let go at an instant that a quiet rule or a cap forbids; and it
// is put off only to an instant that, as far as is known now, none forbids.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "calendar/zone.h"
#include "graph/sending_rules.h"

namespace sojourn::engine {

// A message that this user has been sent, or that is on its way.
struct SentMessage {
  base::Hash128 key;  // the message key
  base::Instant at;   // its latest attempt
  std::string campaign;
  graph::MessageKind kind;
  friend bool operator==(const SentMessage&, const SentMessage&) = default;
};

// Was this campaign sent to the user by another message?
bool was_sent(std::span<const SentMessage> sent, std::string_view campaign,
              const base::Hash128& own_key);

// What is asked of the rules.
struct SendCase {
  base::Hash128 key;
  const graph::MessageKind& kind;
  std::span<const graph::SendCap> caps;
  std::vector<const graph::QuietHours*> quiet;
  std::span<const SentMessage> sent;  // by all journeys; the message itself is passed over
  const calendar::Zone& zone;         // the person's
  base::Instant first_attempt;
  base::Instant last_chance;  // the last instant at which it may leave at all
};

struct LeaveNow {};
// The rule that holds a message back; neither: none does.
struct Holder {
  const graph::SendCap* cap = nullptr;
  const graph::QuietHours* quiet = nullptr;
};
struct LeaveLater {
  base::Instant until;
  std::string_view by;  // the rule that says so: `capped` or `quiet`
  Holder holder = {};
};
// The next possible instant lies beyond a limit: `capped`, `quiet` or `late`, by the
// limit that comes first.
struct LeaveNever {
  std::string_view reason;
  Holder holder = {};
};
using Leave = std::variant<LeaveNow, LeaveLater, LeaveNever>;

// Caps are asked before quiet hours, and each again at every instant that another puts
// the message off to.
Leave when_to_leave(const SendCase& send, base::Instant now);

// The first instant from `t` on that is not quiet; `t` itself when it is not. Beyond
// `limit` it is not looked for, and some instant beyond it is given.
base::Instant end_of_quiet(const graph::QuietHours& rule, const calendar::Zone& zone,
                           base::Instant t, base::Instant limit);

}  // namespace sojourn::engine
