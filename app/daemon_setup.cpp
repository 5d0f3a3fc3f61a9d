#include "app/daemon_setup.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <ostream>
#include <utility>
#include <vector>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/project.h"
#include "app/step_places.h"
#include "base/text.h"
#include "dsl/program.h"
#include "dsl/render.h"

namespace sojourn::app {
namespace {

template <typename Declared>
base::Status override_ids(std::vector<Declared>& declared,
                          const std::map<std::string, std::int64_t>& ids, std::string_view what,
                          std::optional<std::int64_t> Declared::* member = &Declared::id) {
  for (const auto& [name, id] : ids) {
    std::vector<std::string_view> names;
    bool found = false;
    for (Declared& candidate : declared) {
      names.emplace_back(candidate.name);
      if (candidate.name != name) continue;
      candidate.*member = id;
      found = true;
    }
    if (found) continue;
    const auto near = base::did_you_mean(name, names);
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("sojourn.toml gives an id to the {} `{}`, which is not declared", what, name),
        near ? fmt::format("did you mean `{}`?", *near) : "");
  }
  return {};
}

base::Status override_urls(std::vector<graph::Webhook>& declared,
                           const std::map<std::string, std::string>& urls) {
  for (const auto& [name, url] : urls) {
    const auto found = std::ranges::find(declared, name, &graph::Webhook::name);
    if (found == declared.end()) {
      return base::failure(
          base::Error::Kind::kInvalid,
          fmt::format("sojourn.toml gives a URL to the webhook `{}`, which is not declared", name));
    }
    found->url = url;
  }
  return {};
}

}  // namespace

base::Result<DaemonProgram> daemon_program(const dsl::Program& program, const IdOverrides& ids) {
  DaemonProgram out;
  out.catalog = program.catalog;
  for (const dsl::CompiledJourney& journey : program.journeys) out.graphs.push_back(journey.graph);
  for (const base::Status& status :
       {override_ids(out.catalog.campaigns, ids.campaigns, "campaign"),
        override_ids(out.catalog.message_types, ids.message_types, "message type"),
        override_ids(out.catalog.message_types, ids.channels, "message type",
                     &graph::MessageType::channel),
        override_ids(out.catalog.lists, ids.lists, "list")}) {
    if (!status) return tl::unexpected(status.error());
  }
  return out;
}

std::optional<LoadedProject> load_for_daemon(const std::string& start,
                                             const std::string& environment, std::ostream& err,
                                             int& exit_code) {
  const auto project = load_project(start);
  if (!project) {
    exit_code = report_error(project.error(), err);
    return std::nullopt;
  }
  auto config = load_config(project->root, environment);
  if (!config) {
    exit_code = report_error(config.error(), err);
    return std::nullopt;
  }
  const dsl::Compilation& compilation = project->compilation;
  if (!compilation.program) {
    err << dsl::render_text(compilation.diagnostics, compilation.files, {});
    exit_code = kFindings;
    return std::nullopt;
  }
  auto program = daemon_program(*compilation.program, config->ids);
  if (!program) {
    exit_code = report_error(program.error(), err);
    return std::nullopt;
  }
  program->places = step_places(compilation);
  if (auto status = override_urls(program->catalog.webhooks, config->webhooks.urls); !status) {
    exit_code = report_error(status.error(), err);
    return std::nullopt;
  }
  return LoadedProject{std::move(*config), std::move(*program)};
}

}  // namespace sojourn::app
