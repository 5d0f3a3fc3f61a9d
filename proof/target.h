// Which messages a proof counts.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/step.h"

namespace sojourn::graph {
struct Campaign;
struct Catalog;
struct Graph;
struct MessageType;
}  // namespace sojourn::graph

namespace sojourn::proof {

// Ordered as tables show them.
struct Target {
  enum class Kind : std::uint8_t { kAll, kMarketing, kMedium, kMessageType, kCampaign };
  Kind kind = Kind::kAll;
  std::string name;  // as the author writes it: `email`, `marketing`, a declared name
  friend auto operator<=>(const Target&, const Target&) = default;
};

// What `of NAME` means: a campaign, else a message type, else a medium or `marketing`.
std::optional<Target> find_target(const graph::Catalog& catalog, std::string_view name);
// Every name that find_target knows.
std::vector<std::string_view> target_names(const graph::Catalog& catalog);

// The sends of a journey with what the catalog says of them, looked up once.
class Messages {
 public:
  // Both must outlive it.
  Messages(const graph::Graph& graph, const graph::Catalog& catalog);

  // By step: is it a send that the target means? A campaign that is not declared is
  // counted among all, and by its own name.
  std::vector<bool> counted(const Target& target) const;
  // What the journey sends: all, each medium, each message type, each campaign that
  // occurs in it. In order.
  std::vector<Target> targets() const;

 private:
  struct Message {
    graph::StepIndex step = 0;
    const std::string* name = nullptr;
    const graph::Campaign* campaign = nullptr;  // null: not declared
    const graph::MessageType* type = nullptr;   // null: not declared
  };
  static bool means(const Target& target, const Message& message);

  std::size_t step_count_;
  std::vector<Message> messages_;
};

}  // namespace sojourn::proof
