#include <algorithm>
#include <fmt/core.h>

#include "simulate/chart.h"
#include "simulate/report.h"

#include "base/markup.h"

namespace sojourn::simulate {
namespace {

// Colours that people with any sight for colours can tell apart, on white and on
// near black.
constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
:root {
  --paper: #ffffff; --ink: #1d2530; --soft: #5b6675; --line: #dde2e8;
  --c0: #0072b2; --c1: #e69f00; --c2: #009e73; --c3: #cc79a7;
  --c4: #56b4e9; --c5: #d55e00; --c6: #8f7ee7; --c7: #8a8f98;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e6eaf0; --soft: #9aa5b3; --line: #323a45;
    --c0: #4aa3df; --c1: #f0b43c; --c2: #2fc59b; --c3: #e39ac4;
    --c4: #8fd0f7; --c5: #f2803d; --c6: #b0a4f5; --c7: #a0a6b0;
  }
}
body {
  background: var(--paper); color: var(--ink); max-width: 56rem; margin: 2rem auto;
  padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.5rem; margin-bottom: 0; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .4rem; }
p { margin: .2rem 0; }
.soft { color: var(--soft); }
svg { width: 100%; height: auto; display: block; }
svg.share { height: .7rem; width: 12rem; background: var(--line); }
.grid { stroke: var(--line); stroke-width: 1; }
.scale, .label { fill: var(--soft); font-size: 12px; }
.scale { text-anchor: end; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.swatch { display: inline-block; width: .8rem; height: .8rem; margin: 0 .3rem 0 .8rem; }
)";

std::string style_of_series() {
  std::string out;
  for (std::size_t i = 0; i < kSeriesColours; ++i) {
    out += fmt::format(".series-{} {{ fill: var(--c{}); }}\n", i, i);
    out += fmt::format(".swatch-{} {{ background: var(--c{}); }}\n", i, i);
  }
  return out;
}

class Table {
 public:
  explicit Table(const std::vector<std::string>& head) {
    out_ = "<table>\n<tr>";
    for (const std::string& name : head) out_ += "<th>" + base::markup_escaped(name) + "</th>";
    out_ += "</tr>\n";
  }
  Table& row() {
    if (open_) out_ += "</tr>\n";
    out_ += "<tr>";
    open_ = true;
    return *this;
  }
  Table& text(std::string_view text) {
    out_ += "<td>" + base::markup_escaped(text) + "</td>";
    return *this;
  }
  Table& number(std::string_view text) {
    out_ += "<td class=\"number\">" + base::markup_escaped(text) + "</td>";
    return *this;
  }
  // With a bar beside it.
  Table& share(Count part, Count whole) {
    const double share = whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
    number(percent_text(part, whole));
    out_ += "<td>" + share_bar(share) + "</td>";
    return *this;
  }
  std::string end() { return std::move(out_) + (open_ ? "</tr>\n</table>\n" : "</table>\n"); }

