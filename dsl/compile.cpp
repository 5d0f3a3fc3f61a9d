#include "dsl/compile.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/hash.h"
#include "dsl/allow.h"
#include "dsl/check_asserts.h"
#include "dsl/check_cycles.h"
#include "dsl/check_declarations.h"
#include "dsl/check_journey.h"
#include "dsl/check_test.h"
#include "dsl/exit_reasons.h"
#include "dsl/lint.h"
#include "dsl/parse.h"
#include "graph/encode.h"
#include "graph/verify.h"

namespace sojourn::dsl {
namespace {

// Places in a file name it by index, so a file that moved is another one.
using CacheKey = std::pair<base::Hash128, FileIndex>;
using ParsedFilePtr = ParsedFiles::value_type;

}  // namespace

struct CompileCache::Contents {
  std::map<CacheKey, ParsedFilePtr> files;
  std::size_t hits = 0;
};

CompileCache::CompileCache() : contents_(std::make_unique<Contents>()) {}
CompileCache::~CompileCache() = default;

std::size_t CompileCache::hits() const {
  return contents_->hits;
}

const CompiledJourney* Program::find_journey(std::string_view name) const {
  const auto found = std::ranges::find(
      journeys, name, [](const CompiledJourney& j) -> std::string_view { return j.graph.journey; });
  return found == journeys.end() ? nullptr : &*found;
}

namespace {

std::vector<SourceFile> sorted_files(std::span<const SourceText> sources) {
  std::vector<const SourceText*> order;
  for (const SourceText& source : sources) order.push_back(&source);
  std::ranges::sort(order, [](const SourceText* a, const SourceText* b) {
    return std::tie(a->path, a) < std::tie(b->path, b);
  });
  std::vector<SourceFile> files;
  files.reserve(order.size());
  for (const SourceText* source : order) files.emplace_back(source->path, source->text);
  return files;
}

ParsedFiles parse_all(const std::vector<SourceFile>& files, CompileCache::Contents* cache) {
  std::map<CacheKey, ParsedFilePtr> used;
  std::size_t hits = 0;
  ParsedFiles parsed;
  for (FileIndex index = 0; index < files.size(); ++index) {
    const CacheKey key{base::stable_hash128(files[index].text()), index};
    ParsedFilePtr file;
    if (cache != nullptr) {
      const auto found = cache->files.find(key);
      if (found != cache->files.end()) file = found->second;
    }
    if (file != nullptr) {
      ++hits;
    } else {
      file = std::make_shared<const ParsedFile>(parse(files[index].text(), index));
    }
    used.emplace(key, file);
    parsed.push_back(std::move(file));
  }
  if (cache != nullptr) {
    cache->files = std::move(used);
    cache->hits = hits;
  }
  return parsed;
}

void report_syntax(const ParsedFiles& parsed, Report& report) {
  for (const ParsedFilePtr& file : parsed) {
    for (const Diagnostic& diagnostic : file->diagnostics) {
      if (diagnostic.severity == Severity::kError) {
        report.note_syntax_fault(diagnostic.primary.span);
      }
      report.add(diagnostic);
    }
  }
}

void check_world(std::span<const ast::File* const> asts, World& world, calendar::ZoneSource& zones,
                 Report& report) {
  collect_world(asts, world, report);
  graph::Graph scratch;
  std::vector<Span> spans;
  ExpressionContext context(world, report, zones, scratch, spans);
  check_declared_values(asts, world, context);
}

// `faulty`: the names of those about which an error was reported.
std::vector<CompiledJourney> check_journeys(std::span<const ast::File* const> asts,
                                            const World& world, calendar::ZoneSource& zones,
                                            Report& report, std::set<std::string>& faulty) {
  std::vector<CompiledJourney> journeys;
  for (const ast::File* file : asts) {
    for (const ast::Declaration& declaration : file->declarations) {
      if (!std::holds_alternative<ast::Journey>(declaration.node)) continue;
      const std::size_t said_before = report.error_count();
      journeys.push_back(check_journey(declaration, world, zones, report));
      const bool is_faulty = report.error_count() != said_before || declaration.incomplete ||
                             report.has_syntax_fault(declaration.span);
      if (is_faulty) faulty.insert(journeys.back().graph.journey);
    }
  }
  std::ranges::sort(journeys, {}, [](const CompiledJourney& j) { return j.graph.journey; });
  return journeys;
}

std::vector<TestPlan> check_tests(std::span<const ast::File* const> asts, const World& world,
                                  const std::vector<CompiledJourney>& journeys,
                                  const std::set<std::string>& faulty, calendar::ZoneSource& zones,
                                  Report& report) {
  SoundJourneys sound;
  for (const CompiledJourney& journey : journeys) {
    if (!faulty.contains(journey.graph.journey)) sound.emplace(journey.graph.journey, &journey);
  }
  std::vector<TestPlan> tests;
  for (const ast::File* file : asts) {
    for (const ast::Declaration& declaration : file->declarations) {
      if (!std::holds_alternative<ast::Test>(declaration.node)) continue;
      tests.push_back(check_test(declaration, world, sound, zones, report));
    }
  }
  return tests;
}

bool has_error(const std::vector<Diagnostic>& diagnostics) {
  return std::ranges::any_of(diagnostics,
                             [](const auto& d) { return d.severity == Severity::kError; });
}

// A graph that is refused here is a bug of the checks; one that is too large to be
// stored is the author's to split.
void finish(CompiledJourney& journey, std::vector<Diagnostic>& diagnostics) {
  graph::compute_needs(journey.graph);
  const base::Status verified = graph::verify(journey.graph);
  SOJOURN_CHECK(verified.has_value(), verified.has_value() ? "" : verified.error().message.c_str());
  if (graph::encode(journey.graph).size() <= graph::kMaxEncodedBytes) return;
  diagnostics.push_back(diagnose(messages::kTooMany, journey.name, "bytes of a journey",
                                 static_cast<std::int64_t>(graph::kMaxEncodedBytes)));
}

}  // namespace

Compilation compile(std::span<const SourceText> sources, calendar::ZoneSource& zones,
                    CompileCache* cache) {
  Compilation out;
  out.files = sorted_files(sources);
  const ParsedFiles parsed =
      parse_all(out.files, cache == nullptr ? nullptr : cache->contents_.get());
  std::vector<const ast::File*> asts;
  asts.reserve(parsed.size());
  for (const ParsedFilePtr& file : parsed) asts.push_back(&file->ast);

  Report report(out.files);
  report_syntax(parsed, report);
  World world;
  check_world(asts, world, zones, report);
  std::set<std::string> faulty;
  std::vector<CompiledJourney> journeys = check_journeys(asts, world, zones, report, faulty);
  check_exit_references(journeys, faulty, report);
  std::vector<TestPlan> tests = check_tests(asts, world, journeys, faulty, zones, report);
  out.diagnostics = report.take();
  if (!has_error(out.diagnostics)) {
    lint({parsed, out.files, world, journeys, zones}, out.diagnostics);
  }
  sort_diagnostics(out.diagnostics);
  apply_allows(parsed, out.files, out.diagnostics);
  sort_diagnostics(out.diagnostics);
  if (has_error(out.diagnostics)) return out;

  for (CompiledJourney& journey : journeys) finish(journey, out.diagnostics);
  check_cycles(world.catalog, journeys, out.files, out.diagnostics);
  for (const CompiledJourney& journey : journeys) {
    prove_asserts(journey, world.catalog, out.files, out.diagnostics);
  }
  sort_diagnostics(out.diagnostics);
  if (has_error(out.diagnostics)) return out;
  CatalogPlaces places{std::move(world.message_types), std::move(world.campaigns),
                       std::move(world.lists)};
  out.program =
      Program{std::move(world.catalog), std::move(journeys), std::move(tests), std::move(places)};
  return out;
}

}  // namespace sojourn::dsl
