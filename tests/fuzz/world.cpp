#include "tests/fuzz/world.h"

#include <fstream>
#include <iterator>
#include <string>

#include "base/check.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "runtime/store/sqlite_store.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::fuzz {
namespace {

const dsl::Program& compiled() {
  static const dsl::Program program = [] {
    std::ifstream in(SOJOURN_SOURCE_DIR "/tests/fuzz/world.journey", std::ios::binary);
    const dsl::SourceText source{"world.journey", std::string(std::istreambuf_iterator(in), {})};
    const dsl::Compilation done = dsl::compile({&source, 1}, world_zones());
    SOJOURN_CHECK(done.program.has_value(),
                  dsl::render_text(done.diagnostics, done.files, {}).c_str());
    return *done.program;
  }();
  return program;
}

}  // namespace

calendar::ZoneSource& world_zones() {
  static const auto zones = tzdata::SystemZones::open();
  SOJOURN_CHECK(zones.has_value(), "this machine has a zone database");
  return **zones;
}

const graph::Catalog& world_catalog() {
  return compiled().catalog;
}

const std::vector<graph::Graph>& world_graphs() {
  static const std::vector<graph::Graph> graphs = [] {
    std::vector<graph::Graph> all;
    for (const dsl::CompiledJourney& journey : compiled().journeys) all.push_back(journey.graph);
    return all;
  }();
  return graphs;
}

const runtime::Program& world_program() {
  static const std::shared_ptr<const runtime::Program> program = [] {
    const store::ScratchDirectory directory(store::ScratchDirectory::Place::kMemory);
    store::SqliteOptions options;
    options.path = directory.file("numbers.db");
    const auto store = store::open_sqlite_store(options);
    SOJOURN_CHECK(store.has_value(), "a store can be made");
    auto applied = runtime::apply_program(kWorldProject, world_catalog(), world_graphs(), **store);
    SOJOURN_CHECK(applied.has_value(), "the world can be applied");
    return *applied;
  }();
  return *program;
}

}  // namespace sojourn::fuzz
