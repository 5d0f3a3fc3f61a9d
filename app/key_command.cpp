#include "app/key_command.h"

#include <algorithm>
#include <fmt/ostream.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/key_file.h"
#include "app/project_files.h"
#include "base/instant.h"
#include "runtime/uv/system_clock.h"

namespace sojourn::app {
namespace {

using base::Error;

base::Result<Config> config_of(const KeyOptions& options) {
  auto root = find_project_root(options.daemon.project);
  if (!root) return tl::unexpected(root.error());
  return load_config(*root, options.daemon.environment);
}

// The file is written; what remains is that a running daemon goes by it.
int tell_daemon(const KeyOptions& options, std::ostream& err) {
  const auto told = ask_daemon(options.daemon, "/keys/reload", "{}");
  if (told) {
    err << "the running daemon goes by it\n";
    return kClean;
  }
  if (told.error().kind == Error::Kind::kUnavailable) {
    err << "no daemon runs here: the next `sojourn run` goes by it\n";
    return kClean;
  }
  fmt::print(err,
             "error: the file is written, but a running daemon may go by the old keys: {}\n"
             "  help: send it SIGHUP, or start it again\n",
             told.error().message);
  return kFindings;
}

base::Status add_key(AccessKeys& keys, AccessKey key) {
  const bool is_taken =
      std::ranges::any_of(keys, [&](const AccessKey& other) { return other.name == key.name; });
  if (is_taken) {
    return base::failure(Error::Kind::kConflict, fmt::format("there is a key `{}`", key.name),
                         "take another name, such as one with a date, and revoke the old key once "
                         "nobody uses it");
  }
  keys.push_back(std::move(key));
  return {};
}

base::Status drop_key(AccessKeys& keys, const std::string& name) {
  if (std::erase_if(keys, [&](const AccessKey& key) { return key.name == name; }) > 0) return {};
  return base::failure(Error::Kind::kNotFound, fmt::format("there is no key `{}`", name),
                       "`sojourn key list` names those that are there; the one under [intake] goes "
                       "with its line in sojourn.toml");
}

// A key that was made and that nobody has seen.
int take_back(const Config& config, const std::string& name, std::ostream& err) {
  const auto changed =
      change_key_file(config.keys_file, [&](AccessKeys& keys) { return drop_key(keys, name); });
  if (!changed) return report_error(changed.error(), err);
  return report_error({Error::Kind::kUnavailable, "the key could not be written out",
                       "nothing has changed; give it a place to be written to"},
                      err);
}

std::string day(const std::optional<base::CivilDay>& made) {
  if (!made) return "-";
  return fmt::format("{:04}-{:02}-{:02}", made->year, made->month, made->day);
}

}  // namespace

int new_key(const KeyOptions& options, base::CivilDay today, std::ostream& out, std::ostream& err) {
  const auto config = config_of(options);
  if (!config) return report_error(config.error(), err);
  const auto scopes = parse_scopes(options.scopes);
  if (!scopes) {
    return report_error(
        {Error::Kind::kInvalid, fmt::format("`{}` is no list of scopes", options.scopes),
         "some of ingest, read, operate and erase, with commas between"},
        err);
  }
  if (!is_key_name(options.name)) {
    return report_error(
        {Error::Kind::kInvalid, fmt::format("`{:.80}` is no name of a key", options.name),
         "lower-case letters, digits, `_` and `-`, beginning with a letter; at most 64"},
        err);
  }
  const std::string key = new_access_key();
  const auto changed = change_key_file(config->keys_file, [&](AccessKeys& keys) {
    return add_key(keys, AccessKey{options.name, *scopes, digest_of(key), today, false});
  });
  if (!changed) return report_error(changed.error(), err);
  out << key << std::endl;
  if (!out) return take_back(*config, options.name, err);
  fmt::print(err, "this is the key `{}` for {}; it is not kept and cannot be shown again\n",
             options.name, to_string(*scopes));
  return tell_daemon(options, err);
}

int list_keys(const KeyOptions& options, std::ostream& out, std::ostream& err) {
  const auto config = config_of(options);
  if (!config) return report_error(config.error(), err);
  const auto keys = read_key_file(config->keys_file);
  if (!keys) return report_error(keys.error(), err);
  for (const AccessKey& key : *keys) {
    fmt::print(out, "{:<24} {:<26} {}\n", key.name, to_string(key.scopes), day(key.made));
  }
  if (config->intake_key) {
    fmt::print(out, "{:<24} {:<26} in the clear: sojourn.toml says where\n", kIntakeKeyName,
               config->erase ? "ingest,erase" : "ingest");
  }
  if (const auto doubt = doubt_about_intake_key(*config)) fmt::print(err, "warning: {}\n", *doubt);
  return kClean;
}

int revoke_key(const KeyOptions& options, std::ostream& out, std::ostream& err) {
  const auto config = config_of(options);
  if (!config) return report_error(config.error(), err);
  const auto changed = change_key_file(
      config->keys_file, [&](AccessKeys& keys) { return drop_key(keys, options.name); });
  if (!changed) return report_error(changed.error(), err);
  fmt::print(out, "`{}` is revoked\n", options.name);
  return tell_daemon(options, err);
}

namespace {

using Words = std::shared_ptr<KeyOptions>;

Command sub_command(const std::string& name, const std::string& help, const Words& words,
                    int (*run)(const KeyOptions&, std::ostream&, std::ostream&)) {
  Command command{name, help, {}, [words, run] { return run(*words, std::cout, std::cerr); }};
  command.options.push_back(
      {"--project", "A folder of the project (default: here)", &words->daemon.project});
  command.options.push_back(
      {"--env", "The NAME of an [env.NAME] in sojourn.toml", &words->daemon.environment});
  return command;
}

int make_key(const KeyOptions& options, std::ostream& out, std::ostream& err) {
  const std::int64_t now = uv::SystemClock().wall().millis;
  return new_key(options, base::civil_from_days(now / base::days24(1).count), out, err);
}

}  // namespace

Command key_command() {
  Command all{"key", "Make, list and revoke the keys that senders and operators bring", {}, {}};
  const auto words = [] { return std::make_shared<KeyOptions>(); };
  const auto add = [&](const char* name, const char* help, auto run) -> std::pair<Command&, Words> {
    const Words own = words();
    return {all.commands.emplace_back(sub_command(name, help, own, run)), own};
  };
  {
    const auto [made, own] =
        add("new", "Make a key, print it once, and keep its hash in keys.toml", make_key);
    made.options.push_back({"NAME", "What metrics call it", &own->name, true});
    made.options.push_back({"--scope",
                            "What it may do: some of ingest, read, operate, erase, with commas "
                            "between",
                            &own->scopes, true});
  }
  add("list", "Their names, scopes and dates", list_keys);
  const auto [gone, own] = add("revoke", "Let a key in no more, from now on", revoke_key);
  gone.options.push_back({"NAME", "Its name", &own->name, true});
  return all;
}

}  // namespace sojourn::app
