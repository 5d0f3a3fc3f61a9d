#include "app/push_command.h"

#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/daemon_setup.h"
#include "app/iterable_client.h"
#include "app/template_files.h"
#include "base/percent.h"

namespace sojourn::app {
namespace {

using base::Error;
using Json = nlohmann::json;

// What Iterable has under the key of a file.
struct Difference {
  std::size_t templates = 0;      // 0: it is new
  std::set<std::string> changed;  // fields, by Iterable's names
};

base::Result<std::vector<std::int64_t>> templates_of(const std::string& key,
                                                     IterableClient& client) {
  const auto answer = client.get("/api/templates/getByClientTemplateId?clientTemplateId=" +
                                 base::percent_encoded(key));
  std::vector<std::int64_t> ids;
  if (!answer) {
    if (answer.error().kind == Error::Kind::kNotFound) return ids;
    return tl::unexpected(answer.error());
  }
  if (!answer->is_object() || !answer->contains("templates")) return ids;
  for (const Json& item : answer->at("templates")) {
    if (item.is_object() && item.contains("templateId") && item["templateId"].is_number_integer()) {
      ids.push_back(item["templateId"].get<std::int64_t>());
    }
  }
  return ids;
}

// A name stands beside the content, or in its metadata.
bool is_same(const Json& there, const std::string& field, const Json& wanted) {
  if (there.contains(field)) return there[field] == wanted;
  const auto metadata = there.find("metadata");
  return metadata != there.end() && metadata->is_object() && metadata->contains(field) &&
         metadata->at(field) == wanted;
}

base::Result<Difference> difference(const TemplateFile& file, IterableClient& client) {
  const auto ids = templates_of(file.key, client);
  if (!ids) return tl::unexpected(ids.error());
  Difference difference{ids->size(), {}};
  for (const std::int64_t id : *ids) {
    std::string target = fmt::format("/api/templates/{}/get?templateId={}", file.medium, id);
    if (!file.locale.empty()) target += "&locale=" + base::percent_encoded(file.locale);
    const auto there = client.get(target);
    if (!there && there.error().kind != Error::Kind::kNotFound) {
      return tl::unexpected(there.error());
    }
    // Nothing in this language yet.
    const Json content = there && there->is_object() ? *there : Json::object();
    for (const auto& [field, wanted] : file.fields.items()) {
      if (!is_same(content, field, wanted)) difference.changed.insert(field);
    }
  }
  return difference;
}

std::string words(const Difference& difference) {
  if (difference.templates == 0) return "new";
  if (difference.changed.empty()) return "as it is";
  return fmt::format("changes {}{}", fmt::join(difference.changed, ", "),
                     difference.templates == 1
                         ? std::string()
                         : fmt::format(" of {} templates", difference.templates));
}

base::Status upsert(const TemplateFile& file, IterableClient& client) {
  Json body = file.fields;
  body["clientTemplateId"] = file.key;
  const auto done = client.post(fmt::format("/api/templates/{}/upsert", file.medium), body, true);
  if (!done) return tl::unexpected(done.error());
  return {};
}

}  // namespace

int push(const PushOptions& options, std::ostream& out, std::ostream& err) {
  int code = kCouldNotRun;
  const auto project = load_for_daemon(options.project, options.environment, err, code);
  if (!project) return code;
  const auto files = read_template_files(project->config.root, project->program.catalog);
  if (!files) return report_error(files.error(), err);
  if (files->empty()) {
    out << "there are no templates: they are files `" << kTemplateFolder << "/KEY.toml`\n";
    return kClean;
  }
  const auto client = IterableClient::open(project->config);
  if (!client) return report_error(client.error(), err);
  std::size_t pending = 0;
  for (const TemplateFile& file : *files) {
    const auto found = difference(file, **client);
    if (!found) return report_error(found.error(), err);
    const bool differs = found->templates == 0 || !found->changed.empty();
    out << fmt::format("{}: {}\n", file.key, words(*found));
    if (!differs) continue;
    ++pending;
    if (!options.yes) continue;
    if (const auto done = upsert(file, **client); !done) return report_error(done.error(), err);
  }
  if (pending == 0) return kClean;
  out << fmt::format("{} of {} template{} {}\n", pending, files->size(),
                     files->size() == 1 ? "" : "s",
                     options.yes ? "written" : "would change; say it again with --yes to do it");
  return kClean;
}

}  // namespace sojourn::app
