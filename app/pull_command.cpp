#include "app/pull_command.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "app/catalog_text.h"
#include "app/check_command.h"
#include "app/command_error.h"
#include "app/config.h"
#include "app/ids_lock_file.h"
#include "app/iterable_client.h"
#include "app/lock_changes.h"
#include "app/project_files.h"
#include "app/project_reader.h"
#include "app/replace_file.h"
#include "app/write_file.h"
#include "base/hash.h"
#include "dsl/display_text.h"

namespace sojourn::app {
namespace {

namespace fs = std::filesystem;

// A project on disk and what Iterable has now.
struct Pulled {
  Config config;
  std::vector<dsl::SourceText> sources;
  ReadProject iterable;
  std::string lock_path;
  std::optional<dsl::IdsLock> before;  // the lock that was there

  std::string path(const std::string& file) const { return config.root + "/" + file; }
};

// What cannot be looked at is not there.
bool exists(const std::string& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

void add_ids(const std::map<std::int64_t, std::string>& declared, std::set<std::int64_t>& ids) {
  for (const auto& [id, name] : declared) ids.insert(id);
}

// The lock of an earlier pull. One that cannot be read is an error: it is not written over.
base::Result<std::optional<dsl::IdsLock>> lock_before(const std::string& path) {
  if (!exists(path)) return std::nullopt;
  auto lock = read_lock(path);
  if (!lock) {
    lock.error().hint = "mend it, or remove it and pull again";
    return tl::unexpected(lock.error());
  }
  return std::optional(std::move(*lock));
}

base::Result<Pulled> read_all(const PullOptions& options) {
  Pulled pulled;
  auto root = find_project_root(options.project);
  if (!root) return tl::unexpected(root.error());
  auto config = load_config(*root, options.environment);
  if (!config) return tl::unexpected(config.error());
  pulled.config = std::move(*config);
  auto sources = read_journey_files(*root);
  if (!sources) return tl::unexpected(sources.error());
  pulled.sources = std::move(*sources);
  pulled.lock_path = pulled.path(lock_file_name(options.environment));
  auto before = lock_before(pulled.lock_path);
  if (!before) return tl::unexpected(before.error());
  pulled.before = std::move(*before);

  auto client = IterableClient::open(pulled.config);
  if (!client) return tl::unexpected(client.error());
  std::set<std::int64_t> declared;
  add_ids(declared_in(pulled.sources).campaigns.by_id, declared);
  for (const auto& [name, id] : pulled.config.ids.campaigns) declared.insert(id);
  auto read = read_iterable_project(
      [&](const std::string& target) { return (*client)->get(target); }, declared);
  if (!read) return tl::unexpected(read.error());
  pulled.iterable = std::move(*read);
  pulled.iterable.lock.iterable = pulled.config.base_url;
  pulled.iterable.lock.environment = options.environment;
  return pulled;
}

base::Status write(const std::string& path, const std::string& text) {
  return exists(path) ? replace_file(path, text) : write_file(path, text);
}

std::string hash_of(const std::string& text) {
  return base::stable_hash128(text).hex();
}

constexpr std::size_t kMostNamed = 20;

// Campaigns that could be sent and that no file declares.
void say_undeclared(const Pulled& pulled, std::ostream& out) {
  const Declared declared = declared_in(pulled.sources);
  std::size_t count = 0;
  for (const dsl::LockedCampaign& campaign : pulled.iterable.lock.campaigns) {
    if (!dsl::can_be_triggered(campaign) || declared.campaigns.by_id.contains(campaign.id))
      continue;
    if (++count > kMostNamed) continue;
    out << fmt::format("  not declared: campaign {} `{}`\n", campaign.id,
                       dsl::printable(campaign.name));
  }
  if (count > kMostNamed) out << fmt::format("  and {} more\n", count - kMostNamed);
}

// Writes the catalog unless somebody has edited it, notes its hash in the lock, and says what
// was done.
base::Status write_catalog(const PullOptions& options, Pulled& pulled, std::ostream& out) {
  std::vector<dsl::SourceText> others;
  std::optional<dsl::SourceText> ours;
  for (const dsl::SourceText& source : pulled.sources) {
    if (source.path == kCatalogFile) {
      ours = source;
    } else {
      others.push_back(source);
    }
  }
  std::vector<dsl::SourceText> existing;
  if (ours) existing.push_back(*ours);
  auto catalog = catalog_text(pulled.iterable.lock, declared_in(others), declared_in(existing));
  if (!catalog) return tl::unexpected(catalog.error());
  const std::string known = pulled.before ? pulled.before->catalog : "";
  dsl::IdsLock& lock = pulled.iterable.lock;
  lock.catalog = hash_of(catalog->text);
  if (ours && ours->text == catalog->text) {
    out << kCatalogFile << ": as it was\n";
    return {};
  }
  if (ours && hash_of(ours->text) != known && !options.replace_catalog) {
    lock.catalog = known;
    out << kCatalogFile
        << ": left as it is, because `sojourn pull` did not write it or somebody has edited it; "
           "--replace-catalog writes it anew\n";
    say_undeclared(pulled, out);
    return {};
  }
  out << kCatalogFile << (ours ? ": written anew\n" : ": written\n");
  for (const std::string& what : catalog->left_out) out << "  left out: " << what << '\n';
  return write(pulled.path(kCatalogFile), catalog->text);
}

void say_changes(const std::vector<std::string>& changes, std::ostream& out) {
  for (const std::string& change : changes) out << "  " << change << '\n';
}

std::string counts(const dsl::IdsLock& lock) {
  return fmt::format(
      "{} campaigns, {} message types, {} channels, {} lists, {} user fields, {} events",
      lock.campaigns.size(), lock.message_types.size(), lock.channels.size(), lock.lists.size(),
      lock.user_fields.size(), lock.events.size());
}

void say_notes(const Pulled& pulled, std::ostream& err) {
  for (const std::string& note : pulled.iterable.notes) err << "note: " << note << '\n';
}

}  // namespace

int pull(const PullOptions& options, std::ostream& out, std::ostream& err) {
  auto pulled = read_all(options);
  if (!pulled) return report_error(pulled.error(), err);
  say_notes(*pulled, err);
  // The ids of the text are those of the default environment, so only that one has a catalog.
  if (options.environment.empty()) {
    if (const auto written = write_catalog(options, *pulled, out); !written) {
      return report_error(written.error(), err);
    }
  }
  const dsl::IdsLock& lock = pulled->iterable.lock;
  if (const auto written = write(pulled->lock_path, render_lock(lock)); !written) {
    return report_error(written.error(), err);
  }
  out << fs::path(pulled->lock_path).filename().string() << ": " << counts(lock) << '\n';
  if (pulled->before) say_changes(lock_changes(*pulled->before, lock), out);
  return kClean;
}

int drift(const PullOptions& options, std::ostream& out, std::ostream& err) {
  auto pulled = read_all(options);
  if (!pulled) return report_error(pulled.error(), err);
  say_notes(*pulled, err);
  const std::string name = fs::path(pulled->lock_path).filename().string();
  if (!pulled->before) {
    return report_error(base::Error{base::Error::Kind::kNotFound,
                                    fmt::format("there is no {} to compare with", name),
                                    "`sojourn pull` writes it"},
                        err);
  }
  if (pulled->before->iterable != pulled->config.base_url) {
    err << fmt::format("note: {} was read from {}, and sojourn.toml names {}\n", name,
                       pulled->before->iterable, pulled->config.base_url);
  }
  const auto changes = lock_changes(*pulled->before, pulled->iterable.lock);
  if (changes.empty()) {
    out << "Iterable is as " << name << " says: " << counts(pulled->iterable.lock) << '\n';
    return kClean;
  }
  out << fmt::format("{} difference{} since {}\n", changes.size(), changes.size() == 1 ? "" : "s",
                     name);
  say_changes(changes, out);
  return kFindings;
}

}  // namespace sojourn::app
