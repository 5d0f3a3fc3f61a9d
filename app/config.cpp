#include "app/config.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <string_view>

#include "app/config_tables.h"
#include "app/host_guard.h"
#include "app/table_reader.h"

namespace sojourn::app {
namespace {

using base::Error;
namespace fs = std::filesystem;

constexpr std::string_view kFileName = "sojourn.toml";

std::string under(const std::string& root, const std::string& path) {
  return (fs::path(root) / path).lexically_normal().string();
}

// An IPv6 address may stand in brackets.
std::optional<Address> read_address(TableReader& table, std::string_view key,
                                    const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (port.empty() || port.size() > 5 ||
      port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65'535) {
    table.fail(key, "must be HOST:PORT, for example \"127.0.0.1:8080\"");
    return std::nullopt;
  }
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return Address{std::move(host), std::stoi(port)};
}

// What others can reach has to be meant.
void check_reach(TableReader& table, std::string_view key, const Address& address, bool exposed) {
  if (exposed || is_loopback(address.host)) return;
  table.fail(key, fmt::format("is `{}`, which other machines may reach: write `exposed = true` "
                              "beside it if they are to, and put TLS before it",
                              address.host));
}

// Beside the store's folder: whoever puts that back from a backup does not put an old ledger back.
std::string ledger_path(const Config& config) {
  if (config.erasure_ledger == "off") return {};
  if (config.erasure_ledger.empty()) {
    const fs::path store(config.store_path);
    // Of "data/", the folder itself.
    return (store.has_filename() ? store : store.parent_path()).string() + ".erasures";
  }
  return under(config.root, config.erasure_ledger);
}

void read_listen(const TomlTable& toml, const std::string& where, Config& config,
                 TomlProblem& problem) {
  TableReader table(toml, where, problem);
  std::string http = "127.0.0.1:8080";
  std::string admin;
  bool exposed = false;
  table.text("http", http);
  table.text("admin", admin);
  table.text("control", config.control_socket);
  table.boolean("exposed", exposed);
  std::optional<std::vector<std::string>> hosts;
  table.strings("hosts", hosts);
  config.hosts = hosts.value_or(std::vector<std::string>{});
  if (const auto address = read_address(table, "http", http)) {
    config.http = *address;
    check_reach(table, "http", config.http, exposed);
  }
  if (!admin.empty()) config.admin = read_address(table, "admin", admin);
  if (config.admin) check_reach(table, "admin", *config.admin, exposed);
  config.open_metrics = is_loopback(config.http.host);
  table.boolean("open_metrics", config.open_metrics);
  table.finish();
}

void read_keys(const TomlTable& toml, const std::string& where, Config& config,
               TomlProblem& problem) {
  TableReader table(toml, where, problem);
  table.text("file", config.keys_file);
  if (config.keys_file.empty()) table.fail("file", "must name a file");
  table.finish();
}

void read_store(const TomlTable& toml, const std::string& where, Config& config,
                TomlProblem& problem) {
  TableReader table(toml, where, problem);
  table.text("path", config.store_path);
  if (config.store_path.empty()) table.fail("path", "must name a folder");
  table.text("erasure_ledger", config.erasure_ledger);
  table.integer("cache_mb", config.cache_mebibytes, 1, 65'536);
  table.integer("keep_log_days", config.keep_log_days, 1, 3'650);
  table.integer("write_ahead_log_kb", config.write_ahead_log_kibibytes, 64, 4'194'304);
  table.integer("ballast_mb", config.ballast_mebibytes, 0, 65'536);
  table.finish();
}

void read_times(const TomlTable& timers, const TomlTable& clock, Config& config,
                TomlProblem& problem) {
  TableReader rates(timers, "[timers]", problem);
  rates.integer("overdue_per_second", config.overdue_per_second, 1, 1'000'000);
  rates.integer("put_off_per_second", config.put_off_per_second, 1, 1'000'000);
  rates.finish();
  TableReader table(clock, "[clock]", problem);
  std::int64_t settle_minutes = config.clock_settle.count / base::minutes(1).count;
  table.integer("settle_minutes", settle_minutes, 1, 10'080);
  config.clock_settle = base::minutes(settle_minutes);
  std::int64_t max_outage_days = 0;
  if (clock.find("max_outage_days") != nullptr) {
    table.integer("max_outage_days", max_outage_days, 1, 3'650);
    config.max_outage = base::days24(max_outage_days);
  }
  table.finish();
}

// "[webhooks]" and "urls" are "[webhooks.urls]".
std::string within(const std::string& table, std::string_view key) {
  return fmt::format("{}.{}]", table.substr(0, table.size() - 1), key);
}

void read_webhook_secrets(const TomlTable& toml, const std::string& where, WebhookConfig& webhooks,
                          TomlProblem& problem) {
  TableReader secrets(toml, where, problem);
  for (const TomlEntry& entry : toml.entries) {
    const TomlTable* found = secrets.sub_table(entry.key);
    if (found == nullptr) continue;
    TableReader secret(*found, within(where, entry.key), problem);
    std::optional<SecretSource> source;
    read_secret_source(secret, source);
    if (!source) secrets.fail(entry.key, "has neither `key_file` nor `key_env`");
    if (source) webhooks.secrets[entry.key] = *source;
    secret.finish();
  }
}

void read_webhooks(const TomlTable& toml, const std::string& where, WebhookConfig& webhooks,
                   TomlProblem& problem) {
  TableReader table(toml, where, problem);
  const auto hosts = [&](std::string_view key, std::vector<std::string>& into) {
    std::optional<std::vector<std::string>> given;
    table.strings(key, given);
    into = given.value_or(std::vector<std::string>{});
  };
  hosts("allow", webhooks.allow);
  hosts("allow_private", webhooks.allow_private);
  table.integer("max_in_doubt", webhooks.max_in_doubt, 1, 10'000);
  table.text("ca_file", webhooks.ca_file);
  if (const TomlTable* urls = table.sub_table("urls")) {
    TableReader reader(*urls, within(where, "urls"), problem);
    for (const TomlEntry& entry : urls->entries) reader.text(entry.key, webhooks.urls[entry.key]);
  }
  if (const TomlTable* secrets = table.sub_table("secrets")) {
    read_webhook_secrets(*secrets, within(where, "secrets"), webhooks, problem);
  }
  table.finish();
}

void read_operations(const TomlTable& toml, Config& config, TomlProblem& problem) {
  TableReader table(toml, "[operations]", problem);
  table.integer("release_per_second", config.release_per_second, 1, 100'000);
  table.finish();
}

// Where an environment has a place of its own, nothing of the default one is kept but how large
// things may get.
void read_own_places(TableReader& table, Config& config, TomlProblem& problem) {
  if (const TomlTable* store = table.sub_table("store")) {
    // Two environments share no store, and no ledger of whom to erase.
    config.store_path.clear();
    config.erasure_ledger.clear();
    read_store(*store, fmt::format("[env.{}.store]", config.environment), config, problem);
  }
  if (const TomlTable* listen = table.sub_table("listen")) {
    config.admin.reset();
    config.control_socket.clear();
    read_listen(*listen, fmt::format("[env.{}.listen]", config.environment), config, problem);
  }
  if (const TomlTable* keys = table.sub_table("keys")) {
    read_keys(*keys, fmt::format("[env.{}.keys]", config.environment), config, problem);
  }
  if (const TomlTable* webhooks = table.sub_table("webhooks")) {
    config.webhooks = {};
    read_webhooks(*webhooks, fmt::format("[env.{}.webhooks]", config.environment), config.webhooks,
                  problem);
  }
}

void read_environment(const TomlTable& all, Config& config, TomlProblem& problem) {
  if (config.environment.empty()) return;
  const TomlValue* found = all.find(config.environment);
  const TomlTable* chosen = found == nullptr ? nullptr : found->as<TomlTable>();
  if (chosen == nullptr) {
    problem.first = Error{Error::Kind::kInvalid,
                          fmt::format("{} has no [env.{}]", kFileName, config.environment),
                          {}};
    return;
  }
  TableReader table(*chosen, fmt::format("[env.{}]", config.environment), problem);
  table.strings("only_to", config.only_to);
  table.ids("campaigns", config.ids.campaigns);
  table.ids("message_types", config.ids.message_types);
  table.ids("channels", config.ids.channels);
  table.ids("lists", config.ids.lists);
  if (const TomlTable* workflows = table.sub_table("workflows")) {
    // Ids of the default place mean nothing here.
    config.mapping.workflows.clear();
    read_workflows(*workflows, fmt::format("[env.{}.workflows]", config.environment), config,
                   problem);
  }
  if (const TomlTable* iterable = table.sub_table("iterable")) {
    // A place of its own: nothing of the default one, its key least of all, is kept.
    config.base_url.clear();
    config.iterable_key.reset();
    read_iterable(*iterable, config, problem);
  }
  read_own_places(table, config, problem);
  table.finish();
}

std::optional<Error> read_all(const TomlTable& toml, Config& config) {
  TomlProblem problem{std::string(kFileName), std::nullopt};
  const TomlTable empty;
  TableReader table(toml, std::string(kFileName), problem);
  table.text("project", config.project);
  table.strings("only_to", config.only_to);
  const auto section = [&](std::string_view name) -> const TomlTable& {
    const TomlTable* found = table.sub_table(name);
    return found == nullptr ? empty : *found;
  };
  read_listen(section("listen"), "[listen]", config, problem);
  read_keys(section("keys"), "[keys]", config, problem);
  read_store(section("store"), "[store]", config, problem);
  read_intake(section("intake"), config, problem);
  read_forward(section("forward"), config.forward, problem);
  read_iterable(section("iterable"), config, problem);
  read_times(section("timers"), section("clock"), config, problem);
  read_webhooks(section("webhooks"), "[webhooks]", config.webhooks, problem);
  read_operations(section("operations"), config, problem);
  read_environment(section("env"), config, problem);
  table.finish();
  // Iterable keeps the order of what concerns a user within its single or its bulk calls only, and
  // what senders said goes on by single ones, or as it came.
  if (!problem.first && config.bulk.on && config.forward.mode != runtime::ForwardMode::kOff) {
    problem.first = Error{
        Error::Kind::kInvalid, "`[iterable.bulk] on` does not go with `forward` under [intake]",
        "switch one of them off: Iterable keeps no order between single and bulk calls"};
  }
  if (!problem.first && config.project.empty()) {
    problem.first =
        Error{Error::Kind::kInvalid, fmt::format("{} has no `project`", kFileName),
              "write `project = \"NAME\"`; message keys are made of it, so it never changes"};
  }
  return problem.first;
}

}  // namespace

void read_secret_source(TableReader& table, std::optional<SecretSource>& into) {
  SecretSource source;
  table.text("key_file", source.file);
  table.text("key_env", source.environment_variable);
  if (source.file.empty() && source.environment_variable.empty()) return;
  if (!source.file.empty() && !source.environment_variable.empty()) {
    table.fail("key_env", "stands beside `key_file`; keep one");
  }
  into = source;
}

base::Result<Config> load_config(const std::string& root, const std::string& environment) {
  Config config;
  config.root = fs::absolute(root).lexically_normal().string();
  config.environment = environment;
  config.store_path = "data";
  config.keys_file = "keys.toml";
  const std::string path = under(config.root, std::string(kFileName));
  std::ifstream file(path);
  if (!file) {
    return base::failure(Error::Kind::kNotFound, fmt::format("cannot read {}", path),
                         "a project is a folder with a sojourn.toml");
  }
  std::stringstream text;
  text << file.rdbuf();
  const auto table = parse_toml(text.str(), std::string(kFileName));
  if (!table) return tl::unexpected(table.error());
  if (auto problem = read_all(*table, config)) return tl::unexpected(*problem);
  config.store_path = under(config.root, config.store_path);
  config.keys_file = under(config.root, config.keys_file);
  config.erasure_ledger = ledger_path(config);
  config.control_socket = config.control_socket.empty() ? under(config.store_path, "control.sock")
                                                        : under(config.root, config.control_socket);
  return config;
}

namespace {

struct SecretPlace {
  std::string name;  // in messages
  std::vector<std::string> lines;
};

SecretPlace look_at(const Config& config, const SecretSource& source) {
  SecretPlace place;
  if (!source.environment_variable.empty()) {
    place.name = fmt::format("the environment variable {}", source.environment_variable);
    const char* value = std::getenv(source.environment_variable.c_str());
    if (value != nullptr) place.lines.emplace_back(value);
  } else {
    place.name = under(config.root, source.file);
    std::ifstream file(place.name);
    for (std::string line; std::getline(file, line);) place.lines.push_back(std::move(line));
  }
  for (std::string& line : place.lines) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  }
  return place;
}

base::Result<std::string> expect_secret(const SecretPlace& place, std::string secret) {
  // In a header it would begin another.
  const bool is_one_line = std::ranges::none_of(secret, [](char c) {
    return static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) == 0x7f;
  });
  if (!is_one_line) {
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("the key in {} holds a control character", place.name),
                         "put the key there, on one line");
  }
  if (!secret.empty()) return secret;
  return base::failure(Error::Kind::kInvalid, fmt::format("there is no key in {}", place.name),
                       "put the key there, on one line");
}

}  // namespace

base::Result<std::string> read_secret(const Config& config, const SecretSource& source) {
  const SecretPlace place = look_at(config, source);
  return expect_secret(place, place.lines.empty() ? std::string() : place.lines.front());
}

base::Result<std::vector<std::string>> read_rotated_secret(const Config& config,
                                                           const SecretSource& source) {
  constexpr std::size_t kMost = 2;
  SecretPlace place = look_at(config, source);
  std::erase(place.lines, "");
  if (place.lines.size() > kMost) {
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("{} has {} lines", place.name, place.lines.size()),
                         "at most two keys can hold at a time, one on each line");
  }
  if (place.lines.empty()) place.lines.emplace_back();
  std::vector<std::string> secrets;
  for (const std::string& line : place.lines) {
    auto secret = expect_secret(place, line);
    if (!secret) return tl::unexpected(secret.error());
    secrets.push_back(std::move(*secret));
  }
  return secrets;
}

}  // namespace sojourn::app
