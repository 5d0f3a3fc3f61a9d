// `sojourn export`: all that the store knows of one person, as one JSON document for them. Its form
// is described in docs/running.md; `format` grows when a member changes its meaning or goes.
#pragma once

#include "base/result.h"
#include "runtime/journey_clocks.h"
#include "runtime/shard_input.h"

namespace sojourn::store {
class Store;
}

namespace sojourn::runtime {

class DeadLetterBook;
class Program;

struct ExportSources {
  const Program& program;
  store::Store& store;
  const DeadLetterBook& letters;
  JourneyClocks clocks;
};

// Status 404 with an error text when nobody has that identity; kFatal when rows cannot be read.
base::Result<QueryAnswer> user_export(const ExportQuery& query, const ExportSources& from);

}  // namespace sojourn::runtime
