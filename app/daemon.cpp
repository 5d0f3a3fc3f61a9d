#include "app/daemon.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

#include "app/connection_budget.h"
#include "app/control_api.h"
#include "app/daemon_outward.h"
#include "app/daemon_store.h"
#include "app/doorkeeper.h"
#include "app/forwarder.h"
#include "app/front_door.h"
#include "app/intake_api.h"
#include "app/metrics.h"
#include "app/notice_receiver.h"
#include "app/shard_settings.h"
#include "app/status.h"
#include "app/webhook_places.h"
#include "base/check.h"
#include "base/driven_clock.h"
#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "runtime/last_lived.h"
#include "runtime/lived_clock.h"
#include "runtime/program.h"
#include "runtime/shard.h"
#include "runtime/shard_thread.h"
#include "runtime/uv/http_server.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/loop_lag.h"
#include "runtime/uv/os_random.h"
#include "runtime/uv/timer.h"

namespace sojourn::app {
namespace {

constexpr base::Millis kDrainPoll{20};
constexpr base::Millis kAnyOutage = base::days24(3'650'000);

std::int64_t forwards_waiting(const Counters& counters) {
  const auto found = counters.values().find("forwards_waiting");
  return found == counters.values().end() ? 0 : found->second;
}

uv::HttpServerOptions limits_of_operators() {
  uv::HttpServerOptions limits;
  limits.max_connections = kOperatorConnections;
  return limits;
}

using MakesRandom = std::unique_ptr<base::Random>();
std::unique_ptr<base::Random> make_random(std::optional<std::uint64_t> seed, MakesRandom unseeded) {
  if (seed) return std::make_unique<base::SeededRandom>(*seed);
  return unseeded();
}

}  // namespace

class Daemon::Impl final : public runtime::Publisher {
 public:
  Impl(Daemon& daemon, uv::Loop& loop, base::Clock& clock, const Log& log, DaemonOptions options)
      : daemon_(daemon),
        loop_(loop),
        clock_(clock),
        log_(log),
        config_(std::move(options.config)),
        options_(std::move(options)),
        doorkeeper_(std::move(options_.keys)),
        guard_(config_.hosts),
        door_(guard_, doorkeeper_),
        random_(make_random(options_.seed, uv::os_seeded_random)),
        shard_random_(make_random(options_.seed, uv::os_random)),
        kept_(loop_, log_, config_, options_.on_progress) {}

  ~Impl() override {
    // The shard's thread posts to us: it must end before we do.
    shard_thread_.reset();
  }

  base::Status start() {
    // What cannot be called is said before anything is touched.
    auto places = webhook_places(config_, options_.program);
    if (!places) return tl::unexpected(places.error());
    options_.on_part("opening the store");
    if (auto opened = kept_.open(); !opened) return opened;
    if (auto made = make_clock(); !made) return made;
    if (auto ours = runtime::check_owner(config_.project, config_.environment, kept_.live());
        !ours) {
      return ours;
    }
    options_.on_part("applying the journeys");
    if (auto made = make_shard(); !made) return made;
    make_outward(std::move(*places));
    // Before anything is claimed, or found in doubt: who cannot listen ends without a loop that
    // would send and log it. Nobody is served before the loop runs.
    if (auto listening = listen(); !listening) return listening;
    options_.on_part("taking up what was under way");
    if (kept_.held() != nullptr) shard_->hold(runtime::Shard::Hold::kEverything);
    if (auto recovered = shard_->recover(time_->wall()); !recovered) return recovered;
    kept_.disk().start();
    kept_.started();
    shard_thread_->start();
    lag_timer_.emplace(loop_, [this](base::Millis late) { loop_lag_.add(late); });
    return {};
  }

  // From the shard's thread.
  void publish(runtime::TurnOutput output) override {
    post([this, output = std::move(output)]() mutable { show(std::move(output)); });
  }
  void answer(runtime::QueryAnswer answer) override {
    post([this, answer = std::move(answer)] { control_->finish(answer); });
  }

