#include <fmt/core.h>

#include "simulate/report.h"
#include "simulate/text_table.h"

namespace sojourn::simulate {
namespace {

// As many columns of campaigns as a terminal holds beside the others.
constexpr std::size_t kMostCampaignColumns = 6;

std::string head(const Figures& figures) {
  const Request& request = figures.request;
  std::string out = figures.journey;
  if (!figures.title.empty()) out += fmt::format(" \"{}\"", figures.title);
  return out + fmt::format("\n  {} users, {} days from {}, seed {}\n", grouped(request.users),
                           request.days, date_of_day(request.start, 0), request.seed);
}

std::string people(const Figures& figures) {
  TextTable table({"people", "", ""});
  const auto add = [&](std::string what, Count count, Count whole) {
    table.add({std::move(what), grouped(count), percent_text(count, whole)});
  };
  add("never entered", figures.never_entered, figures.request.users);
  table.add({"entered", grouped(figures.entered), ""});
  for (const Reason& exit : figures.exits) {
    add("  left as " + exit.name, exit.count, figures.entered);
  }
  add("  still inside", figures.inside, figures.entered);
  for (const Reason& goal : figures.goals) {
    add("  met goal " + goal.name, goal.count, figures.entered);
  }
  std::string out = table.text();
  if (!figures.stay) return out;
  return out + fmt::format("  those who left stayed {} (median), {} (p90), {} (longest)\n",
                           stay_text(figures.stay->median), stay_text(figures.stay->p90),
                           stay_text(figures.stay->longest));
}

// Why messages were skipped, and how many wait for a better time.
std::string skipped_text(const std::vector<Reason>& reasons, Count waiting) {
  std::string out;
  for (const Reason& reason : reasons) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", reason.name, grouped(reason.count));
  }
  if (waiting > 0) out += fmt::format("{}put off {}", out.empty() ? "" : "; ", grouped(waiting));
  return out;
}

std::string messages(const Figures& figures) {
  TextTable table({"messages", "medium", "planned", "sent", "skipped", ""});
  table.left(2);
  for (const CampaignFigures& campaign : figures.campaigns) {
    table.add({campaign.campaign, std::string(graph::to_string(campaign.medium)),
               grouped(campaign.planned), grouped(campaign.sent), grouped(sum(campaign.skipped)),
               skipped_text(campaign.skipped, campaign.waiting())});
  }
  table.add({"all", "", grouped(figures.planned), grouped(figures.sent),
             grouped(sum(figures.skipped)), skipped_text(figures.skipped, figures.waiting)});
  return table.text();
}

std::string steps(const Figures& figures) {
  TextTable table({"steps", "reached", "", "inside"});
  for (const StepFigures& step : figures.steps) {
    table.add({step.step, grouped(step.reached), percent_text(step.reached, figures.entered),
               step.inside == 0 ? "" : grouped(step.inside)});
  }
  return table.text();
}

std::string split(const SplitFigures& split) {
  Count all = 0;
  for (const SplitFigures::Arm& arm : split.arms) all += arm.count;
  TextTable table({"split " + split.split, "share", "people", ""});
  for (const SplitFigures::Arm& arm : split.arms) {
    table.add({arm.name, fmt::format("{:g} %", arm.share * 100), grouped(arm.count),
               percent_text(arm.count, all)});
  }
  return table.text() + fmt::format("  {}\n", balance_text(split));
}

// The days on which something was sent, and those between them.
std::string days(const Figures& figures) {
  std::size_t first = 0;
  std::size_t end = figures.per_day.size();
  while (first < end && figures.per_day[first] == 0) ++first;
  while (end > first && figures.per_day[end - 1] == 0) --end;
  std::vector<std::string> names{"messages per day", "all"};
  std::vector<const std::vector<Count>*> columns{&figures.per_day};
  if (figures.media.size() > 1) {
    for (const MediumFigures& medium : figures.media) {
      names.emplace_back(graph::to_string(medium.medium));
      columns.push_back(&medium.per_day);
    }
  }
  const bool fit = figures.campaigns.size() <= kMostCampaignColumns;
  for (const CampaignFigures& campaign : figures.campaigns) {
    if (!fit) break;
    names.push_back(campaign.campaign);
    columns.push_back(&campaign.per_day);
  }
  TextTable table(std::move(names));
  for (std::size_t day = first; day < end; ++day) {
    std::vector<std::string> row{date_of_day(figures.request.start, day)};
    for (const std::vector<Count>* column : columns) row.push_back(grouped((*column)[day]));
    table.add(std::move(row));
  }
  std::string out = table.text();
  if (!fit) out += "  by campaign: --format json or --html\n";
  return out;
}

}  // namespace

std::string render_text(const Figures& figures) {
  std::string out = head(figures);
  out += "\n" + people(figures);
  if (!figures.campaigns.empty()) out += "\n" + messages(figures);
  for (const SplitFigures& each : figures.splits) out += "\n" + split(each);
  out += "\n" + steps(figures);
  if (figures.sent > 0) out += "\n" + days(figures);
  return out;
}

}  // namespace sojourn::simulate
