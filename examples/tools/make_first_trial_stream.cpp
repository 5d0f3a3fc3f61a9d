// Prints the stream: make_first_trial_stream > examples/first_trial/stream.ndjson
#include <cstdio>

#include "examples/tools/first_trial_stream.h"

int main() {
  const std::string stream =
      sojourn::examples::first_trial_stream(sojourn::examples::kFirstTrialSeed);
  std::fwrite(stream.data(), 1, stream.size(), stdout);
}
