// When messages leave: the questions of docs/language.md, in its order.
#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "base/check.h"
#include "graph/engagement.h"
#include "tests/oracle/moments.h"
#include "tests/oracle/person.h"
#include "tests/oracle/values.h"

namespace sojourn::oracle {
namespace {

using graph::Value;

constexpr base::Millis kDefaultDeadline = base::days24(3);
constexpr base::Millis kMinute = base::minutes(1);

const graph::Send& send_of(const graph::Graph& graph, graph::StepIndex step) {
  return std::get<graph::Send>(graph.steps[step].action);
}

graph::MessageKind kind_of_campaign(const graph::Catalog& catalog,
                                    const graph::Campaign& campaign) {
  return kind_of(campaign, *catalog.find_message_type(campaign.message_type));
}

bool has_address(const Person& person, graph::Medium medium) {
  const bool by_phone = medium == graph::Medium::kSms || medium == graph::Medium::kWhatsApp;
  return !by_phone || !person.field("phoneNumber").is_missing();
}

}  // namespace

// What the rules say: leave now, not yet, or not at all.
struct Person::Verdict {
  std::optional<base::Instant> until;
  std::optional<std::string> skip;
};

// By priority, then by when it was wanted, then by the journey's name.
void Person::deliver_all() {
  const auto goes_first = [&](const Planned& a, const Planned& b) {
    const graph::Graph& first = graph_of(enrolled_[a.enrolled]);
    const graph::Graph& second = graph_of(enrolled_[b.enrolled]);
    if (first.priority != second.priority) return first.priority > second.priority;
    if (a.wanted_at != b.wanted_at) return a.wanted_at < b.wanted_at;
    if (first.journey != second.journey) return first.journey < second.journey;
    return a.enrolled < b.enrolled;
  };
  while (true) {
    make_calls();
    auto first = planned_.end();
    for (auto it = planned_.begin(); it != planned_.end(); ++it) {
      if (it->due <= now_ && (first == planned_.end() || goes_first(*it, *first))) first = it;
    }
    if (first == planned_.end()) return;
    const Planned planned = *first;
    planned_.erase(first);
    deliver(planned);
    work_off();
  }
}

void Person::deliver(Planned planned) {
  // Who is to leave leaves before anything goes out.
  if (leave_by_rule(planned.enrolled, nullptr)) return;
  const Enrolled& enrolled = enrolled_[planned.enrolled];
  const graph::Send& send = send_of(graph_of(enrolled), planned.step);
  const graph::Campaign& campaign = *world_.catalog.find_campaign(send.campaign);
  std::optional<std::string> skip = reason_to_skip(planned);
  if (!skip) {
    const Verdict verdict = ask_rules(planned);
    if (verdict.until) {
      planned.due = *verdict.until;
      planned_.push_back(planned);
      return tell(enrolled.journey,
                  "put off " + send.campaign + " until " + base::to_iso8601(planned.due));
    }
    skip = verdict.skip;
  }
  if (skip) {
    tell(enrolled.journey, "skip " + send.campaign + " as " + *skip);
    const bool unreachable = *skip == "no_address" || *skip == "no_consent";
    return go(planned.enrolled, unreachable ? send.unreachable : send.next);
  }
  message_sent(planned, campaign);
  // What the message itself brought about may have ended it.
  if (enrolled_[planned.enrolled].exit || leave_by_rule(planned.enrolled, nullptr)) return;
  go(planned.enrolled, send.next);
}

std::optional<std::string> Person::reason_to_skip(const Planned& planned) const {
  const Enrolled& enrolled = enrolled_[planned.enrolled];
  const graph::Send& send = send_of(graph_of(enrolled), planned.step);
  const graph::Campaign& campaign = *world_.catalog.find_campaign(send.campaign);
  const graph::MessageType& type = *world_.catalog.find_message_type(campaign.message_type);
  const bool held_out_of_all =
      type.marketing &&
      std::ranges::any_of(
          world_.catalog.sending.holdouts, [&](const graph::GlobalHoldout& holdout) {
            return world_.place_of({}, holdout.name, Value(world_.user)) < holdout.share;
          });
  if (enrolled.held_out || held_out_of_all) return "holdout";
  if (!has_address(*this, campaign.medium)) return "no_address";
  if (!is_subscribed(type)) return "no_consent";
  if (!send.again && enrolled.campaigns_sent.contains(campaign.name)) return "repeated";
  const bool was_sent = std::ranges::any_of(
      sent_, [&](const SentMessage& sent) { return sent.campaign->name == campaign.name; });
  if (campaign.once && was_sent) return "once";
  if (now_ > last_moment(planned)) return "late";
  return std::nullopt;
}

// The last instant of `within`, the one before `before`, and T of the rungs before it in
// which the message stands.
base::Instant Person::last_moment(const Planned& planned) const {
  const Enrolled& enrolled = enrolled_[planned.enrolled];
  const graph::Graph& graph = graph_of(enrolled);
  const graph::Send& send = send_of(graph, planned.step);
  const Asker asks = asker(enrolled);
  base::Instant last = planned.wanted_at + send.deadline.value_or(kDefaultDeadline);
  const auto not_after = [&](graph::ExprId time) {
    const Value value = answer(asks, time);
    if (value.kind() == Value::Kind::kTimestamp) last = std::min(last, value.as_timestamp());
    if (value.kind() == Value::Kind::kDate) {
      const calendar::Zone& zone = zone_of(asks, graph.zone_chain);
      last = std::min(last, zone.to_instant({value.as_date().days, 0}));
    }
  };
  if (send.before != graph::kNoExpr) {
    const Value time = answer(asks, send.before);
    if (!time.is_missing()) last = std::min(last, time.as_timestamp() - base::Millis{1});
  }
  for (const OpenSchedule& open : enrolled.schedules) {
    const auto& schedule = std::get<graph::Schedule>(graph.steps[open.step].action);
    if (open.running && schedule.rungs[*open.running].before) {
      not_after(schedule.around);
    }
  }
  return last;
}

// What holds the message back at an instant, for how long, and how long it may.
struct Person::Hold {
  base::Instant until;
  const char* reason = "";
  base::Instant limit;
};

std::optional<Person::Hold> Person::held_back(const Planned& planned, base::Instant at) const {
  const Enrolled& enrolled = enrolled_[planned.enrolled];
  const graph::Graph& graph = graph_of(enrolled);
  const graph::Campaign& campaign =
      *world_.catalog.find_campaign(send_of(graph, planned.step).campaign);
  const graph::MessageKind kind = kind_of_campaign(world_.catalog, campaign);
  for (const graph::SendCap& cap : world_.catalog.sending.caps) {
    if (!covers(cap.scope, kind)) continue;
    const base::Instant room = has_room(cap, at);
    if (room > at) return Hold{room, "capped", planned.wanted_at + cap.defer_up_to};
  }
  const calendar::Zone& zone = own_zone(enrolled);
  for (const graph::QuietHours& quiet : quiet_about(planned)) {
    if (!is_quiet(quiet, zone, at)) continue;
    // From minute to minute: nothing in a quiet line is finer.
    base::Instant end{(at.millis / kMinute.count + 1) * kMinute.count};
    while (is_quiet(quiet, zone, end) && end < at + base::days24(30)) end = end + kMinute;
    return Hold{end, "quiet", planned.wanted_at + quiet.defer_up_to};
  }
  return std::nullopt;
}

std::vector<graph::QuietHours> Person::quiet_about(const Planned& planned) const {
  const graph::Graph& graph = graph_of(enrolled_[planned.enrolled]);
  const graph::MessageKind kind = kind_of_campaign(
      world_.catalog, *world_.catalog.find_campaign(send_of(graph, planned.step).campaign));
  std::vector<graph::QuietHours> lines = world_.catalog.sending.quiet;
  if (graph.quiet) lines.push_back(*graph.quiet);
  std::erase_if(lines, [&](const graph::QuietHours& line) { return !covers(line.scope, kind); });
  return lines;
}

// The first instant at which so many sends are no longer too many for one more.
base::Instant Person::has_room(const graph::SendCap& cap, base::Instant at) const {
  for (bool has_room = false; !has_room;) {
    has_room = true;
    for (const graph::CapRate& rate : cap.rates) {
      std::vector<base::Instant> counted;
      for (const SentMessage& sent : sent_) {
        const bool counts = covers(cap.scope, kind_of_campaign(world_.catalog, *sent.campaign));
        if (counts && sent.at > at - rate.per) counted.push_back(sent.at);
      }
      if (counted.size() < rate.most) continue;
      at = counted[counted.size() - rate.most] + rate.per;
      has_room = false;
    }
  }
  return at;
}

// `at best time` comes first. Then the first instant at which every rule lets it go, unless a rule
// would hold it for longer than it may, or for longer than the message is in time.
Person::Verdict Person::ask_rules(const Planned& planned) const {
  const graph::Send& send = send_of(graph_of(enrolled_[planned.enrolled]), planned.step);
  if (send.best_time) {
    const base::Instant best = best_time(planned, *send.best_time);
    if (best > now_) return {best, std::nullopt};
  }
  const base::Instant last = last_moment(planned);
  base::Instant at = now_;
  while (const auto hold = held_back(planned, at)) {
    const bool too_long = hold->until > hold->limit;
    const bool late = hold->until > last;
    if (too_long && (!late || hold->limit <= last)) return {std::nullopt, hold->reason};
    if (late) return {std::nullopt, "late"};
    at = hold->until;
  }
  return at == now_ ? Verdict{} : Verdict{at, std::nullopt};
}

// The provider takes it at once, and it is received at once.
void Person::message_sent(const Planned& planned, const graph::Campaign& campaign) {
  Enrolled& enrolled = enrolled_[planned.enrolled];
  const graph::Graph& graph = graph_of(enrolled);
  const graph::Send& send = send_of(graph, planned.step);
  const Fields data = fields_of(asker(enrolled), send.data);
  tell(enrolled.journey, "send " + campaign.name + " " + text_of_message(data));
  enrolled.campaigns_sent.insert(campaign.name);
  const std::string message = fmt::format("message {}", sent_.size());
  sent_.push_back({&campaign, now_, message, enrolled.number});
  Event event = make_event(graph::event_of(graph::Engagement::kSent).name, {});
  event.fields = {{std::string(graph::kCampaignField), Value(campaign.name)},
                  {std::string(graph::kMessageTypeField), Value(campaign.message_type)},
                  {std::string(graph::kMediumField), Value(to_string(campaign.medium))},
                  {std::string(graph::kMessageField), Value(message)},
                  {std::string(graph::kJourneyField), Value(graph.journey)},
                  {std::string(graph::kEnrollmentField), Value(enrolled.number)},
                  {std::string(graph::kStepField), Value(graph.steps[planned.step].identity)}};
  happen(event);
  work_off();
  engage(graph::Engagement::kReceived, campaign.name);
  work_off();
}

}  // namespace sojourn::oracle
