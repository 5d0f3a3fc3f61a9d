#include <nlohmann/json.hpp>

#include "simulate/report.h"

namespace sojourn::simulate {
namespace {

using Json = nlohmann::ordered_json;

Json reasons_json(const std::vector<Reason>& reasons) {
  Json out = Json::object();
  for (const Reason& reason : reasons) out[reason.name] = reason.count;
  return out;
}

Json messages_json(const Figures& figures) {
  Json campaigns = Json::array();
  for (const CampaignFigures& campaign : figures.campaigns) {
    campaigns.push_back({{"campaign", campaign.campaign},
                         {"medium", graph::to_string(campaign.medium)},
                         {"planned", campaign.planned},
                         {"sent", campaign.sent},
                         {"waiting", campaign.waiting()},
                         {"skipped", reasons_json(campaign.skipped)},
                         {"per_day", campaign.per_day}});
  }
  Json media = Json::array();
  for (const MediumFigures& medium : figures.media) {
    media.push_back({{"medium", graph::to_string(medium.medium)},
                     {"sent", sum(medium.per_day)},
                     {"per_day", medium.per_day}});
  }
  return {{"planned", figures.planned},       {"sent", figures.sent},
          {"waiting", figures.waiting},       {"skipped", reasons_json(figures.skipped)},
          {"per_day", figures.per_day},       {"media", std::move(media)},
          {"campaigns", std::move(campaigns)}};
}

Json steps_json(const Figures& figures) {
  Json out = Json::array();
  for (const StepFigures& step : figures.steps) {
    out.push_back({{"step", step.step},
                   {"kind", step.kind},
                   {"reached", step.reached},
                   {"inside", step.inside}});
  }
  return out;
}

Json splits_json(const Figures& figures) {
  Json out = Json::array();
  for (const SplitFigures& split : figures.splits) {
    Json arms = Json::array();
    for (const SplitFigures::Arm& arm : split.arms) {
      arms.push_back({{"arm", arm.name}, {"share", arm.share}, {"people", arm.count}});
    }
    out.push_back({{"split", split.split},
                   {"arms", std::move(arms)},
                   {"units", split.units ? Json(*split.units) : Json()},
                   {"chi_square", split.balance.statistic},
                   {"degrees_of_freedom", split.balance.degrees},
                   {"p", split.balance.p},
                   {"as_expected", split.is_balanced()}});
  }
  return out;
}

Json stay_json(const Figures& figures) {
  if (!figures.stay) return nullptr;
  return {{"median_ms", figures.stay->median.count},
          {"p90_ms", figures.stay->p90.count},
          {"longest_ms", figures.stay->longest.count},
          {"by_day", figures.stay->by_day}};
}

}  // namespace

std::string render_json(const Figures& figures) {
  const Request& request = figures.request;
  const Json out = {{"journey", figures.journey},
                    {"title", figures.title},
                    {"users", request.users},
                    {"seed", request.seed},
                    {"days", request.days},
                    {"start", base::to_iso8601(request.start)},
                    {"never_entered", figures.never_entered},
                    {"entered", figures.entered},
                    {"inside", figures.inside},
                    {"exits", reasons_json(figures.exits)},
                    {"goals", reasons_json(figures.goals)},
                    {"stay", stay_json(figures)},
                    {"messages", messages_json(figures)},
                    {"splits", splits_json(figures)},
                    {"steps", steps_json(figures)}};
  return out.dump(2) + "\n";
}

}  // namespace sojourn::simulate
