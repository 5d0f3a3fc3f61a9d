#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "simulate/derive_model.h"

#include "app/basic_credentials.h"
#include "app/config.h"
#include "app/ids_lock_file.h"
#include "app/simulation_model.h"
#include "app/template_files.h"
#include "base/check.h"
#include "base/text.h"
#include "connectors/webhook/allow_list.h"
#include "runtime/intake_mapping.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/world.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::fuzz {
namespace {

using store::ScratchDirectory;

// Says what, and where: the file, or a table of it.
void check_error(const base::Error& error, std::string_view file) {
  SOJOURN_CHECK(
      error.message.find(file) != std::string::npos || error.message.find('[') != std::string::npos,
      "an error names the file or the table");
  SOJOURN_CHECK(error.kind == base::Error::Kind::kInvalid, "what is wrong is the file");
}

void check_config(const app::Config& config) {
  SOJOURN_CHECK(!config.project.empty(), "a project has a name");
  SOJOURN_CHECK(config.http.port >= 0 && config.http.port <= 65'535, "a port is one");
  SOJOURN_CHECK(std::filesystem::path(config.store_path).is_absolute() &&
                    std::filesystem::path(config.control_socket).is_absolute(),
                "paths are absolute");
  for (const std::size_t size :
       {config.max_body_bytes, config.max_waiting_items, config.max_waiting_bytes,
        config.max_items_per_request, config.max_connections, config.forward.max_connections,
        config.forward.max_waiting, config.iterable_connections, config.bulk.max_items,
        config.bulk.max_bytes}) {
    SOJOURN_CHECK(size >= 1 && size <= (std::size_t{1} << 32U), "a limit is one");
  }
  for (const base::Millis time :
       {config.forward.timeout, config.iterable_timeout, config.clock_settle}) {
    SOJOURN_CHECK(time.count > 0 && time <= base::days24(3'650), "a time is one");
  }
  SOJOURN_CHECK(config.base_url.empty() || !config.base_url.ends_with('/'),
                "a base URL ends without a slash");
  for (const auto* ids : {&config.ids.campaigns, &config.ids.message_types, &config.ids.channels,
                          &config.ids.lists}) {
    SOJOURN_CHECK(std::ranges::all_of(*ids, [](const auto& id) { return id.second >= 0; }),
                  "an id is one");
  }
}

void hold_config(std::string_view text, const ScratchDirectory& folder) {
  store::write_file(folder.file("sojourn.toml"), std::string(text));
  for (const char* environment : {"", "staging"}) {
    const auto config = app::load_config(folder.path(), environment);
    if (!config) {
      check_error(config.error(), "sojourn.toml");
      continue;
    }
    check_config(*config);
    // Whether they fit is said elsewhere; that it is said is what counts.
    if (auto fits = runtime::check_mapping(config->mapping, world_program()); !fits) {
      SOJOURN_CHECK(!fits.error().message.empty(), "what does not fit is said");
    }
    connectors::webhook::AllowList::from_entries(config->webhooks.allow, "allow");
  }
}

void hold_lock(std::string_view text) {
  const auto lock = app::parse_lock(text, "ids.lock");
  if (!lock) return check_error(lock.error(), "ids.lock");
  const std::string written = app::render_lock(*lock);
  const auto again = app::parse_lock(written, "ids.lock");
  SOJOURN_CHECK(again.has_value(), "a lock that is written reads back");
  SOJOURN_CHECK(app::render_lock(*again) == written, "it is the same then");
}

void hold_template(std::string_view text, const ScratchDirectory& folder) {
  std::filesystem::create_directories(folder.path() / "templates");
  store::write_file(folder.file("templates/welcome.toml"), std::string(text));
  store::write_file(folder.file("templates/welcome.html"), std::string(text));
  const auto files = app::read_template_files(folder.path(), world_catalog());
  if (!files) {
    SOJOURN_CHECK(files.error().message.find("welcome.") != std::string::npos,
                  "an error names the file");
    return;
  }
  SOJOURN_CHECK(files->size() == 1 && files->front().key == "welcome", "a file is a template");
  SOJOURN_CHECK(nlohmann::json::accept(files->front().fields.dump()), "its fields are JSON");
}

void hold_model(std::string_view text) {
  static const simulate::Model derived =
      simulate::derive_model(world_graphs().front(), world_catalog());
  const auto model =
      app::read_simulation_model(std::string(text), "people.toml", derived, world_catalog());
  if (!model) return check_error(model.error(), "people.toml");
  for (const simulate::EventModel& event : model->events) {
    SOJOURN_CHECK(std::isfinite(event.enters) && event.enters >= 0 && event.probability >= 0 &&
                      event.probability <= 1,
                  "a share is one");
    SOJOURN_CHECK(event.times >= 0 && event.times <= simulate::EventModel::kMaxTimes,
                  "times are within their limit");
    SOJOURN_CHECK(event.delay.from <= event.delay.to, "a delay has an end behind its beginning");
  }
  for (const simulate::FieldModel& field : model->profile) {
    for (const auto& choice : field.values.choices) {
      SOJOURN_CHECK(std::isfinite(choice.weight), "how often a value comes is a number");
    }
  }
  for (const double share : model->arrivals) {
    SOJOURN_CHECK(std::isfinite(share), "how many come on a day is a number");
  }
}

void hold_credentials(std::string_view text) {
  const auto user = app::basic_user(text);
  SOJOURN_CHECK(!user || user->find(':') == std::string::npos, "a user name ends at its colon");
}

}  // namespace

void hold_config_claims(std::string_view input) {
  static const ScratchDirectory folder(ScratchDirectory::Place::kMemory);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return hold_credentials(input);
  const std::string_view kind = input.substr(0, end);
  const std::string_view text = input.substr(end + 1);
  if (kind == "config") return hold_config(text, folder);
  if (kind == "lock") return hold_lock(text);
  if (kind == "template") return hold_template(text, folder);
  if (kind == "model") return hold_model(text);
}

}  // namespace sojourn::fuzz
