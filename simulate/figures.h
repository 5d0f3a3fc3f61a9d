// What a simulation found, ready to be shown: the tally with names, dates and the
// sums that people ask about. A value; every report is made of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulate/chi_square.h"
#include "simulate/tally.h"

#include "base/instant.h"
#include "graph/catalog.h"
#include "graph/graph.h"

namespace sojourn::simulate {

// What was asked for.
struct Request {
  std::uint64_t users = 0;
  std::uint64_t seed = 0;
  std::size_t days = 0;
  base::Instant start;
};

using Count = Tally::Count;

struct Reason {
  std::string name;
  Count count = 0;
};

struct CampaignFigures {
  std::string campaign;
  graph::Medium medium = graph::Medium::kEmail;
  Count planned = 0;
  Count sent = 0;
  std::vector<Reason> skipped;  // the most frequent first
  std::vector<Count> per_day;
  // Put off, and not yet sent at the end.
  Count waiting() const;
};

struct MediumFigures {
  graph::Medium medium = graph::Medium::kEmail;
  std::vector<Count> per_day;
};

struct StepFigures {
  std::string step;
  std::string kind;
  Count reached = 0;
  Count inside = 0;  // at the end
};

struct SplitFigures {
  struct Arm {
    std::string name;
    double share = 0;  // of 1, as written
    Count count = 0;
  };
  // Fair draws are rarer than this only once in a thousand.
  static constexpr double kLeastLikely = 0.001;

  std::string split;
  std::vector<Arm> arms;
  // Of a measured split `by` a value, how many values there were. Then the balance is of them,
  // since people of one value go the same way together.
  std::optional<Count> units;
  ChiSquare balance;
  bool is_balanced() const { return balance.p >= kLeastLikely; }
};

// How long those who left were inside.
struct StayFigures {
  base::Millis median;
  base::Millis p90;
  base::Millis longest;
  std::vector<Count> by_day;  // who left within the first day, the second, …
};

struct Figures {
  std::string journey;
  std::string title;
  Request request;

  Count never_entered = 0;  // users
  Count entered = 0;        // enrollments
  Count inside = 0;
  std::vector<Reason> exits;  // the most frequent first
  std::vector<Reason> goals;  // in the order written; how often each was met
  std::optional<StayFigures> stay;

  Count planned = 0;
  Count sent = 0;
  Count waiting = 0;                       // put off, and not yet sent at the end
  std::vector<Reason> skipped;             // the most frequent first
  std::vector<CampaignFigures> campaigns;  // by name
  std::vector<MediumFigures> media;        // in the order of graph::Medium
  std::vector<Count> per_day;              // messages, of all kinds

  std::vector<StepFigures> steps;    // in their order
  std::vector<SplitFigures> splits;  // in their order
};

Figures figures_of(const graph::Graph& graph, const graph::Catalog& catalog, const Request& request,
                   Tally tally);

Count sum(const std::vector<Count>& counts);
Count sum(const std::vector<Reason>& reasons);
// `2026-03-02`, the day so many days after the start.
std::string date_of_day(base::Instant start, std::size_t day);

}  // namespace sojourn::simulate
