// What is said of an assert that does not hold: why, the messages at their places, the
// way there by the clock, and the same as a test to copy.
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/check_asserts.h"
#include "dsl/format.h"
#include "dsl/report.h"
#include "proof/test_text.h"

namespace sojourn::dsl {
namespace {

// More places than a screen holds say less.
constexpr std::size_t kMostNotes = 12;

class Teller {
 public:
  Teller(const CompiledJourney& journey, const graph::Catalog& catalog,
         const std::vector<SourceFile>& files)
      : journey_(journey), catalog_(catalog), files_(files) {}

  Diagnostic tell(const Assert& line, const proof::Disproof& disproof) const {
    Diagnostic out = diagnose(messages::kFalseAssert, line.place, disproof.why);
    if (disproof.culprit && *disproof.culprit != graph::kCompleted) {
      out.secondary.push_back({place_of(*disproof.culprit), "this step"});
    }
    if (!disproof.hint.empty()) out.helps.push_back(disproof.hint);
    if (disproof.witness) add_witness(out, *disproof.witness, disproof.why);
    return out;
  }

 private:
  Span place_of(graph::StepIndex step) const {
    const Span place = journey_.step_spans[step];
    return first_line(files_[place.file], place);
  }

  void add_witness(Diagnostic& out, const proof::Witness& witness, const std::string& why) const {
    std::size_t messages = 0;
    for (const proof::Leg& leg : witness.legs) {
      if (!leg.sent) continue;
      if (++messages > kMostNotes) break;
      out.secondary.push_back({place_of(leg.step), fmt::format("message {}, after {}", messages,
                                                               proof::length_text(leg.left))});
    }
    std::string timeline;
    for (const std::string& line : proof::timeline(journey_.graph, witness)) {
      timeline += line + "\n";
    }
    out.attachments.push_back({"one way there, by the time since the entry", timeline});
    const std::string test = proof::test_text(journey_.graph, catalog_, witness, why);
    const Formatted formatted = format(test, 0);
    out.attachments.push_back(
        {"the same as a test", formatted.diagnostics.empty() ? formatted.text : test});
  }

  const CompiledJourney& journey_;
  const graph::Catalog& catalog_;
  const std::vector<SourceFile>& files_;
};

}  // namespace

void prove_asserts(const CompiledJourney& journey, const graph::Catalog& catalog,
                   const std::vector<SourceFile>& files, std::vector<Diagnostic>& diagnostics) {
  if (journey.asserts.empty()) return;
  const proof::Prover prover(journey.graph, catalog);
  const Teller teller(journey, catalog, files);
  for (const Assert& line : journey.asserts) {
    const auto disproof = prover.disprove(line.assertion);
    if (disproof) diagnostics.push_back(teller.tell(line, *disproof));
  }
}

}  // namespace sojourn::dsl
