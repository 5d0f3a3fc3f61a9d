// The journal of a test: what happens to its people, as occurrences in one list, and
// what it reaches of the journeys. Owned by a World, on its thread.
#pragma once

#include <vector>

#include "testing/coverage.h"
#include "testing/occurrence.h"
#include "testing/person.h"
#include "testing/watcher.h"

namespace sojourn::testing {

// Writes for one person. What is passed in outlives it.
class JournalKeeper final : public Watcher {
 public:
  JournalKeeper(const WorldContext& world, std::vector<Occurrence>& journal, Coverage& coverage,
                bool is_other_user)
      : world_(world), journal_(journal), coverage_(coverage), is_other_user_(is_other_user) {}

  void entered(Seat seat, const engine::EventFact& event) override;
  void entry_updated(Seat seat, const engine::EventFact& event) override;
  void refused(JourneyIndex journey, const engine::EventFact& event,
               std::string_view rule) override;
  void queued(Seat seat) override;
  void met_goal(Seat seat, const engine::GoalMet& met) override;
  void deferred(Seat seat, graph::StepIndex step, const std::string& campaign,
                const engine::SendDeferred& deferred) override;
  void turned(Seat seat, const std::vector<engine::Effect>& effects, graph::StepIndex at) override;
  void noted(Seat seat, const engine::Note& note) override;
  void wrote(Seat seat, const Fields& fields) override;
  void changed_list(Seat seat, const engine::ChangeList& change) override;
  void changed_subscription(Seat seat, const engine::ChangeSubscription& change) override;
  void tracked(Seat seat, const engine::TrackEvent& event, bool fed_back) override;
  void called(Seat seat, const engine::CallWebhook& call) override;
  void started(Seat seat, const engine::StartJourney& start, bool carried_out) override;
  void came_back(const engine::EventFact& event) override;
  void rests(Seat seat, graph::StepIndex step) override;
  void sent(Seat seat, graph::StepIndex step, const std::string& campaign, Fields data) override;
  void skipped(Seat seat, graph::StepIndex step, const std::string& campaign,
               const std::string& reason) override;

 private:
  Occurrence& record(Occurrence::Kind kind, JourneyIndex journey);
  void record_rung(Seat seat, const engine::Note& note);

  const WorldContext& world_;
  std::vector<Occurrence>& journal_;
  Coverage& coverage_;
  bool is_other_user_;
  std::vector<Trail> trails_;  // by seat
};

}  // namespace sojourn::testing
