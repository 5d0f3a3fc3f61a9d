#include "simulate/tally.h"

#include <variant>

namespace sojourn::simulate {
namespace {

using Count = Tally::Count;

void add_each(std::vector<Count>& to, const std::vector<Count>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

void add_each(std::map<std::string, Count, std::less<>>& to,
              const std::map<std::string, Count, std::less<>>& from) {
  for (const auto& [key, count] : from) to[key] += count;
}

void add_each(std::unordered_set<std::uint64_t>& to,
              const std::unordered_set<std::uint64_t>& from) {
  to.insert(from.begin(), from.end());
}

template <typename Counts>
void add_each(std::vector<Counts>& to, const std::vector<Counts>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) add_each(to[i], from[i]);
}

}  // namespace

Tally::Tally(const graph::Graph& graph, std::size_t days)
    : reached(graph.steps.size()),
      inside(graph.steps.size()),
      arms(graph.steps.size()),
      units(graph.steps.size()),
      goals(graph.goals.size()),
      planned(graph.steps.size()),
      sent(graph.steps.size()),
      skipped(graph.steps.size()) {
  for (std::size_t step = 0; step < graph.steps.size(); ++step) {
    const auto& action = graph.steps[step].action;
    if (const auto* split = std::get_if<graph::Split>(&action)) {
      arms[step].resize(split->arms.size());
      units[step].resize(split->arms.size());
    }
    if (std::holds_alternative<graph::Send>(action)) sent[step].resize(days);
  }
}

void Tally::add(const Tally& other) {
  users += other.users;
  never_entered += other.never_entered;
  entered += other.entered;
  add_each(reached, other.reached);
  add_each(inside, other.inside);
  add_each(arms, other.arms);
  add_each(units, other.units);
  add_each(exits, other.exits);
  stays.insert(stays.end(), other.stays.begin(), other.stays.end());
  add_each(goals, other.goals);
  add_each(planned, other.planned);
  add_each(sent, other.sent);
  add_each(skipped, other.skipped);
}

}  // namespace sojourn::simulate
