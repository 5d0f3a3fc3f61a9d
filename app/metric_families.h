// The metrics that are durable counters (runtime/counter_names.h), one for each family of names.
// Values; any thread.
#pragma once

#include <span>
#include <string_view>

namespace sojourn::app {

struct MetricFamily {
  std::string_view family;  // the first part of the counters' names
  std::string_view metric;
  std::string_view type;
  std::string_view labels;  // of the other parts in order, with commas between
  std::string_view help;
};
std::span<const MetricFamily> metric_families();

}  // namespace sojourn::app
