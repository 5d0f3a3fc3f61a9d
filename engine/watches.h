// What one user is watched for beside any enrollment: dates and moments of a schedule that
// are to come, and conditions that are to become true (engine/watch_plan.h). Who keeps the user
// keeps this with them, says what changes, and asks what has come. A value; one thread.
//
// The first look at a rule, and at a user, finds what is so already; nobody enters by
// it. It must be had before the input at hand changes anything.
//
// Only rules that are not as Watch{} take room and time here: of a program's conditions most
// do not hold of most people.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "engine/facts.h"
#include "engine/watch_plan.h"

namespace sojourn::engine {

// One rule, as it was last looked at.
struct Watch {
  bool holds = false;  // of a condition
  // The date; or when time alone may change the condition's answer.
  std::optional<base::Instant> due;
  // What `due` follows from. A date: the field's value, in days or in milliseconds since
  // 1970. A schedule: the local day, since 1970.
  std::optional<std::int64_t> date;
  // What came last: of a date that comes every year its year, of a schedule the local day,
  // else the value, as above. It does not come again because the zone moves. A moment that
  // comes once is `last` also for those who were not there yet.
  std::optional<std::int64_t> last;
  friend bool operator==(const Watch&, const Watch&) = default;
};

// Pure and total. `entered`: the moment at which the user enters by the rule; nobody does
// at the first look, before which a Watch{} stands. `since`: what a schedule brings later
// than that, this user is there for; `now`, but for those who were there before the look.
struct WatchLook {
  Watch watch;
  std::optional<base::Instant> entered;
};
WatchLook look_at(const WatchRule& rule, const Watch& before, const Facts& facts, base::Instant now,
                  base::Instant since);

struct Newcomers;

// A rule that is not as Watch{}.
struct KnownWatch {
  RuleIndex rule = 0;
  Watch watch;
  friend bool operator==(const KnownWatch&, const KnownWatch&) = default;
};

class Watches {
 public:
  // Every rule of the plan has been looked at.
  bool begun() const { return begun_; }
  // Looks at the rules that nothing is known of. `since`, by rule: since when it has been
  // waiting for this user; empty: they are new themselves. What has come since then is due.
  void begin(const WatchPlan& plan, const Facts& facts, base::Instant now,
             std::span<const base::Instant> since = {});
  // The same, of somebody of whom nothing is known but who they are.
  void begin(const WatchPlan& plan, const Newcomers& newcomers, const Facts& facts,
             base::Instant now);

  void field_changed(const WatchPlan& plan, std::string_view field);
  void event_kept(const WatchPlan& plan, std::string_view event);
  void membership_changed(const WatchPlan& plan);
  // Every moment may lie elsewhere.
  void zone_rules_changed(const WatchPlan& plan);

  // When something may come by time alone.
  std::optional<base::Instant> next_due() const { return next_due_; }
  // The same, without what comes again and again, several times a year.
  std::optional<base::Instant> next_due_but_recurring(const WatchPlan& plan) const;
  // Something that was watched changed, or is due: `take` may have something.
  bool wants_look(base::Instant now) const;

  struct Came {
    RuleIndex rule = 0;
    base::Instant at;
  };
  // What has come, in the order of the plan.
  std::vector<Came> take(const WatchPlan& plan, const Facts& facts, base::Instant now);

  // The user turns out to be `other` as well. What has come to either does not come again: a
  // condition that held of one of them has held, and a date that came to them has come. All else is
  // as the next look finds it.
  void join(const Watches& other);

  // What is stored of them, in the order of the plan.
  std::span<const KnownWatch> known() const { return known_; }
  // They are not what was last stored, or restored.
  bool to_be_stored() const { return to_be_stored_; }
  void stored() { to_be_stored_ = false; }
  // Before `begin`. `all_known`: the rules that are not given are as Watch{}.
  void restore(std::vector<KnownWatch> known, bool all_known);

 private:
  using Place = std::vector<KnownWatch>::iterator;
  // Where the rule is, or would be.
  Place place_of(RuleIndex rule);
  void set(RuleIndex rule, const Watch& watch);
  void find_next_due();

  std::vector<KnownWatch> known_;  // by rule
  std::vector<RuleIndex> changed_;
  std::optional<base::Instant> next_due_;  // of known_
  bool begun_ = false;
  bool to_be_stored_ = false;
};

}  // namespace sojourn::engine
