#include "tests/durability/welcome_journey.h"

#include "tests/unit/engine/graph_builder.h"

namespace sojourn::durability {
namespace {

graph::Campaign email(const char* name, std::int64_t id, graph::DeliveryMode delivery) {
  return {.name = name,
          .id = id,
          .medium = graph::Medium::kEmail,
          .message_type = "onboarding",
          .delivery = delivery};
}

}  // namespace

graph::Catalog welcome_catalog() {
  using graph::DeliveryMode;
  using Kind = graph::Type::Kind;
  const graph::Type integer{.kind = Kind::kInteger, .optional = true};
  const graph::Type string{.kind = Kind::kString, .optional = true};
  graph::Catalog catalog;
  catalog.user_fields = {{"score", integer, {}}, {"stage", string, {}}};
  catalog.events = {{"signup", "signup", {}},
                    {"opened", "opened", {}},
                    {"unsubscribed", "unsubscribed", {}},
                    {"nudged", "nudged", {{"score", integer}}}};
  catalog.message_types = {{.name = "onboarding", .id = 1}};
  catalog.campaigns = {email("welcome", 101, DeliveryMode::kAtLeastOnce),
                       email("tips", 102, DeliveryMode::kAtLeastOnce),
                       email("last_call", 103, DeliveryMode::kAtMostOnce)};
  return catalog;
}

graph::Graph welcome_journey() {
  engine::test::GraphBuilder b;
  b.graph().journey = "welcome";
  b.exit_on("unsubscribed");
  const auto nudge = b.step("nudge", graph::Track{.event = "nudged",
                                                  .fields = b.object({{"score", b.user("score")}}),
                                                  .next = b.send("last_call")});
  const auto pause = b.wait("pause", engine::test::elapsed_hours(6), nudge);
  const graph::EventArm opened{.event = "opened", .since = graph::Since::kEntry, .next = pause};
  const auto opening = b.step(
      "opening",
      graph::WaitFor{.arms = {opened}, .up_to = base::hours(4), .timeout = b.send("tips", pause)});
  const auto stage = b.step(
      "stage",
      graph::UpdateUser{.fields = b.object({{"stage", b.text("welcomed")}}), .next = opening});
  return b.build(b.send("welcome", stage));
}

}  // namespace sojourn::durability
