// What can be known of a journey before anybody enters it: how much it can send, when
// it must have ended, and whether what its author asserts is so. The door to proof/.
//
// Every answer is about one enrollment, with those that restart it where messages are
// counted, and never too small: what an enrollment really
// does stays within it, whatever happens and in whatever zone. What is taken for granted
// stands in docs/language.md ("What is proved"): the person's zone stays, the daemon is
// up, an attempt under way at a deadline takes no time.
//
// Pure; no outside solver. Values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "proof/enrollments.h"
#include "proof/event_exits.h"
#include "proof/latest_end.h"
#include "proof/most_sends.h"
#include "proof/target.h"
#include "proof/timed_graph.h"
#include "proof/witness.h"

namespace sojourn::proof {

// assert at most N sends [of X] [per D]
struct AtMost {
  Target target;
  std::uint32_t most = 0;
  std::optional<base::Millis> per;
};
// assert ends within D
struct EndsWithin {
  base::Millis limit;
};
// assert no send [X] after EVENT [where …]
struct NoSendAfter {
  Target target;
  EventCase event;
};
// assert reaches STEP
struct Reaches {
  graph::StepIndex step = 0;
};
using Assertion = std::variant<AtMost, EndsWithin, NoSendAfter, Reaches>;

// Why an assertion does not hold.
struct Disproof {
  std::string why;  // of one enrollment, as in "one enrollment can …"
  std::optional<Witness> witness;
  // A step to look at: one that has no bound.
  std::optional<graph::StepIndex> culprit;
  std::string hint;  // empty: none
};

// What the messages of one kind come to.
struct SendBounds {
  Target target;
  Count in_all;
  Count per_day;   // in any 24 h
  Count per_week;  // in any 168 h
};

struct JourneyBounds {
  std::vector<SendBounds> sends;  // by target; the first is all of them
  LatestEnd end;
  // `sends` counts an enrollment with all its restarts.
  Enrollments enrollments;
};

// What all of them together can send to one user: the sum for each kind of message.
std::vector<SendBounds> sum_per_user(const std::vector<JourneyBounds>& journeys);

// A journey made ready for proofs. Keeps references to its arguments.
class Prover {
 public:
  Prover(const graph::Graph& graph, const graph::Catalog& catalog);

  // False when the journey has more places than proofs look at; it then has no bounds.
  bool is_ready() const { return timed_.has_value(); }
  // nullopt: it holds.
  std::optional<Disproof> disprove(const Assertion& assertion) const;
  JourneyBounds bounds() const;

 private:
  LatestEnd end() const;
  std::optional<Disproof> check(const AtMost& assertion) const;
  std::optional<Disproof> check(const EndsWithin& assertion) const;
  std::optional<Disproof> check(const NoSendAfter& assertion) const;
  std::optional<Disproof> check(const Reaches& assertion) const;

  const graph::Graph& graph_;
  Messages messages_;
  std::optional<TimedGraph> timed_;
};

}  // namespace sojourn::proof
