// The operator's commands: HTTP over a Unix socket that only this user may open, and, where
// `[listen] admin` says so, over TCP with a key (front_door.h). Asked
// by `sojourn user`, `export`, `forget`, `why`, `status`, `clock`, `pause`, `resume`, `drain`,
// `stop`, `log`, `deliveries`, `backup` and `release`, and by whoever drives the clock of a daemon
// that was started with a driven one.
//
//   GET  /status            counts per step
//   GET  /user?id=IDENTITY  everything about one person
//   GET  /export?id=IDENTITY  all of it as one document (runtime/user_export.h)
//   POST /forget {"id":IDENTITY,"yes":…,"by":…}
//                           counts what there is of one person; with "yes" they are erased
//   GET  /why?id=IDENTITY&about=MESSAGE  what became of a message for them, and why
//   POST /journey {"command":"pause|resume|drain|stop","journey":NAME,"clock":"run|freeze",
//                  "yes":…,"by":…}
//                           counts what the command is about; with "yes" it is carried out
//   GET  /log?limit=N       the newest commands that were carried out
//   GET  /deliveries        what ended unsent, or is on its way (delivery_requests.h)
//   POST /deliveries/retry, /deliveries/drop  sends such deliveries again, or gives them up
//   GET  /metrics           as on the listener of senders
//   POST /keys/reload {}    reads the keys that are let in anew: {"keys":N}
//   POST /backup {"to":FILE}  copies the database into a new file, while everything goes on
//   POST /release {"timers":…,"by":…}  lets a held store go on; with "timers", only its timers
//   GET  /clock             {"now":…,"wall":…,"state":…,"idle":…,"next_due":…}
//   POST /clock {"to":T}    moves a driven clock forward; {"wall":T} sets its wall clock alone
//   POST /clock/accept {"yes":…,"by":…}  with "yes", the wall clock is believed
//
// Lives on the loop's thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstdint>
#include <functional>

#include "app/daemon.h"
#include "app/store_orders.h"
#include "base/driven_clock.h"
#include "runtime/lived_clock.h"
#include "runtime/shard_input.h"
#include "runtime/uv/http_server.h"

namespace sojourn::app {

// Whom it asks. False: too much waits, or the daemon is about to end.
struct ControlLinks {
  // Gives a question or a command to the shard; the answer comes to ControlApi::finish.
  std::function<bool(runtime::ShardInput)> ask;
  // The same of what is done with the whole store, between two turns.
  std::function<bool(StoreOrder order, std::uint64_t token)> order_store;
  // What senders say goes on to Iterable, so whom an operator forgets is forgotten there, too.
  bool passes_on = false;
};

class ControlApi {
 public:
  // `driven` is null when the daemon runs on the real clock.
  ControlApi(Daemon& daemon, base::DrivenClock* driven, runtime::LivedClock& clock,
             ControlLinks links);

  void handle(uv::HttpRequest&& request, uv::Responder responder);
  void finish(const runtime::QueryAnswer& answer);

 private:
  void user(const uv::HttpRequest& request, uv::Responder responder);
  void export_user(const uv::HttpRequest& request, uv::Responder responder);
  void forget(const uv::HttpRequest& request, uv::Responder responder);
  void why(const uv::HttpRequest& request, uv::Responder responder);
  void journey(const uv::HttpRequest& request, uv::Responder responder);
  void log(const uv::HttpRequest& request, uv::Responder responder);
  void backup(const uv::HttpRequest& request, uv::Responder responder);
  void release(const uv::HttpRequest& request, uv::Responder responder);
  void order_store(StoreOrder order, uv::Responder responder);
  void deliveries(const uv::HttpRequest& request, uv::Responder responder);
  void order(runtime::DeliveryOrder::Verb verb, const uv::HttpRequest& request,
             uv::Responder responder);
  // The answer comes to `finish`. `question` gets the token.
  template <typename Question>
  void ask(Question question, uv::Responder responder);
  uv::HttpResponse reload_keys();
  uv::HttpResponse clock_now() const;
  uv::HttpResponse accept_clock(const std::string& body);
  uv::HttpResponse move_clock(const std::string& body);

  Daemon& daemon_;
  base::DrivenClock* driven_;
  runtime::LivedClock& clock_;
  const ControlLinks links_;
  absl::flat_hash_map<std::uint64_t, uv::Responder> waiting_;  // by token
  std::uint64_t next_token_ = 1;
};

}  // namespace sojourn::app
