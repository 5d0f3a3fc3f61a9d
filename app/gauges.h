// What the daemon measures of itself at one moment, for `sojourn status` and /metrics. A value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/disk_room.h"
#include "app/doorkeeper.h"
#include "app/notice_receiver.h"
#include "runtime/held_store.h"
#include "runtime/histogram.h"
#include "runtime/lived_clock.h"
#include "runtime/shard_thread.h"
#include "runtime/uv/http_client.h"
#include "runtime/uv/http_server.h"

namespace sojourn::app {

struct Gauges {
  Config config;
  base::Instant now;   // that the daemon lives by
  base::Instant wall;  // what the clock of the machine says
  runtime::ClockState clock = runtime::ClockState::kSteady;
  std::uint64_t sequence = 0;  // of the last commit seen
  runtime::ShardThread::State shard;
  runtime::ShardThread::Gauges measured;
  // Of a store that was restored and has not been released: what is known of its backup.
  std::optional<runtime::HeldRecord> held;
  bool held_timers_run = false;
  runtime::Histogram loop_lag;
  std::size_t intake_waiting = 0;
  std::uint64_t intake_turned_away = 0;
  std::size_t notices_waiting = 0;
  NoticeReceiver::Refused notices_refused;
  DiskRoom::Report disk;
  std::uint64_t turned_away_by_disk = 0;
  std::size_t attempts_under_way = 0;
  uv::HttpServerStats server;
  std::vector<Doorkeeper::Use> keys;
  std::uint64_t unknown_keys = 0;  // requests with no key that is known, or with none
  uv::HttpClientStats client;
  uv::HttpClientStats webhooks;
  uv::HttpClientStats forwarder;
  std::int64_t forwards_waiting = 0;  // requests that were answered and have not left
  std::uint64_t forwards_missed =
      0;  // that Iterable took, and of which nothing could be taken here
};

}  // namespace sojourn::app
