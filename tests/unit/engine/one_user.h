// One user going through one graph, as a test tells it: what happens and when,
// and what the engine asked for, as text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "calendar/zone.h"
#include "engine/advance.h"
#include "graph/graph.h"

namespace sojourn::engine::test {

// "2026-03-01T09:00Z".
base::Instant instant(std::string_view text);

class TestProfile final : public ProfileView {
 public:
  const graph::Value& field(std::string_view name) const override;
  graph::Value cleared(std::string_view name) const override;
  std::map<std::string, graph::Value, std::less<>> fields;
  std::map<std::string, graph::Value, std::less<>> fallbacks;
};

// Europe/Berlin and America/New_York in 2026, Asia/Tokyo and UTC.
class TestZones final : public calendar::ZoneSource {
 public:
  TestZones();
  const calendar::Zone* find(std::string_view name) override;
  std::string_view tz_version() const override { return version; }
  // New rules for a zone, by a new edition.
  void replace(calendar::Zone zone, std::string new_version);
  std::string version = "2026a";

 private:
  std::vector<calendar::Zone> zones_;
};

class OneUser {
 public:
  explicit OneUser(graph::Graph graph);

  TestProfile profile;
  TestZones zones;
  std::vector<EventFact> history;
  base::Instant now = instant("2026-03-01T09:00Z");
  std::optional<Enrollment> enrollment;
  std::uint64_t id = 7;

  const MembershipView* memberships = nullptr;

  std::vector<AssignedArm> decided;
  bool counted_before = false;
  FrozenClock clock;

  Facts facts() {
    return {.profile = profile,
            .history = history,
            .zones = zones,
            .memberships = memberships,
            .decided = decided,
            .counted_before = counted_before,
            .clock = clock};
  }
  const graph::Graph& graph() const { return graph_; }

  void at(std::string_view text) { now = instant(text); }
  // Put into the history, without an input. Happened at `created_at`, else now.
  const EventFact& add_event(std::string name, std::vector<graph::Field> fields = {},
                             std::optional<base::Instant> created_at = std::nullopt);
  void enters(std::vector<graph::Field> fields = {});
  void event(std::string name, std::vector<graph::Field> fields = {},
             std::optional<base::Instant> created_at = std::nullopt);
  // A missing value removes the field.
  void change(std::string field, graph::Value value);
  void wakes();
  // Time passes; every timer that comes due is dealt with at its time.
  void passes_until(std::string_view text);
  void delivered(DeliveryEnded::Result result = DeliveryEnded::Result::kAccepted);
  void take(const Input& input);

  // The identity of the resting place, or "ended: REASON".
  std::string place() const;
  // The next timer, as "2026-03-01T09:00:00Z", or "none".
  std::string due() const;
  // The effects since last asked, without notes of steps reached, as
  // "send welcome 1; cancel welcome 1; update plan_step 1; track bought 1;
  // split ci; skip rung 2; exit converted".
  std::string effects();
  // The steps reached since the user entered, in order.
  std::vector<std::string> path() const { return path_; }
  SendDecision decides(const SendPolicy& policy = {});
  const std::vector<Effect>& last_effects() const { return last_; }

 private:
  void keep(Advanced advanced);

  graph::Graph graph_;
  std::string log_;
  std::vector<std::string> path_;
  std::vector<Effect> last_;
};

}  // namespace sojourn::engine::test