  void close(base::Millis grace, std::function<void()> done) {
    closed_ = std::move(done);
    close_until_ = loop_.now_monotonic() + grace.count;
    shard_thread_->offer(runtime::StopClaiming{});
    // A copy of a large store takes longer than anybody waits for an end.
    shard_thread_->end_jobs();
    server_->close([this] { server_closed_ = true; });
    control_server_->close([] {});
    if (admin_server_) admin_server_->close([] {});
    drain_timer_.emplace(loop_, [this] { drain(); });
    drain_timer_->start(base::Millis{0});
  }

  Progress progress() const {
    const runtime::ShardThread::State state = shard_thread_->state();
    const bool all_shown = published_.load() == shown_;
    return Progress{state.idle && all_shown && intake_->waiting() == 0 &&
                        notices_->waiting() == 0 && outward_->under_way() == 0 &&
                        state.in_flight == 0,
                    state.next_wake};
  }

  Gauges gauges() const {
    Gauges gauges;
    gauges.config = config_;
    const runtime::LivedClock::View clock = time_->view();
    gauges.now = clock.now;
    gauges.wall = clock.wall;
    gauges.clock = clock.state;
    gauges.sequence = sequence_;
    const runtime::HeldStore* held = kept_.held();
    if (held != nullptr && held->stage() != runtime::HeldStore::Stage::kReleased) {
      gauges.held = held->record();
      gauges.held_timers_run = held->stage() == runtime::HeldStore::Stage::kTimersRun;
    }
    gauges.shard = shard_thread_->state();
    gauges.measured = shard_thread_->gauges();
    gauges.loop_lag = loop_lag_;
    gauges.intake_waiting = intake_->waiting();
    gauges.intake_turned_away = intake_->turned_away();
    gauges.notices_waiting = notices_->waiting();
    gauges.notices_refused = notices_->refused();
    outward_->report(gauges);
    gauges.disk = kept_.disk().report();
    gauges.turned_away_by_disk = kept_.disk().turned_away();
    gauges.server = server_->stats();
    gauges.keys = doorkeeper_.uses();
    gauges.unknown_keys = doorkeeper_.unknown();
    if (forwarder_) gauges.forwarder = forwarder_->stats();
    gauges.forwards_waiting = forwards_waiting(counters_);
    gauges.forwards_missed = forwards_missed_;
    return gauges;
  }

  base::Result<std::size_t> reload_keys() {
    if (!options_.read_keys) {
      return base::failure(base::Error::Kind::kConflict, "this daemon was given its keys");
    }
    auto keys = options_.read_keys();
    if (!keys) return keys_not_read(keys.error());
    if (options_.read_notice_keys) {
      const auto notice_keys = options_.read_notice_keys();
      if (!notice_keys) return keys_not_read(notice_keys.error());
      notices_->replace(*notice_keys);
    }
    const std::size_t count = keys->size();
    doorkeeper_.replace(std::move(*keys));
    log_.info("keys_read", {{"keys", std::to_string(count)}});
    return count;
  }

  int port() const { return port_; }
  std::uint64_t shard_rounds() const { return shard_thread_->state().rounds; }
  const Counters& counters() const { return counters_; }
  void wake() { shard_thread_->wake(); }

 private:
  tl::unexpected<base::Error> keys_not_read(const base::Error& error) const {
    log_.line(Log::Level::kWarning, "keys_not_read",
              {{"message", error.message}, {"hint", error.hint}});
    return tl::unexpected(error);
  }

  template <typename Task>
  void post(Task task) {
    published_.fetch_add(1);
    loop_.post([this, alive = std::weak_ptr<int>(alive_), task = std::move(task)]() mutable {
      if (alive.expired()) return;
      task();
      ++shown_;
    });
  }

  // The store knows until when the last process lived.
  base::Status make_clock() {
    auto lived = runtime::read_last_lived(kept_.on_disk());
    if (!lived) return tl::unexpected(lived.error());
    runtime::ClockSettings settings;
    settings.settle = config_.clock_settle;
    // Whoever drives a clock means it.
    const bool is_driven = dynamic_cast<base::DrivenClock*>(&clock_) != nullptr;
    if (is_driven) settings.max_outage = kAnyOutage;
    settings.max_outage = config_.max_outage.value_or(settings.max_outage);
    time_ = std::make_unique<runtime::LivedClock>(
        clock_, settings, *lived,
        [this](const runtime::LivedClock::View& view) { post([this, view] { say(view); }); });
    const runtime::LivedClock::View view = time_->view();
    if (view.state != runtime::ClockState::kSteady) say(view);
    return {};
  }

