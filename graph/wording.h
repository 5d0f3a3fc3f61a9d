// How the parts of a graph are put into words, close to what an author wrote.
// The pictures of graph/print.h are made of these.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/walk.h"

namespace sojourn::graph {

// `send trial_welcome with { plan: entry.plan } within 1d`.
std::string wording(const Graph& graph, const Step& step);
// `else`, `timeout`, `order where …`, `50% ci`, `3d before at 09:00`; empty for the way on.
std::string wording(const Graph& graph, const Step& step, const Edge& edge);
// `enter on trial_started where …`.
std::string wording(const Graph& graph, const EventEntry& entry);
// `enter every year on user.birthday - 3d at 09:00`.
std::string wording(const Graph& graph, const WatchedEntry& watched);
// `exit when user.plan == "free" as downgraded`.
std::string wording(const Graph& graph, const std::variant<ExitOnEvent, ExitWhen>& rule);
// `goal bought on purchase where … within 30d value event.amount and exit`.
std::string wording(const Graph& graph, const Goal& goal);
// `pace 100 per 1h up to 1d else drop`.
std::string wording(const Pace& pace);
// `cap marketing 1 per 1d defer up to 12h else drop`.
std::string wording(const SendCap& cap);
// `quiet marketing 21:00..08:00, sunday defer up to 12h else drop`; dates are counted.
std::string wording(const QuietHours& quiet);

// The ways out worth drawing: an `else`, `past` or `missing` that only goes on is
// left out, as its author left it out.
std::vector<Edge> drawn_edges(const Step& step);

}  // namespace sojourn::graph
