// The file that says how the people of a simulation behave (docs/simulate.md): what it
// leaves out stays as it was derived from the journey.
#pragma once

#include <string>

#include "simulate/model.h"

#include "base/result.h"
#include "graph/catalog.h"

namespace sojourn::app {

// `name` is what messages call the file. An error names the line.
base::Result<simulate::Model> read_simulation_model(const std::string& text,
                                                    const std::string& name,
                                                    simulate::Model derived,
                                                    const graph::Catalog& catalog);

base::Result<simulate::Model> load_simulation_model(const std::string& path,
                                                    simulate::Model derived,
                                                    const graph::Catalog& catalog);

}  // namespace sojourn::app