  void say(const runtime::LivedClock::View& view) {
    const bool is_steady = view.state == runtime::ClockState::kSteady;
    log_.line(is_steady ? Log::Level::kInfo : Log::Level::kWarning,
              "clock_" + std::string(to_string(view.state)),
              {{"wall", base::to_iso8601(view.wall)}, {"lives_by", base::to_iso8601(view.now)}});
  }

  base::Status make_shard() {
    auto zones = tzdata::SystemZones::open();
    if (!zones) return tl::unexpected(zones.error());
    zones_ = std::move(*zones);
    auto program =
        runtime::apply_program(config_.project, options_.program.catalog, options_.program.graphs,
                               kept_.live(), options_.program.places);
    if (!program) return tl::unexpected(program.error());
    program_ = std::move(*program);
    auto counters = kept_.on_disk().counters();
    if (!counters) return tl::unexpected(counters.error());
    counters_.set(*counters);
    sequence_ = kept_.on_disk().sequence();

    auto settings = shard_settings(config_, !options_.notice_keys.empty(), kept_.ledger());
    if (!settings) return tl::unexpected(settings.error());
    shard_.emplace(*settings, program_, kept_.live(), *zones_, *shard_random_, *this);
    shard_thread_ = std::make_unique<runtime::ShardThread>(
        *shard_, *time_,
        runtime::ShardThread::Room{config_.max_waiting_items, config_.max_waiting_bytes},
        [this](const base::Error& error) { post([this, error] { options_.on_fatal(error); }); },
        [this] { post([this] { intake_->room_came(); }); });
    return {};
  }

  void make_outward(std::vector<WebhookPlace> places) {
    outward_.emplace(loop_, clock_, config_, options_.iterable_key, std::move(places),
                     program_->catalog(), [this](runtime::AttemptEnded ended) {
                       // Only a shard that has died or ended refuses; the claim is then in doubt.
                       shard_thread_->offer(std::move(ended));
                     });
  }

  base::Status make_intake() {
    if (auto checked = runtime::check_mapping(config_.mapping, *program_); !checked) return checked;
    IntakeSettings settings;
    settings.limits.max_items = config_.max_items_per_request;
    settings.mapping = config_.mapping;
    settings.forward = config_.forward.mode;
    settings.max_queued = config_.forward.max_queued;
    IntakeLinks links;
    links.doorkeeper = &doorkeeper_;
    links.offer = [this](runtime::IntakeRequest& request) {
      runtime::ShardInput input = std::move(request);
      if (shard_thread_->try_offer(input)) return true;
      request = std::move(std::get<runtime::IntakeRequest>(input));
      return false;
    };
    if (config_.forward.mode != runtime::ForwardMode::kOff) {
      links.forwarder = &forwarder_.emplace(loop_, config_, options_.iterable_key);
    }
    links.queued = [this] { return forwards_waiting(counters_); };
    links.missed = [this](std::string_view path, const std::string& why) {
      ++forwards_missed_;
      log_.line(Log::Level::kWarning, "taken_by_iterable_alone",
                {{"path", std::string(path)}, {"detail", why}});
    };
    intake_.emplace(*program_, settings, *random_, std::move(links));
    return {};
  }

