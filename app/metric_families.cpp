#include "app/metric_families.h"

#include <array>

namespace sojourn::app {
namespace {

constexpr std::string_view kCounter = "counter";
constexpr std::string_view kGauge = "gauge";

constexpr auto kFamilies = std::to_array<MetricFamily>({
    {"entered", "sojourn_enrollments_entered_total", kCounter, "journey", "enrollments begun"},
    {"refused", "sojourn_entries_refused_total", kCounter, "journey,rule",
     "entries that were not taken, by the rule that refused"},
    {"inside", "sojourn_enrollments_inside", kGauge, "journey,version,step",
     "people who rest at a step"},
    {"reached", "sojourn_steps_reached_total", kCounter, "journey,step",
     "times that a step was reached"},
    {"exited", "sojourn_enrollments_exited_total", kCounter, "journey,reason", "enrollments ended"},
    {"planned", "sojourn_messages_planned_total", kCounter, "journey,campaign",
     "messages that a step wanted"},
    {"accepted", "sojourn_messages_accepted_total", kCounter, "journey,campaign",
     "messages that Iterable took"},
    {"skipped", "sojourn_messages_skipped_total", kCounter, "journey,campaign,reason",
     "messages that ended unsent"},
    {"deferred", "sojourn_messages_deferred_total", kCounter, "journey,campaign,reason",
     "times that a message was put off by a rule of sending"},
    {"measured", "sojourn_split_people", kGauge, "journey,split,arm",
     "people who are counted for a measured split"},
    {"measure_met", "sojourn_split_successes", kGauge, "journey,split,arm",
     "those of them who met the measure"},
    {"decided", "sojourn_split_decided", kGauge, "journey,split,arm", "1: the arm has won"},
    {"unbalanced", "sojourn_split_unbalanced", kGauge, "journey,split",
     "1: people were not shared out as the split says"},
    {"operation", "sojourn_journey_operation", kGauge, "journey,state",
     "1: an operator has paused, frozen, drained or stopped the journey"},
    {"held_back", "sojourn_journey_held_back", kGauge, "journey",
     "timers and deliveries of a paused journey that wait for it to go on"},
    {"in_doubt", "sojourn_attempts_in_doubt_total", kCounter, "endpoint",
     "attempts whose answer never came"},
    {"parked", "sojourn_deliveries_parked", kGauge, "endpoint",
     "messages in doubt that wait for a look-up"},
    {"look_ups", "sojourn_look_ups_total", kCounter, "endpoint,result",
     "look-ups of messages in doubt, and what they said"},
    {"may_be_doubled", "sojourn_may_be_doubled_total", kCounter, "endpoint",
     "messages sent again although they may have arrived"},
    {"events", "sojourn_events_total", kCounter, "event", "events taken"},
    {"fan_outs", "sojourn_fan_outs_total", kCounter, "event,outcome", "events for many users"},
    {"fan_out_users", "sojourn_fan_out_users_total", kCounter, "event", "users whom they were for"},
    {"updates", "sojourn_profile_updates_sent_total", kCounter, "outcome",
     "profile updates to Iterable that ended"},
    {"tracks", "sojourn_events_sent_total", kCounter, "outcome", "events to Iterable that ended"},
    {"list_changes", "sojourn_list_changes_sent_total", kCounter, "outcome",
     "changes of lists at Iterable that ended"},
    {"subscription_changes", "sojourn_subscription_changes_sent_total", kCounter, "outcome",
     "changes of subscriptions at Iterable that ended"},
    {"forwards", "sojourn_forwards_total", kCounter, "outcome",
     "requests of senders, and opt-outs of tombstones, that went on to Iterable, and how they "
     "ended"},
    {"forwards_waiting", "sojourn_forwards_waiting", kGauge, "",
     "requests of senders that were answered and have not left for Iterable"},
    {"calls", "sojourn_webhook_calls_total", kCounter, "webhook,outcome",
     "calls that steps wanted, and how they ended"},
    {"notices", "sojourn_notices_total", kCounter, "event,result",
     "what Iterable told by its system webhooks, and what became of it"},
    {"suppressed", "sojourn_suppressed_total", kCounter, "medium,reason",
     "times that somebody was found to be out of reach of a medium"},
    {"not_sent", "sojourn_not_sent_total", kCounter, "reason",
     "messages that Iterable took and then did not send"},
    {"tombstones_kept", "sojourn_tombstones_kept_total", kCounter, "",
     "people of whom consent was told before anything else"},
    {"tombstones_applied", "sojourn_tombstones_applied_total", kCounter, "",
     "those of them who have appeared"},
    {"tombstones_waiting", "sojourn_tombstones_waiting", kGauge, "",
     "those of them who have not appeared yet"},
    {"merges", "sojourn_merges_total", kCounter, "", "users who turned out to be others"},
    {"users_erased", "sojourn_users_erased_total", kCounter, "", "people who were erased"},
    {"erasures_to_wash", "sojourn_erasures_to_wash", kGauge, "",
     "what was erased and may still be in free space of the store's files"},
    {"erasures_in_ledger", "sojourn_erasures_in_ledger", kGauge, "",
     "lines of the ledger of erasures that the store has seen"},
    {"dead_letters_kept", "sojourn_dead_letters", kGauge, "",
     "deliveries that ended unsent and can be sent again"},
    {"dead_letters_gone", "sojourn_dead_letters_gone_total", kCounter, "how",
     "those that are not kept any more"},
    {"repeated_events", "sojourn_repeated_events_total", kCounter, "",
     "events recognised by their id and left out"},
    {"undeclared_events", "sojourn_undeclared_events_total", kCounter, "",
     "events that no journey declares"},
    {"profile_updates", "sojourn_profile_updates_total", kCounter, "", "profile updates taken"},
});

}  // namespace

std::span<const MetricFamily> metric_families() {
  return kFamilies;
}

}  // namespace sojourn::app
