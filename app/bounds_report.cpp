#include "app/bounds_report.h"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <string_view>

#include "graph/expression_text.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;
using proof::Count;
using proof::SendBounds;
using proof::Target;

std::string_view kind_text(Target::Kind kind) {
  switch (kind) {
    case Target::Kind::kAll:
      return "all";
    case Target::Kind::kMarketing:
      return "marketing";
    case Target::Kind::kMedium:
      return "medium";
    case Target::Kind::kMessageType:
      return "message_type";
    case Target::Kind::kCampaign:
      return "campaign";
  }
  return "";
}

std::string row_name(const Target& target) {
  if (target.kind == Target::Kind::kMessageType) return "type " + target.name;
  if (target.kind == Target::Kind::kCampaign) return "campaign " + target.name;
  return target.kind == Target::Kind::kAll ? "all" : target.name;
}

std::string count_text(const Count& count) {
  return count ? std::to_string(*count) : "unbounded";
}

std::string table(const std::vector<SendBounds>& sends) {
  constexpr std::string_view kHead = "messages";
  constexpr std::size_t kShortest = std::string_view("in 24 h").size();
  std::size_t name_width = kHead.size();
  std::size_t width = kShortest;
  for (const SendBounds& row : sends) {
    name_width = std::max(name_width, row_name(row.target).size());
    for (const Count& count : {row.in_all, row.per_day, row.per_week}) {
      width = std::max(width, count_text(count).size());
    }
  }
  const auto line = [&](std::string_view name, std::string_view a, std::string_view b,
                        std::string_view c) {
    return fmt::format("  {:<{}}  {:>{}}  {:>{}}  {:>{}}\n", name, name_width, a, width, b, width,
                       c, width);
  };
  std::string out = line(kHead, "in all", "in 24 h", "in 7 d");
  for (const SendBounds& row : sends) {
    out += line(row_name(row.target), count_text(row.in_all), count_text(row.per_day),
                count_text(row.per_week));
  }
  return out;
}

std::string one_per_text(const graph::Graph& graph) {
  std::string out;
  for (const graph::ExprId id : graph.one_per) {
    out += out.empty() ? "" : ", ";
    out += graph::to_string(graph, id);
  }
  return out;
}

std::string reentry_text(const graph::Reentry& rule) {
  if (rule.kind == graph::Reentry::Kind::kAlways) return "reenter always";
  return "reenter after " + graph::to_string(rule.after);
}

std::string enrollments_text(const graph::Graph& graph, const proof::Enrollments& count) {
  std::string restarts;
  if (count.in_a_row > 1) restarts = fmt::format(" and {} restarts of each", count.in_a_row - 1);
  if (count.once()) {
    return restarts.empty() ? "one enrollment, so no more than below"
                            : fmt::format("one enrollment{}, counted below", restarts);
  }
  if (count.in_all) return fmt::format("up to {} enrollments{}", *count.in_all, restarts);
  if (!graph.one_per.empty()) return "unbounded: one per " + one_per_text(graph);
  return "unbounded: " + reentry_text(graph.reentry);
}

const std::string* endless_step(const ProvedJourney& proved) {
  const graph::StepIndex step = proved.bounds.end.endless;
  const auto& steps = proved.journey->graph.steps;
  return step < steps.size() ? &steps[step].identity : nullptr;
}

std::string end_text(const ProvedJourney& proved) {
  const proof::LatestEnd& end = proved.bounds.end;
  if (end.at) return "ends within " + proof::length_text(*end.at);
  if (end.endless_queue) return "no proved end: the queue of `pace` may last for ever";
  const std::string* step = endless_step(proved);
  if (step == nullptr) return "no proved end: too many schedules stand inside each other";
  return fmt::format("no proved end: `{}` {}", *step,
                     end.endless_by_cycle ? "leads back to itself" : "may last for ever");
}

Json count_json(const Count& count) {
  return count ? Json(*count) : Json(nullptr);
}

Json sends_json(const std::vector<SendBounds>& sends) {
  Json out = Json::array();
  for (const SendBounds& row : sends) {
    out.push_back({{"kind", kind_text(row.target.kind)},
                   {"name", row.target.name},
                   {"in_all", count_json(row.in_all)},
                   {"in_24h", count_json(row.per_day)},
                   {"in_7d", count_json(row.per_week)}});
  }
  return out;
}

Json journey_json(const ProvedJourney& proved) {
  const graph::Graph& graph = proved.journey->graph;
  Json one_per = Json::array();
  for (const graph::ExprId id : graph.one_per) one_per.push_back(graph::to_string(graph, id));
  const auto& end = proved.bounds.end;
  const proof::Enrollments& count = proved.bounds.enrollments;
  const std::string* endless = endless_step(proved);
  return {{"journey", graph.journey},
          {"title", graph.title},
          {"ends_within_ms", end.at ? Json(end.at->count) : Json(nullptr)},
          {"endless_step", endless != nullptr ? Json(*endless) : Json(nullptr)},
          {"one_enrollment_per_user", count.once()},
          {"enrollments_of_one_user",
           {{"in_all", count_json(count.in_all)},
            {"in_24h", count_json(count.per_day)},
            {"in_7d", count_json(count.per_week)}}},
          {"restarts", count.in_a_row - 1},
          {"one_per", std::move(one_per)},
          {"asserts", proved.journey->asserts.size()},
          {"sends", sends_json(proved.bounds.sends)}};
}

}  // namespace

std::string journey_bounds_text(const ProvedJourney& proved) {
  const graph::Graph& graph = proved.journey->graph;
  std::string out = graph.journey;
  if (!graph.title.empty()) out += fmt::format(" \"{}\"", graph.title);
  out += "\n  " + end_text(proved) + "\n";
  out += "  one user: " + enrollments_text(graph, proved.bounds.enrollments) + "\n";
  const std::size_t asserts = proved.journey->asserts.size();
  if (asserts > 0) {
    out += fmt::format("  asserts: {}\n",
                       asserts == 1 ? "1, holds" : fmt::format("{}, all hold", asserts));
  }
  return out + "\n" + table(proved.bounds.sends);
}

std::string user_bounds_text(const std::vector<proof::SendBounds>& sends) {
  return "all journeys, one user\n\n" + table(sends);
}

std::string bounds_json(const std::vector<ProvedJourney>& journeys,
                        const std::vector<proof::SendBounds>* user) {
  Json all = Json::array();
  for (const ProvedJourney& proved : journeys) all.push_back(journey_json(proved));
  const Json out = {{"journeys", std::move(all)},
                    {"one_user", user != nullptr ? sends_json(*user) : Json(nullptr)}};
  return out.dump(2) + "\n";
}

}  // namespace sojourn::app
