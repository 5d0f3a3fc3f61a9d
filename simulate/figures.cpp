#include "simulate/figures.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_set>
#include <utility>
#include <variant>

#include "graph/value.h"
#include "graph/walk.h"

namespace sojourn::simulate {
namespace {

constexpr std::int64_t kDay = base::days24(1).count;

template <typename Counts>
std::vector<Reason> reasons_of(const Counts& counts) {
  std::vector<Reason> reasons;
  for (const auto& [name, count] : counts) reasons.push_back({name, count});
  std::ranges::stable_sort(reasons, std::ranges::greater{}, &Reason::count);
  return reasons;
}

void add_days(std::vector<Count>& to, const std::vector<Count>& from) {
  to.resize(std::max(to.size(), from.size()));
  for (std::size_t day = 0; day < from.size(); ++day) to[day] += from[day];
}

// The value below which so many percent lie; of a sorted list that is not empty.
base::Millis percentile(const std::vector<base::Millis>& sorted, std::size_t percent) {
  return sorted[(sorted.size() - 1) * percent / 100];
}

std::optional<StayFigures> stay_of(std::vector<base::Millis> stays) {
  if (stays.empty()) return std::nullopt;
  std::ranges::sort(stays);
  StayFigures out{percentile(stays, 50), percentile(stays, 90), stays.back(), {}};
  out.by_day.resize(static_cast<std::size_t>(out.longest.count / kDay) + 1);
  for (const base::Millis stay : stays) ++out.by_day[static_cast<std::size_t>(stay.count / kDay)];
  return out;
}

class Maker {
 public:
  Maker(const graph::Graph& graph, const graph::Catalog& catalog, const Tally& tally)
      : graph_(graph), catalog_(catalog), tally_(tally) {}

  void add_messages(Figures& out) const {
    using Reasons = std::map<std::string, Count>;
    std::map<std::string, std::pair<CampaignFigures, Reasons>> campaigns;
    Reasons all_skipped;
    for (std::size_t step = 0; step < graph_.steps.size(); ++step) {
      const auto* send = std::get_if<graph::Send>(&graph_.steps[step].action);
      if (send == nullptr) continue;
      auto& [campaign, skipped] = campaigns[send->campaign];
      campaign.planned += tally_.planned[step];
      add_days(campaign.per_day, tally_.sent[step]);
      for (const auto& [reason, count] : tally_.skipped[step]) {
        skipped[reason] += count;
        all_skipped[reason] += count;
      }
    }
    std::map<graph::Medium, std::vector<Count>> media;
    for (auto& [name, parts] : campaigns) {
      auto& [campaign, skipped] = parts;
      campaign.campaign = name;
      const graph::Campaign* declared = catalog_.find_campaign(name);
      if (declared != nullptr) campaign.medium = declared->medium;
      campaign.sent = sum(campaign.per_day);
      campaign.skipped = reasons_of(skipped);
      add_days(media[campaign.medium], campaign.per_day);
      add_days(out.per_day, campaign.per_day);
      out.planned += campaign.planned;
      out.campaigns.push_back(std::move(campaign));
    }
    for (auto& [medium, per_day] : media) out.media.push_back({medium, std::move(per_day)});
    out.sent = sum(out.per_day);
    out.skipped = reasons_of(all_skipped);
    out.waiting = out.planned - out.sent - sum(out.skipped);
  }

  void add_steps(Figures& out) const {
    for (std::size_t i = 0; i < graph_.steps.size(); ++i) {
      const graph::Step& step = graph_.steps[i];
      out.steps.push_back(
          {step.identity, std::string(graph::kind_of(step)), tally_.reached[i], tally_.inside[i]});
      const auto* split = std::get_if<graph::Split>(&step.action);
      if (split != nullptr) {
        out.splits.push_back(split_of(*split, tally_.arms[i], tally_.units[i]));
      }
    }
    out.inside = sum(tally_.inside);
  }

 private:
  using Units = std::vector<std::unordered_set<std::uint64_t>>;

  static SplitFigures split_of(const graph::Split& split, const std::vector<Count>& counts,
                               const Units& units) {
    constexpr double kWhole = 10'000;  // SplitArm::share
    SplitFigures out;
    out.split = split.name;
    if (split.measure && split.unit != graph::kNoExpr) out.units = 0;
    std::vector<double> observed;
    std::vector<double> shares;
    for (std::size_t i = 0; i < split.arms.size(); ++i) {
      const graph::SplitArm& arm = split.arms[i];
      out.arms.push_back({arm.name, arm.share / kWhole, counts[i]});
      const Count drawn = out.units ? units[i].size() : counts[i];
      if (out.units) *out.units += drawn;
      observed.push_back(static_cast<double>(drawn));
      shares.push_back(out.arms.back().share);
    }
    out.balance = chi_square(observed, shares);
    return out;
  }

  const graph::Graph& graph_;
  const graph::Catalog& catalog_;
  const Tally& tally_;
};

}  // namespace

Count CampaignFigures::waiting() const {
  return planned - sent - sum(skipped);
}

Count sum(const std::vector<Count>& counts) {
  return std::accumulate(counts.begin(), counts.end(), Count{0});
}

Count sum(const std::vector<Reason>& reasons) {
  return std::accumulate(reasons.begin(), reasons.end(), Count{0},
                         [](Count total, const Reason& reason) { return total + reason.count; });
}

std::string date_of_day(base::Instant start, std::size_t day) {
  const std::int64_t days = start.millis / kDay + static_cast<std::int64_t>(day);
  return graph::to_string(graph::Date{static_cast<std::int32_t>(days)});
}

Figures figures_of(const graph::Graph& graph, const graph::Catalog& catalog, const Request& request,
                   Tally tally) {
  Figures out;
  out.journey = graph.journey;
  out.title = graph.title;
  out.request = request;
  out.never_entered = tally.never_entered;
  out.entered = tally.entered;
  out.exits = reasons_of(tally.exits);
  for (std::size_t i = 0; i < graph.goals.size(); ++i) {
    out.goals.push_back({graph.goals[i].name, tally.goals[i]});
  }
  const Maker maker(graph, catalog, tally);
  maker.add_messages(out);
  maker.add_steps(out);
  out.stay = stay_of(std::move(tally.stays));
  return out;
}

}  // namespace sojourn::simulate
