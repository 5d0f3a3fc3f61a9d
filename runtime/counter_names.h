// The names of the durable counters. Parts are joined by `/`, which no part can
// contain: names of the language are identifiers, step identities add only `.`
// and a space.
//
//   entered/JOURNEY                     enrollments begun
//   refused/JOURNEY/RULE                entries not taken, by the rule that refused
//   inside/JOURNEY/VERSION/STEP         people resting there now (a gauge)
//   reached/JOURNEY/STEP                times the step was reached
//   exited/JOURNEY/REASON               enrollments ended
//   planned|accepted/JOURNEY/CAMPAIGN   messages; one that an operator has sent again is
//                                       planned again
//   skipped/JOURNEY/CAMPAIGN/REASON     messages that ended unsent
//   deferred/JOURNEY/CAMPAIGN/REASON    times that a message was put off
//   goals/JOURNEY/VERSION/GOAL          enrollments that met it
//   goal_values/JOURNEY/VERSION/GOAL    the sum of their values, in thousandths
//   arms/JOURNEY/VERSION/SPLIT/ARM      enrollments that took the arm (with goals or a measure
//   only) goals_of_arm/JOURNEY/VERSION/GOAL/SPLIT/ARM  those of them that met the goal
//   measured|measure_met/JOURNEY/NAME/ARM  people counted for the measure of the split
//                                       called so (of a split `by` a value, one of each
//                                       unit), and those of them that met it
//   decided/JOURNEY/NAME/ARM            1: the arm has won
//   unbalanced/JOURNEY/NAME             1: people were not shared out as the split says
//   operation/JOURNEY/STATE             1: the journey is paused, draining, stopped
//   held_back/JOURNEY                   timers and deliveries that a pause holds back (a gauge)
//   in_doubt/ENDPOINT                   attempts whose answer never came
//   parked/ENDPOINT                     messages that wait for a look-up (a gauge)
//   look_ups/ENDPOINT/RESULT            how they ended: taken, not_taken, unclear, impossible,
//                                       no_answer; told: a notice came first; erased: its user was
//   may_be_doubled/ENDPOINT             messages sent again although they may have arrived
//   events/NAME                         events taken
//   fan_outs/EVENT/taken|refused        events `for users`
//   fan_out_users/EVENT                 users whom they were for
//   repeated_events                     events recognised by id and left out
//   notices/EVENT/RESULT                what Iterable told: taken, repeated, nobody (names nobody),
//                                       unknown_user, forgotten, bot, unread; EVENT `other`: no
//                                       known kind
//   suppressed/MEDIUM/REASON            times that somebody was found to be out of its reach;
//                                       REASON `lifted`: within it again
//   not_sent/REASON                     messages that Iterable took and then skipped
//   tombstones_kept|applied             those made, and those whose people have appeared
//   tombstones_waiting                  those whose people have not (a gauge)
//   tombstones_reported/kept|applied|day  as of the last daily report
//   calls/WEBHOOK/planned               calls of it that steps wanted
//   calls/WEBHOOK/OUTCOME               answered, answered_late, or why it came to nothing
//   dead_letters_kept                   deliveries that ended unsent and can be listed (a gauge)
//   dead_letters_gone/HOW               those that are not kept any more: forgotten (they made room
//                                       for newer ones), retried, exited, dropped, erased
//   updates|tracks/OUTCOME              profile updates and events sent to Iterable
//   users_erased                        people whom a sender had erased
//   deliveries_erased                   of them, what was to tell Iterable of them
//   erasures_leaving                    those of whose erasure Iterable is still to be told (a
//                                       gauge)
//   erasures_in_ledger                  lines of the ledger of erasures that the store has seen
//   erasures_to_wash                    of what was erased, what may still be in free space of the
//                                       files (a gauge: 0 when nothing is)
//   forgotten_names                     names that are refused (a gauge)
//
// A journey's holdout is counted as the split `(holdout)` with the arms `held_out` and
// `treated`; SPLIT is the identity of the step.
//
// entered = sum(inside) + sum(exited), planned = accepted + skipped + not yet ended, and
// the same of calls, hold after every commit.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::runtime {

std::string counter_name(std::initializer_list<std::string_view> parts);
std::vector<std::string_view> counter_parts(std::string_view name);

}  // namespace sojourn::runtime
