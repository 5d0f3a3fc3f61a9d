// Results of tests for people and for machines. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dsl/source.h"
#include "testing/coverage.h"
#include "testing/runner.h"

namespace sojourn::testing {

// `files` in the order that Span::file counts in.
using Files = std::span<const dsl::SourceFile>;
using Results = std::span<const TestResult>;

// One line a test; under a failed one, what differs and the timeline.
//
//   ok    trial "a buyer hears nothing more"
//   FAIL  trial "the tour comes after two days"
//     trial.journey:40:3: expected send tour, but they are at `wait 1`
//
//       2026-03-01 Sun 10:00  event  trial_started { plan: "pro" }
//                             enter
//     > 2026-03-03 Tue 10:00  <- expected send tour
//       local times of Europe/Berlin
//
//   1 passed, 1 failed
std::string render_text(Results results, Files files);
// One line a journey, then what was never reached.
std::string render_text(const std::vector<Coverage::Report>& coverage, Files files);

// An object: `tests`, and `coverage` (null when it was not asked for).
std::string render_json(Results results, const std::vector<Coverage::Report>* coverage,
                        Files files);

// JUnit's XML: a testsuite for each journey.
std::string render_junit(Results results, Files files);

// `journeys/trial.journey:40:3`
std::string place_text(dsl::Span place, Files files);

}  // namespace sojourn::testing
