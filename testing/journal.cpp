#include "testing/journal.h"

#include <utility>
#include <variant>

#include "graph/engagement.h"
#include "graph/expression_text.h"

namespace sojourn::testing {

using Kind = Occurrence::Kind;

Occurrence& JournalKeeper::record(Kind kind, JourneyIndex journey) {
  Occurrence& occurrence = journal_.emplace_back();
  occurrence.kind = kind;
  occurrence.at = world_.now;
  occurrence.journey = journey;
  occurrence.of_other_user = is_other_user_;
  return occurrence;
}

void JournalKeeper::entered(Seat seat, const engine::EventFact& event) {
  record(Kind::kEntered, seat.journey).subject = graph::told(event.name);
}

void JournalKeeper::entry_updated(Seat seat, const engine::EventFact& event) {
  record(Kind::kEntryUpdated, seat.journey).subject = graph::told(event.name);
}

void JournalKeeper::refused(JourneyIndex journey, const engine::EventFact& event,
                            std::string_view rule) {
  Occurrence& refused = record(Kind::kRefused, journey);
  refused.subject = graph::told(event.name);
  refused.detail = rule;
}

void JournalKeeper::queued(Seat seat) {
  record(Kind::kRests, seat.journey).subject = "the queue of `pace`";
}

void JournalKeeper::met_goal(Seat seat, const engine::GoalMet& met) {
  Occurrence& goal = record(Kind::kGoal, seat.journey);
  goal.subject = world_.program.journeys()[seat.journey].graph().goals[met.goal].name;
  if (!met.value.is_missing()) goal.detail = graph::to_string(met.value);
}

void JournalKeeper::deferred(Seat seat, graph::StepIndex /*step*/, const std::string& campaign,
                             const engine::SendDeferred& deferred) {
  Occurrence& defer = record(Kind::kDefer, seat.journey);
  defer.subject = campaign;
  defer.detail = deferred.reason;
  defer.until = deferred.until;
}

void JournalKeeper::turned(Seat seat, const std::vector<engine::Effect>& effects,
                           graph::StepIndex at) {
  if (seat.index >= trails_.size()) trails_.resize(seat.index + 1);
  coverage_.follow(seat.journey, trails_[seat.index], effects, at);
}

void JournalKeeper::noted(Seat seat, const engine::Note& note) {
  switch (note.kind) {
    case engine::Note::Kind::kReached:
      return;
    case engine::Note::Kind::kBranch: {
      Occurrence& way = record(Kind::kWay, seat.journey);
      way.subject = world_.program.step(seat.journey, note.step).identity;
      way.detail = note.text;
      return;
    }
    case engine::Note::Kind::kRungBegun:
    case engine::Note::Kind::kRungSkipped:
      return record_rung(seat, note);
    case engine::Note::Kind::kExited:
      record(Kind::kExited, seat.journey).detail = note.text;
      return;
  }
}

void JournalKeeper::record_rung(Seat seat, const engine::Note& note) {
  const bool skipped = note.kind == engine::Note::Kind::kRungSkipped;
  const graph::Step& step = world_.program.step(seat.journey, note.step);
  const graph::Rung& rung = std::get<graph::Schedule>(step.action).rungs[note.number];
  Occurrence& way = record(skipped ? Kind::kRungSkipped : Kind::kWay, seat.journey);
  way.subject = step.identity;
  way.detail = to_string(rung.offset) + (rung.before ? " before" : " after");
}

void JournalKeeper::wrote(Seat seat, const Fields& fields) {
  record(Kind::kUpdate, seat.journey).fields = fields;
}

void JournalKeeper::changed_list(Seat seat, const engine::ChangeList& change) {
  record(Kind::kMembership, seat.journey).subject =
      (change.joins ? "add to list " : "remove from list ") + change.list;
}

void JournalKeeper::changed_subscription(Seat seat, const engine::ChangeSubscription& change) {
  Occurrence& occurrence = record(Kind::kMembership, seat.journey);
  occurrence.subject =
      (change.subscribes ? "subscribe to " : "unsubscribe from ") + change.message_type;
  const graph::MessageType& type = world_.program.message_type(change.message_type);
  if (change.subscribes && graph::is_asked_first(type)) occurrence.detail = "they are asked first";
}

void JournalKeeper::tracked(Seat seat, const engine::TrackEvent& event, bool fed_back) {
  Occurrence& occurrence = record(Kind::kTrack, seat.journey);
  occurrence.subject = event.event;
  occurrence.fields = event.fields;
  if (!fed_back) occurrence.detail = "not fed back: one input caused too many events";
}

void JournalKeeper::called(Seat seat, const engine::CallWebhook& call) {
  Occurrence& occurrence = record(Kind::kCall, seat.journey);
  occurrence.subject = call.webhook;
  occurrence.fields = call.fields;
}

void JournalKeeper::started(Seat seat, const engine::StartJourney& start, bool carried_out) {
  Occurrence& occurrence = record(Kind::kStart, seat.journey);
  occurrence.subject = start.journey;
  occurrence.fields = start.fields;
  if (!carried_out) occurrence.detail = "not carried out: one input caused too many events";
}

void JournalKeeper::came_back(const engine::EventFact& event) {
  Occurrence& occurrence = record(Kind::kEvent, Occurrence::kNoJourney);
  occurrence.subject = graph::told(event.name);
  occurrence.detail = "tracked";
  occurrence.fields = event.fields;
}

void JournalKeeper::rests(Seat seat, graph::StepIndex step) {
  record(Kind::kRests, seat.journey).subject = world_.program.step(seat.journey, step).identity;
}

void JournalKeeper::sent(Seat seat, graph::StepIndex /*step*/, const std::string& campaign,
                         Fields data) {
  Occurrence& sent = record(Kind::kSend, seat.journey);
  sent.subject = campaign;
  sent.fields = std::move(data);
}

void JournalKeeper::skipped(Seat seat, graph::StepIndex /*step*/, const std::string& campaign,
                            const std::string& reason) {
  Occurrence& skip = record(Kind::kSkip, seat.journey);
  skip.subject = campaign;
  skip.detail = reason;
}

}  // namespace sojourn::testing
