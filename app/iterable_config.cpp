// How we reach Iterable, and how it reaches us: [iterable].
#include <algorithm>

#include "app/config_tables.h"
#include "base/text.h"

namespace sojourn::app {
namespace {

constexpr base::Millis kAbsentAfterWithNotices = base::seconds(300);

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

}  // namespace

NoticeConfig read_notices(const TomlTable& toml, const std::string& where, TomlProblem& problem) {
  TableReader table(toml, where, problem);
  NoticeConfig notices;
  read_secret_source(table, notices.key);
  table.text("header", notices.header);
  table.boolean("pass_on_tombstones", notices.pass_on_tombstones);
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
  using enum connectors::ProjectIdentity;
  read_choice<connectors::ProjectIdentity>(
      table, "identity", {{"email", kEmail}, {"user_id", kUserId}, {"hybrid", kHybrid}},
      config.identity);
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

}  // namespace sojourn::app
