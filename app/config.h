// sojourn.toml: what differs by place, never by meaning. Read once at start; a
// value. docs/running.md describes every key.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/iterable/bulk.h"
#include "connectors/recipient.h"
#include "runtime/endpoint_budgets.h"
#include "runtime/intake_mapping.h"

namespace sojourn::app {

struct Address {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any free port
};

// Where a secret is: never its value, which is read when it is used.
struct SecretSource {
  std::string file;  // relative to the project
  std::string environment_variable;
};

// Ids that override or supply those in the text, by declared name.
struct IdOverrides {
  std::map<std::string, std::int64_t> campaigns;
  std::map<std::string, std::int64_t> message_types;
  std::map<std::string, std::int64_t> channels;  // by message type
  std::map<std::string, std::int64_t> lists;
};

// [webhooks]: whom journeys may ask, and with what.
struct WebhookConfig {
  std::vector<std::string> allow;               // HOST or HOST:PORT
  std::vector<std::string> allow_private;       // the same, also where no public address is
  std::map<std::string, std::string> urls;      // by webhook; instead of those in the text
  std::map<std::string, SecretSource> secrets;  // by the name that a webhook gives
  std::string ca_file;
  std::uint32_t max_in_doubt = 16;  // per host
};

// [iterable.bulk]: what goes to Iterable many at a time.
struct BulkConfig {
  // Profile updates and events alike, so that what concerns one user goes one way.
  bool on = false;
  std::size_t max_items = connectors::iterable::kMaxBulkItems;
  std::size_t max_bytes = connectors::iterable::kMaxBulkBytes;
  // Calls, of which [iterable.budgets] share is ours. As Iterable publishes.
  double users_update_per_second = 5;
  double events_track_per_second = 10;
};

// [iterable.webhooks]: how Iterable's system webhooks, which tell what became of messages, are let
// in.
struct NoticeConfig {
  std::optional<SecretSource> key;  // nothing: none is taken
  std::string header;               // that brings it, in lower case; empty: Authorization
  // What somebody opted out of before they appeared goes on to Iterable.
  bool pass_on_tombstones = true;
};

// [forward]: how what came by Iterable's own paths goes on to Iterable.
struct ForwardConfig {
  runtime::ForwardMode mode = runtime::ForwardMode::kOff;  // [intake] forward
  std::size_t max_connections = 64;
  std::size_t max_waiting = 1'024;  // requests whose senders wait for Iterable's answer
  base::Millis timeout = base::seconds(30);
  std::int64_t max_queued = 1'000'000;  // requests that were answered and have not left
};

struct Config {
  std::string root;     // the folder of sojourn.toml, absolute
  std::string project;  // its name

  Address http;                    // [listen] http
  std::optional<Address> admin;    // [listen] admin; nothing: operators have the socket only
  std::string control_socket;      // [listen] control; absolute
  std::vector<std::string> hosts;  // [listen] hosts: names by which senders may ask
  bool open_metrics = true;        // [listen] open_metrics: without a key
  std::string keys_file;           // [keys] file; absolute
  std::string store_path;          // [store] path; absolute, a folder
  // [store] erasure_ledger; absolute, outside store_path. Empty: none is kept.
  std::string erasure_ledger;
  std::int64_t cache_mebibytes = 16;  // [store] cache_mb
  std::int32_t keep_log_days = 90;    // [store] keep_log_days
  // [store] write_ahead_log_kb: as long as it gets before it is copied into the database.
  std::int64_t write_ahead_log_kibibytes = 64 * 1024;

  // [store] ballast_mb: room that is given up when the disk is full; 0: none is kept.
  std::int64_t ballast_mebibytes = 64;

  std::optional<SecretSource> intake_key;  // [intake] key_file | key_env
  std::size_t max_body_bytes = 4 * 1024 * 1024;
  std::size_t max_waiting_items = 20'000;
  std::size_t max_waiting_bytes = std::size_t{128} << 20;
  std::size_t max_items_per_request = 5'000;
  std::size_t max_connections = 1024;
  runtime::IntakeMapping mapping;  // [intake] purchase_event, … [intake.workflows], …
  ForwardConfig forward;
  bool erase = false;  // [intake] erase: senders may have people erased

  connectors::ProjectIdentity identity = connectors::ProjectIdentity::kEmail;  // [iterable]
  BulkConfig bulk;
  std::string base_url;  // [iterable] data_center | base_url; no slash at the end
  std::optional<SecretSource> iterable_key;
  bool allow_http = false;  // only for a look-alike on this machine
  std::string ca_file;
  std::size_t iterable_connections = 64;
  std::uint32_t max_in_doubt = 256;
  base::Millis iterable_timeout = base::seconds(30);
  std::uint32_t max_parked = 4'096;
  base::Millis look_up_after = base::seconds(120);  // 0: never
  // [iterable] absent_after_seconds. Without a word of it: 300 where notices are taken, else 0.
  base::Millis absent_after;
  NoticeConfig notices;
  runtime::EndpointBudgets budgets = runtime::EndpointBudgets::published();

  WebhookConfig webhooks;

  std::uint32_t release_per_second = 200;  // [operations]

  std::uint32_t overdue_per_second = 10'000;      // [timers]
  std::uint32_t put_off_per_second = 1'000;       // [timers]
  base::Millis clock_settle = base::minutes(60);  // [clock] settle_minutes
  std::optional<base::Millis> max_outage;         // [clock] max_outage_days

  // Of the chosen environment; nothing: everything may leave.
  std::string environment;
  std::optional<std::vector<std::string>> only_to;
  IdOverrides ids;
};

// `root` is the project's folder. `environment` is the NAME of an [env.NAME]
// table, or empty for none. An unknown key, a wrong type or an unknown environment
// is an error that names the line.
base::Result<Config> load_config(const std::string& root, const std::string& environment);

// The secret itself: the file's text or the variable's value, without the line
// end. An error when it is not there or empty; never echoed.
base::Result<std::string> read_secret(const Config& config, const SecretSource& source);
// The same of a secret that others bring: two, on a line of the file each, while one takes the
// other's place.
base::Result<std::vector<std::string>> read_rotated_secret(const Config& config,
                                                           const SecretSource& source);

}  // namespace sojourn::app
