#include "simulate/chart.h"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

#include "base/markup.h"

namespace sojourn::simulate {
namespace {

// In the units of the view box.
constexpr double kWidth = 860;
constexpr double kHeight = 260;
constexpr double kLeft = 70;
constexpr double kBottom = 30;
constexpr double kTop = 10;
constexpr double kPlotHeight = kHeight - kTop - kBottom;
constexpr int kTicks = 4;
constexpr std::size_t kMostLabels = 8;

struct Bar {
  std::string label;
  std::vector<std::uint64_t> parts;  // by series
};

std::vector<Bar> bars_of(const std::vector<std::string>& labels,
                         const std::vector<Series>& series) {
  const std::size_t per_bar = (labels.size() + kMostBars - 1) / kMostBars;
  std::vector<Bar> bars;
  for (std::size_t begin = 0; begin < labels.size(); begin += per_bar) {
    const std::size_t end = std::min(begin + per_bar, labels.size());
    Bar bar{labels[begin], std::vector<std::uint64_t>(series.size())};
    if (end - begin > 1) bar.label += " to " + labels[end - 1];
    for (std::size_t s = 0; s < series.size(); ++s) {
      for (std::size_t i = begin; i < end; ++i) bar.parts[s] += series[s].values[i];
    }
    bars.push_back(std::move(bar));
  }
  return bars;
}

std::uint64_t total(const Bar& bar) {
  std::uint64_t sum = 0;
  for (const std::uint64_t part : bar.parts) sum += part;
  return sum;
}

// 1, 2 or 5 times a power of ten, so that kTicks of them reach `highest`.
double tick_step(double highest) {
  const double least = std::max(1.0, highest / kTicks);
  double step = 1;
  for (int i = 0; step < least; ++i) step *= i % 3 == 1 ? 2.5 : 2;
  return step;
}

void append_scale(std::string& out, double step) {
  for (int tick = 0; tick <= kTicks; ++tick) {
    const double y = kTop + kPlotHeight * (1 - static_cast<double>(tick) / kTicks);
    out += fmt::format(R"(<line class="grid" x1="{:g}" x2="{:g}" y1="{:.1f}" y2="{:.1f}"/>)", kLeft,
                       kWidth, y, y);
    out += fmt::format(R"(<text class="scale" x="{:g}" y="{:.1f}">{:.0f}</text>)", kLeft - 8, y + 4,
                       tick * step);
  }
}

void append_bar(std::string& out, const Bar& bar, const std::vector<Series>& series, double x,
                double width, double highest) {
  double y = kTop + kPlotHeight;
  for (std::size_t s = 0; s < series.size(); ++s) {
    if (bar.parts[s] == 0) continue;
    const double height = kPlotHeight * static_cast<double>(bar.parts[s]) / highest;
    y -= height;
    out += fmt::format(
        R"(<rect class="series-{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}">)",
        std::min(s, kSeriesColours - 1), x, y, width, height);
    out += fmt::format("<title>{}: {} {}</title></rect>", base::markup_escaped(bar.label),
                       base::markup_escaped(series[s].name), bar.parts[s]);
  }
}

}  // namespace

std::string bar_chart(std::string_view title, const std::vector<std::string>& labels,
                      const std::vector<Series>& series) {
  const std::vector<Bar> bars = bars_of(labels, series);
  std::uint64_t most = 0;
  for (const Bar& bar : bars) most = std::max(most, total(bar));
  const double step = tick_step(static_cast<double>(most));
  const double pitch =
      (kWidth - kLeft) / static_cast<double>(std::max<std::size_t>(1, bars.size()));
  std::string out = fmt::format(R"(<svg viewBox="0 0 {:g} {:g}" role="img" aria-label="{}">)",
                                kWidth, kHeight, base::markup_escaped(title));
  append_scale(out, step);
  const std::size_t every = (bars.size() + kMostLabels - 1) / kMostLabels;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double x = kLeft + pitch * static_cast<double>(i);
    append_bar(out, bars[i], series, x + pitch * 0.1, pitch * 0.8, step * kTicks);
    if (i % every != 0) continue;
    out += fmt::format(R"(<text class="label" x="{:.1f}" y="{:g}">{}</text>)", x, kHeight - 8,
                       base::markup_escaped(bars[i].label.substr(0, bars[i].label.find(' '))));
  }
  return out + "</svg>\n";
}

std::string share_bar(double share) {
  return fmt::format(
      R"(<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">)"
      R"(<rect class="series-0" width="{:.2f}" height="10"/></svg>)",
      100 * std::clamp(share, 0.0, 1.0));
}

}  // namespace sojourn::simulate
