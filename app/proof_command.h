// `sojourn proof JOURNEY --to EMAIL|LIST`: has Iterable send each message of a journey to people
// who are to look at it, as a proof: no campaign is triggered, and nobody's consent is asked. The
// templates are those of ids.lock, so `sojourn pull` comes first.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "graph/catalog.h"

namespace sojourn::app {

// People of one list at most: a proof is not a mailing.
inline constexpr std::size_t kMaxProofReaders = 25;

struct ProofOptions {
  std::string project = ".";
  std::string environment;
  std::string journey;
  std::string to;         // an email, or the name of a list that the project declares
  std::string data_file;  // a JSON object: values of templates, instead of samples
};

// Each campaign once, in the order of the steps. `only_to` holds. kFindings: a message could not
// be sent, which is said on `out`.
int proof(const ProofOptions& options, std::ostream& out, std::ostream& err);

// A value for each field that the template of a campaign needs: of a text its name, of a number 3.
nlohmann::json sample_data(const graph::Campaign& campaign);

}  // namespace sojourn::app
