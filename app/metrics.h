// What the daemon measures, as Prometheus text for /metrics. Each metric is declared once, in
// metrics.cpp, with what it means; docs/running.md says what to alert on. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/counters.h"
#include "app/gauges.h"

namespace sojourn::app {

std::string metrics_text(const Gauges& gauges, const Counters& counters);

// A limit of the daemon, and how much of it is used. Each whole number of sojourn.toml is one:
// a test says so when one is missing.
struct MetricBound {
  std::string_view name;
  std::string_view key;  // of sojourn.toml: "[intake] max_body_bytes"; empty: it is fixed
  double (*limit)(const Gauges&);
  double (*used)(const Gauges&);  // null: nothing can be counted, for example of each request
};
std::span<const MetricBound> metric_bounds();

}  // namespace sojourn::app
