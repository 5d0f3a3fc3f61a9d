#include "app/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string_view>
#include <utility>

#include "app/table_reader.h"
#include "base/text.h"

namespace sojourn::app {
namespace {

using base::Error;
namespace fs = std::filesystem;

constexpr std::string_view kFileName = "sojourn.toml";

std::string under(const std::string& root, const std::string& path) {
  return (fs::path(root) / path).lexically_normal().string();
}

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

void read_listen(const TomlTable& toml, Config& config, TomlProblem& problem) {
  TableReader table(toml, "[listen]", problem);
  std::string http = "127.0.0.1:8080";
  table.text("http", http);
  table.text("control", config.control_socket);
  const std::size_t colon = http.rfind(':');
  const std::string port = colon == std::string::npos ? "" : http.substr(colon + 1);
  if (port.empty() || port.size() > 5 ||
      port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65'535) {
    table.fail("http", "must be HOST:PORT, for example \"127.0.0.1:8080\"");
  } else {
    config.http = Address{http.substr(0, colon), std::stoi(port)};
  }
  table.finish();
}

void read_store(const TomlTable& toml, Config& config, TomlProblem& problem) {
  TableReader table(toml, "[store]", problem);
  table.text("path", config.store_path);
  table.integer("cache_mb", config.cache_mebibytes, 1, 65'536);
  table.integer("keep_log_days", config.keep_log_days, 1, 3'650);
  table.finish();
}

// By the id that a workflow has in Iterable: a journey.
void read_workflows(const TomlTable& toml, const std::string& where, Config& config,
                    TomlProblem& problem) {
  TableReader table(toml, where, problem);
  for (const TomlEntry& entry : toml.entries) {
    std::int64_t id = 0;
    const char* end = entry.key.data() + entry.key.size();
    const auto [rest, error] = std::from_chars(entry.key.data(), end, id);
    if (error != std::errc() || rest != end || id <= 0) {
      table.fail(entry.key, "is no id of a workflow: a whole number, such as `4711 = \"JOURNEY\"`");
    } else {
      table.text(entry.key, config.mapping.workflows[id]);
    }
  }
}

void read_event_shape(const TomlTable& toml, runtime::EventShape& shape, TomlProblem& problem) {
  TableReader table(toml, "[intake.events]", problem);
  table.text("items", shape.items);
  table.text("name", shape.name);
  table.text("email", shape.email);
  table.text("user_id", shape.user_id);
  table.text("id", shape.id);
  table.text("created_at", shape.created_at);
  table.text("fields", shape.fields);
  if (shape.name.empty()) table.fail("name", "must say where the name of an event stands");
  if (shape.email.empty() && shape.user_id.empty()) {
    table.fail("email", "is empty, and so is `user_id`: one of them must name the user");
  }
  table.finish();
}

// A word of several, as what it stands for.
template <typename Meaning>
void read_choice(TableReader& table, std::string_view key,
                 std::initializer_list<std::pair<std::string_view, Meaning>> choices,
                 Meaning& into) {
  std::string word;
  table.text(key, word);
  if (word.empty()) return;
  std::string known;
  for (const auto& [name, meaning] : choices) {
    if (name == word) {
      into = meaning;
      return;
    }
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", name);
  }
  table.fail(key, "must be one of " + known);
}

void read_mapping(TableReader& table, Config& config, TomlProblem& problem) {
  runtime::IntakeMapping& mapping = config.mapping;
  const auto read_name = [&](std::string_view key, std::string& event, bool& is_named) {
    std::string given;
    table.text(key, given);
    is_named = !given.empty();
    if (is_named) event = std::move(given);
  };
  read_name("purchase_event", mapping.purchase_event, mapping.names_purchase_event);
  read_name("cart_event", mapping.cart_event, mapping.names_cart_event);
  if (const TomlTable* workflows = table.sub_table("workflows")) {
    read_workflows(*workflows, "[intake.workflows]", config, problem);
  }
  if (const TomlTable* segment = table.sub_table("segment")) {
    TableReader reader(*segment, "[intake.segment]", problem);
    read_choice<bool>(reader, "anonymous", {{"left_out", false}, {"user_id", true}},
                      mapping.anonymous_is_user_id);
    reader.finish();
  }
  if (const TomlTable* events = table.sub_table("events")) {
    read_event_shape(*events, mapping.events, problem);
  }
}

void read_forward(const TomlTable& toml, ForwardConfig& forward, TomlProblem& problem) {
  TableReader table(toml, "[forward]", problem);
  table.integer("max_connections", forward.max_connections, 1, 1'000);
  table.integer("max_waiting", forward.max_waiting, 1, 100'000);
  table.integer("max_queued", forward.max_queued, 1, 1'000'000'000);
  std::int64_t timeout_seconds = forward.timeout.count / 1000;
  table.integer("timeout_seconds", timeout_seconds, 1, 600);
  forward.timeout = base::seconds(timeout_seconds);
  table.finish();
}

void read_intake(const TomlTable& toml, Config& config, TomlProblem& problem) {
  TableReader table(toml, "[intake]", problem);
  using enum runtime::ForwardMode;
  read_choice<runtime::ForwardMode>(
      table, "forward", {{"off", kOff}, {"ask", kAsk}, {"queue", kQueue}}, config.forward.mode);
  read_mapping(table, config, problem);
  read_secret_source(table, config.intake_key);
  table.integer("max_body_bytes", config.max_body_bytes, 1'024, 64 << 20);
  table.integer("max_waiting_items", config.max_waiting_items, 1, 1'000'000);
  table.integer("max_items_per_request", config.max_items_per_request, 1, 100'000);
  table.integer("max_connections", config.max_connections, 1, 100'000);
  table.finish();
}

// Requests a second, by endpoint; 0: no limit. What is left out stays as published.
runtime::EndpointBudgets read_budgets(const TomlTable& toml, TomlProblem& problem) {
  runtime::EndpointBudgets budgets = runtime::EndpointBudgets::published();
  TableReader table(toml, "[iterable.budgets]", problem);
  table.number("share", budgets.share, 0.01, 1);
  for (std::size_t i = 0; i < runtime::kEndpointCount; ++i) {
    const std::string_view endpoint = runtime::to_string(static_cast<runtime::Endpoint>(i));
    double& budget = budgets.per_second[i];
    double given = budget == runtime::Budget::kUnlimited ? 0 : budget;
    table.number(endpoint, given, 0, 100'000);
    budget = given == 0 ? runtime::Budget::kUnlimited : given;
  }
  table.finish();
  return budgets;
}

void read_identity(TableReader& table, connectors::ProjectIdentity& into) {
  using connectors::ProjectIdentity;
  constexpr auto kWords = std::to_array<std::pair<std::string_view, ProjectIdentity>>(
      {{"email", ProjectIdentity::kEmail},
       {"user_id", ProjectIdentity::kUserId},
       {"hybrid", ProjectIdentity::kHybrid}});
  std::string word;
  table.text("identity", word);
  if (word.empty()) return;
  const auto* found = std::find_if(kWords.begin(), kWords.end(),
                                   [&](const auto& one) { return one.first == word; });
  if (found == kWords.end()) {
    return table.fail("identity", "must be \"email\", \"user_id\" or \"hybrid\"");
  }
  into = found->second;
}

// What goes in bulk is limited by calls, not by what is in them.
void read_bulk(const TomlTable& toml, Config& config, TomlProblem& problem) {
  constexpr std::size_t kMostItems = 10'000;
  constexpr std::size_t kMostBytes = 16'000'000;
  BulkConfig& bulk = config.bulk;
  bulk = {};
  TableReader table(toml, "[iterable.bulk]", problem);
  table.boolean("on", bulk.on);
  table.integer("max_items", bulk.max_items, 1, kMostItems);
  table.integer("max_bytes", bulk.max_bytes, 1'000, kMostBytes);
  table.number("users_update_per_second", bulk.users_update_per_second, 0.1, 1'000);
  table.number("events_track_per_second", bulk.events_track_per_second, 0.1, 1'000);
  table.finish();
  if (!bulk.on) return;
  for (const auto endpoint : {runtime::Endpoint::kUsersUpdate, runtime::Endpoint::kEventsTrack}) {
    config.budgets.per_second[static_cast<std::size_t>(endpoint)] = runtime::Budget::kUnlimited;
  }
}

constexpr base::Millis kAbsentAfterWithNotices = base::seconds(300);

NoticeConfig read_notices(const TomlTable& toml, const std::string& where, TomlProblem& problem) {
  TableReader table(toml, where, problem);
  NoticeConfig notices;
  read_secret_source(table, notices.key);
  table.text("header", notices.header);
  notices.header = base::lower_ascii(notices.header);
  const bool is_name = notices.header.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") ==
                       std::string::npos;
  if (!is_name) table.fail("header", "must be the name of a header, for example \"X-Webhook-Key\"");
  if (!notices.header.empty() && !notices.key) {
    table.fail("header", "stands without a key; give `key_file` or `key_env` beside it");
  }
  table.finish();
  return notices;
}

void read_iterable(const TomlTable& toml, Config& config, TomlProblem& problem) {
  TableReader table(toml, "[iterable]", problem);
  std::string data_center = "us";
  table.text("data_center", data_center);
  table.text("base_url", config.base_url);
  read_secret_source(table, config.iterable_key);
  table.boolean("allow_http", config.allow_http);
  table.text("ca_file", config.ca_file);
  table.integer("max_connections", config.iterable_connections, 1, 1'000);
  table.integer("max_in_doubt", config.max_in_doubt, 1, 100'000);
  table.integer("max_parked", config.max_parked, 1, 1'000'000);
  config.max_parked = std::max(config.max_parked, config.max_in_doubt);
  std::int64_t look_up_after_seconds = config.look_up_after.count / 1000;
  table.integer("look_up_after_seconds", look_up_after_seconds, 0, 86'400);
  config.look_up_after = base::seconds(look_up_after_seconds);
  std::int64_t timeout_seconds = config.iterable_timeout.count / 1000;
  table.integer("timeout_seconds", timeout_seconds, 1, 600);
  config.iterable_timeout = base::seconds(timeout_seconds);
  const TomlTable* notices = table.sub_table("webhooks");
  config.notices =
      notices == nullptr ? NoticeConfig{} : read_notices(*notices, "[iterable.webhooks]", problem);
  config.absent_after = config.notices.key ? kAbsentAfterWithNotices : base::Millis{0};
  std::int64_t absent_after_seconds = config.absent_after.count / 1000;
  table.integer("absent_after_seconds", absent_after_seconds, 0, 86'400);
  config.absent_after = base::seconds(absent_after_seconds);
  const TomlTable* budgets = table.sub_table("budgets");
  config.budgets = read_budgets(budgets == nullptr ? TomlTable{} : *budgets, problem);
  const TomlTable* bulk = table.sub_table("bulk");
  read_bulk(bulk == nullptr ? TomlTable{} : *bulk, config, problem);
  // The European data centre has no projects that tell users apart by email.
  config.identity = data_center == "eu" ? connectors::ProjectIdentity::kHybrid
                                        : connectors::ProjectIdentity::kEmail;
  read_identity(table, config.identity);
  // Iterable's two data centres.
  if (config.base_url.empty()) {
    if (data_center == "us") {
      config.base_url = "https://api.iterable.com";
    } else if (data_center == "eu") {
      config.base_url = "https://api.eu.iterable.com";
    } else {
      table.fail("data_center", "must be \"us\" or \"eu\"");
    }
  }
  while (!config.base_url.empty() && config.base_url.back() == '/') config.base_url.pop_back();
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
  if (const TomlTable* webhooks = table.sub_table("webhooks")) {
    config.webhooks = {};
    read_webhooks(*webhooks, fmt::format("[env.{}.webhooks]", config.environment), config.webhooks,
                  problem);
  }
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
  read_listen(section("listen"), config, problem);
  read_store(section("store"), config, problem);
  read_intake(section("intake"), config, problem);
  read_forward(section("forward"), config.forward, problem);
  read_iterable(section("iterable"), config, problem);
  read_times(section("timers"), section("clock"), config, problem);
  read_webhooks(section("webhooks"), "[webhooks]", config.webhooks, problem);
  read_operations(section("operations"), config, problem);
  read_environment(section("env"), config, problem);
  table.finish();
  // What senders said would join calls of ours for many, and lose what belongs to its own call.
  if (!problem.first && config.bulk.on && config.forward.mode == runtime::ForwardMode::kQueue) {
    problem.first =
        Error{Error::Kind::kInvalid, "`[iterable.bulk] on` does not go with `forward = \"queue\"`",
              "switch one of them off; with `forward = \"ask\"` both are possible"};
  }
  if (!problem.first && config.project.empty()) {
    problem.first =
        Error{Error::Kind::kInvalid, fmt::format("{} has no `project`", kFileName),
              "write `project = \"NAME\"`; message keys are made of it, so it never changes"};
  }
  return problem.first;
}

}  // namespace

base::Result<Config> load_config(const std::string& root, const std::string& environment) {
  Config config;
  config.root = fs::absolute(root).lexically_normal().string();
  config.environment = environment;
  config.store_path = "data";
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
  config.control_socket = config.control_socket.empty() ? under(config.store_path, "control.sock")
                                                        : under(config.root, config.control_socket);
  return config;
}

base::Result<std::string> read_secret(const Config& config, const SecretSource& source) {
  std::string secret;
  std::string place;
  if (!source.environment_variable.empty()) {
    place = fmt::format("the environment variable {}", source.environment_variable);
    const char* value = std::getenv(source.environment_variable.c_str());
    secret = value == nullptr ? "" : value;
  } else {
    place = under(config.root, source.file);
    std::ifstream file(place);
    std::getline(file, secret);
  }
  while (!secret.empty() && (secret.back() == '\r' || secret.back() == ' ')) secret.pop_back();
  if (!secret.empty()) return secret;
  return base::failure(Error::Kind::kInvalid, fmt::format("there is no key in {}", place),
                       "put the key there, on one line");
}

}  // namespace sojourn::app