  // Opens its sockets, and makes what answers there.
  base::Status listen() {
    if (auto made = make_intake(); !made) return made;
    notices_.emplace(options_.notice_keys, config_.notices.header,
                     [this](runtime::IntakeRequest request) {
                       return shard_thread_->offer(std::move(request));
                     });
    uv::HttpServerOptions limits;
    limits.max_connections = config_.max_connections;
    limits.max_body_bytes = config_.max_body_bytes;
    const std::size_t max_body_bytes = config_.max_body_bytes;
    server_ = std::make_unique<uv::HttpServer>(
        loop_, limits,
        uv::HttpHandlers{[this](uv::HttpRequest&& request, uv::Responder responder) {
                           serve(std::move(request), std::move(responder));
                         },
                         [max_body_bytes](const uv::HttpRequest&) {
                           return IntakeApi::body_too_large(max_body_bytes);
                         },
                         [this](const uv::HttpRequest& request) -> std::optional<uv::HttpResponse> {
                           const bool is_notice = request.path() == NoticeReceiver::kPath;
                           if (is_notice && notices_->is_let_in(request))
                             return door_.doubt(request);
                           return door_.refuse_stranger(request);
                         }});
    auto port = server_->listen_tcp(config_.http.host, config_.http.port);
    if (!port) return tl::unexpected(port.error());
    port_ = *port;
    ControlLinks links;
    links.ask = [this](runtime::ShardInput input) {
      return shard_thread_->offer(std::move(input));
    };
    links.order_store = [this](StoreOrder order, std::uint64_t token) {
      return order_store(std::move(order), token);
    };
    links.passes_on = config_.forward.mode != runtime::ForwardMode::kOff;
    control_.emplace(daemon_, dynamic_cast<base::DrivenClock*>(&clock_), *time_, std::move(links));
    uv::HttpServerOptions control = limits_of_operators();
    // The file's mode says so, too; that can be changed by mistake.
    control.unix_users = {{::geteuid(), 0}};
    control_server_ = std::make_unique<uv::HttpServer>(
        loop_, control,
        uv::HttpHandlers{[this](uv::HttpRequest&& request, uv::Responder responder) {
                           control_->handle(std::move(request), std::move(responder));
                         },
                         {}});
    if (auto listening = listen_for_operators(); !listening) return listening;
    return control_server_->listen_unix(config_.control_socket);
  }

  // Operators who are elsewhere; a key says what they may do.
  base::Status listen_for_operators() {
    if (!config_.admin) return {};
    admin_server_ = std::make_unique<uv::HttpServer>(
        loop_, limits_of_operators(),
        uv::HttpHandlers{
            [this](uv::HttpRequest&& request, uv::Responder responder) {
              if (auto refusal = door_.refuse_operator(request)) {
                return responder.answer(*refusal);
              }
              responder.let_in();
              control_->handle(std::move(request), std::move(responder));
            },
            {},
            [this](const uv::HttpRequest& request) { return door_.refuse_stranger(request); }});
    auto port = admin_server_->listen_tcp(config_.admin->host, config_.admin->port);
    if (!port) return tl::unexpected(port.error());
    log_.info("operators", {{"http", config_.admin->host + ":" + std::to_string(*port)}});
    return {};
  }

  bool order_store(StoreOrder order, std::uint64_t token) {
    const runtime::CommandNote note{order.by, words_of(order), {}};
    const bool is_backup = order.what == StoreOrder::What::kBackup;
    auto done = [this, token, note, is_backup](const base::Status& status) {
      post([this, token, note, is_backup, status] {
        // A backup changes nothing.
        if (status && !is_backup) shard_thread_->offer(note);
        control_->finish(answer_of(token, status));
      });
    };
    return shard_thread_->run_between_turns(
        job_of(std::move(order), {kept_.on_disk(), kept_.held(), *shard_}, std::move(done)));
  }

  void serve(uv::HttpRequest&& request, uv::Responder responder) {
    if (auto refusal = door_.doubt(request)) return responder.answer(*refusal);
    if (request.path() == "/metrics" && request.method() == "GET") {
      auto refusal = config_.open_metrics ? std::nullopt : door_.refuse(request, Scope::kRead);
      if (refusal) return responder.answer(*refusal);
      return responder.answer(
          uv::HttpResponse{200, daemon_.metrics_text(), "text/plain; version=0.0.4", {}});
    }
    if (!kept_.disk().takes_in() && request.method() != "GET") {
      return responder.answer(kept_.disk().turn_away());
    }
    if (request.path() == NoticeReceiver::kPath) {
      return notices_->handle(request, std::move(responder));
    }
    intake_->handle(std::move(request), std::move(responder));
  }