 private:
  std::string out_;
  bool open_ = false;
};

std::string heading(std::string_view text) {
  return fmt::format("<h2>{}</h2>\n", base::markup_escaped(text));
}

std::string days_chart(const Figures& figures) {
  std::vector<std::string> labels;
  for (std::size_t day = 0; day < figures.request.days; ++day) {
    labels.push_back(date_of_day(figures.request.start, day));
  }
  std::vector<Series> series;
  std::string legend = "<p class=\"soft\">";
  for (const CampaignFigures& campaign : figures.campaigns) {
    const std::size_t colour = std::min(series.size(), kSeriesColours - 1);
    legend +=
        fmt::format("<span class=\"swatch swatch-{}\"></span>{} ({})", colour,
                    base::markup_escaped(campaign.campaign), graph::to_string(campaign.medium));
    series.push_back({campaign.campaign, campaign.per_day});
  }
  return heading("Messages per day") + bar_chart("Messages per day", labels, series) + legend +
         "</p>\n";
}

std::string messages(const Figures& figures) {
  Table table({"campaign", "medium", "planned", "sent", "", "", "skipped because"});
  for (const CampaignFigures& campaign : figures.campaigns) {
    std::string skipped;
    for (const Reason& reason : campaign.skipped) {
      skipped +=
          fmt::format("{}{} {}", skipped.empty() ? "" : ", ", reason.name, grouped(reason.count));
    }
    table.row().text(campaign.campaign).text(graph::to_string(campaign.medium));
    table.number(grouped(campaign.planned)).number(grouped(campaign.sent));
    table.share(campaign.sent, campaign.planned).text(skipped);
  }
  return heading("Messages") + table.end();
}

std::string people(const Figures& figures) {
  Table table({"enrollments", "", "of those who entered", ""});
  for (const Reason& exit : figures.exits) {
    table.row().text("left as " + exit.name).number(grouped(exit.count));
    table.share(exit.count, figures.entered);
  }
  table.row().text("still inside at the end").number(grouped(figures.inside));
  table.share(figures.inside, figures.entered);
  for (const Reason& goal : figures.goals) {
    table.row().text("met goal " + goal.name).number(grouped(goal.count));
    table.share(goal.count, figures.entered);
  }
  return heading("How it ended") + table.end();
}

std::string stays(const Figures& figures) {
  if (!figures.stay) return {};
  std::vector<std::string> labels;
  for (std::size_t day = 0; day < figures.stay->by_day.size(); ++day) {
    labels.push_back(fmt::format("{}d", day));
  }
  return heading("How long people stay") +
         fmt::format("<p class=\"soft\">median {}, p90 {}, longest {}; of those who left</p>\n",
                     stay_text(figures.stay->median), stay_text(figures.stay->p90),
                     stay_text(figures.stay->longest)) +
         bar_chart("Days inside", labels, {{"left", figures.stay->by_day}});
}

std::string splits(const Figures& figures) {
  std::string out;
  for (const SplitFigures& split : figures.splits) {
    Count all = 0;
    for (const SplitFigures::Arm& arm : split.arms) all += arm.count;
    Table table({"arm", "share", "people", "", ""});
    for (const SplitFigures::Arm& arm : split.arms) {
      table.row().text(arm.name).number(fmt::format("{:g} %", arm.share * 100));
      table.number(grouped(arm.count)).share(arm.count, all);
    }
    out += heading("Split " + split.split) + table.end();
    out += fmt::format("<p class=\"soft\">{}</p>\n", balance_text(split));
  }
  return out;
}

std::string steps(const Figures& figures) {
  Table table({"step", "kind", "reached", "of those who entered", "", "inside"});
  for (const StepFigures& step : figures.steps) {
    table.row().text(step.step).text(step.kind).number(grouped(step.reached));
    table.share(step.reached, figures.entered);
    table.number(step.inside == 0 ? "" : grouped(step.inside));
  }
  return heading("Steps") + table.end();
}

}  // namespace

std::string render_html(const Figures& figures) {
  const Request& request = figures.request;
  const std::string name = base::markup_escaped(figures.journey);
  std::string out(kHead);
  out += style_of_series();
  out += fmt::format("</style>\n<title>{}: simulation</title>\n</head>\n<body>\n", name);
  out += fmt::format("<h1>{}</h1>\n", name);
  if (!figures.title.empty())
    out += fmt::format("<p>{}</p>\n", base::markup_escaped(figures.title));
  out += fmt::format(
      "<p class=\"soft\">{} users, {} days from {}, seed {}; {} entered, {} never did</p>\n",
      grouped(request.users), request.days, date_of_day(request.start, 0), request.seed,
      grouped(figures.entered), grouped(figures.never_entered));
  if (figures.sent > 0) out += days_chart(figures);
  if (!figures.campaigns.empty()) out += messages(figures);
  out += people(figures) + stays(figures) + splits(figures) + steps(figures);
  return out + "</body>\n</html>\n";
}

}  // namespace sojourn::simulate
