#include "app/shard_settings.h"

#include <utility>

namespace sojourn::app {

base::Result<runtime::ShardSettings> shard_settings(const Config& config, bool has_notices,
                                                    runtime::ErasureLedger* ledger) {
  runtime::ShardSettings settings;
  settings.max_in_doubt = config.max_in_doubt;
  settings.max_parked = config.max_parked;
  settings.max_calls_in_doubt = config.webhooks.max_in_doubt;
  settings.budgets = config.budgets;
  settings.keep_log_days = config.keep_log_days;
  settings.overdue_per_second = config.overdue_per_second;
  settings.put_off_per_second = config.put_off_per_second;
  settings.turn.ledger = ledger;
  settings.turn.release_per_second = config.release_per_second;
  settings.turn.look_up_after = config.look_up_after;
  settings.turn.identity = config.identity;
  settings.turn.absent_after = config.absent_after;
  settings.turn.has_notices = has_notices;
  settings.turn.pass_on_opt_outs = has_notices && config.notices.pass_on_tombstones;
  if (config.only_to) {
    auto only_to = connectors::OnlyTo::from_patterns(*config.only_to);
    if (!only_to) return tl::unexpected(only_to.error());
    settings.turn.only_to = std::move(*only_to);
  }
  return settings;
}

}  // namespace sojourn::app
