#include "app/disk_watch.h"

#include <utility>

#include "runtime/intake_parse.h"

namespace sojourn::app {
namespace {

constexpr base::Millis kEvery = base::seconds(1);
constexpr const char* kRetryAfterSeconds = "10";

}  // namespace

DiskWatch::DiskWatch(uv::Loop& loop, const Log& log, const std::string& folder,
                     std::int64_t ballast_bytes)
    : log_(log),
      room_(folder, ballast_bytes, [folder] { return free_bytes(folder); }),
      timer_(loop, [this] { look(); }) {}

void DiskWatch::look() {
  const bool is_first = !std::exchange(has_looked_, true);
  const bool has_changed = room_.look();
  // At the start, that all is well goes without saying.
  if (is_first ? !room_.takes_in() : has_changed) say();
  timer_.start(kEvery);
}

void DiskWatch::say() const {
  const DiskRoom::Report disk = room_.report();
  log_.line(disk.takes_in ? Log::Level::kInfo : Log::Level::kWarning,
            disk.takes_in ? "disk_has_room" : "disk_low",
            {{"free_bytes", std::to_string(disk.free_bytes)},
             {"wanted_bytes", std::to_string(disk.wanted_bytes)},
             {"ballast_bytes", std::to_string(disk.ballast_bytes)},
             {"detail", disk.takes_in ? "senders are let in again"
                                      : "senders get a 503 until there is room; free disk space"},
             {"problem", disk.problem}});
}

uv::HttpResponse DiskWatch::turn_away() {
  ++turned_away_;
  runtime::IntakeAnswer answer =
      runtime::envelope(503, "ServiceUnavailable",
                        "the store's disk is nearly full: nothing was taken; send it again");
  uv::HttpResponse response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  response.headers.push_back({"Retry-After", kRetryAfterSeconds});
  return response;
}

}  // namespace sojourn::app