  // A committed turn, on the loop's thread.
  void show(runtime::TurnOutput output) {
    sequence_ = std::max(sequence_, output.sequence);
    counters_.apply(output.counters);
    for (const runtime::IntakeResult& result : output.results) {
      if (result.endpoint == runtime::IntakeRequest::Endpoint::kNotices) {
        notices_->finish(result);
      } else {
        intake_->finish(result);
      }
    }
    for (runtime::Outgoing& outgoing : output.outgoing) {
      outward_->dispatch(std::move(outgoing));
    }
    for (const runtime::QueryAnswer& answer : output.answers) control_->finish(answer);
    for (const runtime::OperatorNote& note : output.notes) {
      const bool is_news = note.weight == runtime::OperatorNote::Weight::kNews;
      log_.line(is_news ? Log::Level::kInfo : Log::Level::kWarning, note.event,
                {{"detail", note.detail}});
    }
  }

  void drain() {
    const bool late = loop_.now_monotonic() >= close_until_;
    const bool drained = server_closed_ && outward_->under_way() == 0 && progress().idle;
    if (!drained && !late) return drain_timer_->start(kDrainPoll);
    if (!drained) log_.line(Log::Level::kWarning, "stopped_with_attempts_under_way");
    intake_->give_up();
    shard_thread_->stop();
    // What the last turn published is still to be shown.
    loop_.post([this, alive = std::weak_ptr<int>(alive_)] {
      if (!alive.expired()) std::exchange(closed_, nullptr)();
    });
  }

  Daemon& daemon_;
  uv::Loop& loop_;
  base::Clock& clock_;
  const Log& log_;
  const Config config_;
  DaemonOptions options_;
  Doorkeeper doorkeeper_;
  const HostGuard guard_;
  const FrontDoor door_;
  std::unique_ptr<base::Random> random_;  // the loop thread's
  // The shard thread's. The key of forgotten names is made of it.
  std::unique_ptr<base::Random> shard_random_;
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);

  DaemonStore kept_;
  std::unique_ptr<runtime::LivedClock> time_;
  std::unique_ptr<calendar::ZoneSource> zones_;
  std::shared_ptr<const runtime::Program> program_;
  std::optional<DaemonOutward> outward_;
  std::optional<Forwarder> forwarder_;  // with [intake] forward
  std::optional<IntakeApi> intake_;
  std::uint64_t forwards_missed_ = 0;
  std::optional<NoticeReceiver> notices_;
  std::optional<ControlApi> control_;
  std::unique_ptr<uv::HttpServer> server_;
  std::unique_ptr<uv::HttpServer> control_server_;
  std::unique_ptr<uv::HttpServer> admin_server_;  // with [listen] admin
  std::optional<uv::Timer> drain_timer_;
  std::optional<uv::LoopLag> lag_timer_;
  runtime::Histogram loop_lag_;
  Counters counters_;
  std::uint64_t sequence_ = 0;
  int port_ = 0;

  std::atomic<std::uint64_t> published_{0};
  std::uint64_t shown_ = 0;
  bool server_closed_ = false;
  std::int64_t close_until_ = 0;
  std::function<void()> closed_;

  std::optional<runtime::Shard> shard_;
  std::unique_ptr<runtime::ShardThread> shard_thread_;
};

Daemon::Daemon(uv::Loop& loop, base::Clock& clock, const Log& log, DaemonOptions options)
    : impl_(std::make_unique<Impl>(*this, loop, clock, log, std::move(options))) {}
Daemon::~Daemon() = default;

base::Status Daemon::start() {
  return impl_->start();
}
int Daemon::port() const {
  return impl_->port();
}
void Daemon::close(base::Millis grace, std::function<void()> done) {
  impl_->close(grace, std::move(done));
}
base::Result<std::size_t> Daemon::reload_keys() {
  return impl_->reload_keys();
}
void Daemon::wake() {
  impl_->wake();
}
Daemon::Progress Daemon::progress() const {
  return impl_->progress();
}
std::uint64_t Daemon::shard_rounds() const {
  return impl_->shard_rounds();
}
const Counters& Daemon::counters() const {
  return impl_->counters();
}
std::string Daemon::status_json() const {
  return app::status_json(impl_->gauges(), counters());
}
std::string Daemon::metrics_text() const {
  return app::metrics_text(impl_->gauges(), counters());
}

}  // namespace sojourn::app
