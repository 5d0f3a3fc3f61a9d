// Prints the stream: make_saas_trial_stream > examples/saas_trial/stream.ndjson
#include <cstdio>

#include "examples/tools/saas_trial_stream.h"

int main() {
  const std::string stream =
      sojourn::examples::saas_trial_stream(sojourn::examples::kSaasTrialSeed);
  std::fwrite(stream.data(), 1, stream.size(), stdout);
}
