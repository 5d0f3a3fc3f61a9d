// The figures of a simulation for people, for machines and for a browser. Pure.
#pragma once

#include <string>

#include "simulate/figures.h"

namespace sojourn::simulate {

// Tables for a terminal.
std::string render_text(const Figures& figures);

// One object; docs/simulate.md describes it.
std::string render_json(const Figures& figures);

// One page that needs nothing else: charts are drawn in it, no script, no request. It
// follows the reader's choice of light or dark.
std::string render_html(const Figures& figures);

// `1,234,567`
std::string grouped(Count count);
// `12.3 %` of `whole`; `0.0 %` of nothing.
std::string percent_text(Count part, Count whole);
// `3d4h`, rounded down to hours, below a day to minutes, below an hour to seconds.
std::string stay_text(base::Millis length);
// What is said of a split: `as expected`, or how unlikely it is.
std::string balance_text(const SplitFigures& split);

}  // namespace sojourn::simulate
