// How senders reach us, and how what they say goes on: [intake] and [forward].
#include <charconv>
#include <system_error>

#include "app/config_tables.h"

namespace sojourn::app {
namespace {

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

}  // namespace

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
  table.boolean("erase", config.erase);
  read_mapping(table, config, problem);
  read_secret_source(table, config.intake_key);
  table.integer("max_body_bytes", config.max_body_bytes, 1'024, 64 << 20);
  table.integer("max_waiting_items", config.max_waiting_items, 1, 1'000'000);
  table.integer("max_waiting_bytes", config.max_waiting_bytes, 1'024, std::int64_t{1} << 32);
  table.integer("max_items_per_request", config.max_items_per_request, 1, 100'000);
  table.integer("max_connections", config.max_connections, 1, 100'000);
  table.finish();
}

}  // namespace sojourn::app
