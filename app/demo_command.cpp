#include "app/demo_command.h"

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/daemon.h"
#include "app/daemon_setup.h"
#include "app/demo_stream.h"
#include "app/demo_summary.h"
#include "app/log.h"
#include "app/webhook_places.h"
#include "base/driven_clock.h"
#include "runtime/delivery_record.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/uv/http_client.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/signals.h"
#include "runtime/uv/system_clock.h"
#include "runtime/uv/timer.h"
#include "sandbox/server.h"
#include "sandbox/table.h"

namespace sojourn::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKey = "demo-key";
constexpr base::Millis kLook = base::Millis{2};
constexpr std::int64_t kRedrawMillis = 150;
constexpr std::size_t kLastMessages = 5;
constexpr int kInterrupted = 130;

// Clears what an earlier demo left, and only that.
base::Status prepare_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return base::failure(base::Error::Kind::kInvalid,
                         "cannot make the folder " + folder.string() + ": " + error.message());
  }
  static constexpr std::array<const char*, 2> kFiles{"sojourn.db", "sandbox.db"};
  static constexpr std::array<const char*, 4> kEndings{"", "-wal", "-shm", "-journal"};
  for (const char* file : kFiles) {
    for (const char* ending : kEndings) fs::remove(folder / (std::string(file) + ending), error);
  }
  return {};
}

// Messages in the outbox of a daemon that has ended.
base::Result<std::int64_t> count_put_off(const std::string& store_file) {
  constexpr std::size_t kMost = 1'000'000;
  store::SqliteOptions options;
  options.path = store_file;
  auto store = store::open_sqlite_store(options);
  if (!store) return tl::unexpected(store.error());
  auto waiting = (*store)->deliveries(std::nullopt, kMost);
  if (!waiting) return tl::unexpected(waiting.error());
  std::int64_t messages = 0;
  for (const store::Delivery& delivery : *waiting) {
    if (!delivery.next_attempt) continue;
    auto record = runtime::decode_delivery(delivery.body);
    if (!record) return tl::unexpected(record.error());
    if (record->kind == runtime::DeliveryRecord::Kind::kMessage) ++messages;
  }
  return messages;
}

class Demo {
 public:
  Demo(const DemoOptions& options, std::vector<StreamItem> stream, std::ostream& out)
      : options_(options),
        stream_(std::move(stream)),
        out_(out),
        start_(stream_.front().at),
        end_(start_ + base::days24(options.days)),
        clock_(start_),
        log_(clock_, true),
        feeder_(loop_, feeder_options()),
        look_(loop_, [this] { look(); }),
        signals_(loop_, [this](int) { interrupt(); }) {}

  base::Status start(LoadedProject project, const std::string& folder) {
    sandbox::SandboxOptions sandbox;
    sandbox.record_file = folder + "/sandbox.db";
    sandbox.seed = options_.seed;
    sandbox.service.api_key = kKey;
    for (const std::string& text : options_.misbehave) {
      auto rule = sandbox::parse_misbehaviour(text);
      if (!rule) return tl::unexpected(rule.error());
      sandbox.misbehaviour.push_back(std::move(*rule));
    }
    auto started = sandbox::Sandbox::start(loop_, clock_, std::move(sandbox));
    if (!started) return tl::unexpected(started.error());
    sandbox_ = std::move(*started);

    DaemonOptions daemon;
    daemon.config = std::move(project.config);
    daemon.config.http = Address{"127.0.0.1", 0};
    daemon.config.store_path = folder;
    daemon.config.ballast_mebibytes = 0;
    daemon.config.control_socket = folder + "/control.sock";
    daemon.config.base_url = fmt::format("http://127.0.0.1:{}", sandbox_->port());
    daemon.config.allow_http = true;
    // One connection keeps the order of requests, and so the whole demo, the same.
    daemon.config.iterable_connections = 1;
    daemon.program = std::move(project.program);
    AccessKey key;
    key.name = "demo";
    key.scopes.add(Scope::kIngest);
    key.digest = digest_of(kKey);
    key.self_made = true;
    daemon.keys = {std::move(key)};
    daemon.iterable_key = kKey;
    daemon.seed = options_.seed;
    daemon.on_fatal = [this](const base::Error& error) { fail(error); };
    store_file_ = folder + "/sojourn.db";
    daemon_ = std::make_unique<Daemon>(loop_, clock_, log_, std::move(daemon));
    return daemon_->start();
  }

  // The exit code, once it is over.
  int run() {
    look_.start(kLook);
    loop_.run();
    if (code_ != kCouldNotRun) summarize();
    return code_;
  }
  const std::optional<base::Error>& error() const { return error_; }

 private:
  static uv::HttpClientOptions feeder_options() {
    uv::HttpClientOptions options;
    options.max_connections = 1;
    options.allow_http = true;
    return options;
  }

  // Feeds what has come due; moves the clock when everybody is at rest.
  void look() {
    if (closing_) return;
    draw(false);
    if (feeding_ || !daemon_->progress().idle || !sandbox_->idle()) return look_.start(kLook);
    if (next_ < stream_.size() && stream_[next_].at <= clock_.wall()) return feed();
    const base::Instant due = daemon_->progress().next_due;
    const base::Instant next = next_ < stream_.size() ? std::min(due, stream_[next_].at) : due;
    if (next > end_) return finish(kClean);
    clock_.set(std::max(next, clock_.wall()));
    daemon_->wake();
    look_.start(base::Millis{0});
  }

  void feed() {
    const StreamItem& item = stream_[next_++];
    uv::HttpCall call;
    call.url = fmt::format("http://127.0.0.1:{}{}", daemon_->port(), item.path);
    call.headers = headers_;
    call.body = item.body;
    feeding_ = feeder_.send(std::move(call), [this](const uv::HttpOutcome& outcome) {
      feeding_ = false;
      if (!outcome || outcome->status != 200) {
        return fail(base::Error{base::Error::Kind::kFatal,
                                fmt::format("line {} of the stream was not taken: {}", next_,
                                            outcome ? outcome->body : outcome.error().message),
                                {}});
      }
      look();
    });
  }

  void interrupt() { finish(kInterrupted); }

  void fail(const base::Error& error) {
    error_ = error;
    finish(kCouldNotRun);
  }

  void finish(int code) {
    if (std::exchange(closing_, true)) return;
    code_ = code;
    look_.stop();
    draw(true);
    receipts_ = receipts();
    daemon_->close(base::seconds(2), [this] { sandbox_->close([this] { loop_.stop(); }); });
  }

  DemoReceipts receipts() const {
    DemoReceipts receipts;
    for (const auto& [what, tally] : sandbox_->tallies()) {
      if (what.first != sandbox::RecordKind::kMessage) continue;
      receipts.messages += tally.records;
      receipts.repeats += tally.repeats;
    }
    return receipts;
  }

  void summarize() {
    DemoTotals totals = totals_of(daemon_->counters());
    daemon_.reset();
    auto put_off = count_put_off(store_file_);
    if (!put_off) {
      error_ = put_off.error();
      return;
    }
    totals.put_off = *put_off;
    const double seconds = static_cast<double>(real_.monotonic_millis() - began_millis_) / 1000.0;
    out_ << fmt::format("\n{} after {} days ({} to {}), {:.1f} s, seed {}\n\n",
                        code_ == kInterrupted ? "interrupted" : "done", day(),
                        base::to_iso8601(start_), base::to_iso8601(clock_.wall()), seconds,
                        options_.seed);
    out_ << step_table(totals) << '\n' << summary_text(totals, receipts_);
    // Interrupted, something may still be under way.
    if (code_ == kClean && !(totals.adds_up() && agree(totals, receipts_))) code_ = kFindings;
  }

  std::int64_t day() const { return (clock_.wall() - start_).count / base::days24(1).count; }

  void draw(bool last) {
    const std::int64_t now = real_.monotonic_millis();
    if (!options_.terminal) {
      if (day() < shown_day_ + 5 && !last) return;
      shown_day_ = day();
      out_ << progress_line() << std::endl;
      return;
    }
    if (!last && now - drawn_millis_ < kRedrawMillis) return;
    drawn_millis_ = now;
    std::string text = progress_line() + "\n\n" + step_table(totals_of(daemon_->counters())) +
                       "\nlast messages\n" + last_messages();
    out_ << (drawn_lines_ > 0 ? fmt::format("\x1b[{}A\x1b[J", drawn_lines_) : "") << text
         << std::flush;
    drawn_lines_ = std::count(text.begin(), text.end(), '\n');
  }

  std::string progress_line() const {
    const DemoTotals totals = totals_of(daemon_->counters());
    constexpr std::int64_t kWidth = 20;
    const std::int64_t done = std::min<std::int64_t>(kWidth, day() * kWidth / options_.days);
    return fmt::format(
        "[{:<20}] day {:>2} of {}  {}  {} events  {} entered  {} inside  {} exited  {} messages",
        std::string(static_cast<std::size_t>(done), '#'), day(), options_.days,
        base::to_iso8601(clock_.wall()), totals.events, totals.entered, totals.inside_sum(),
        totals.exited_sum(), totals.accepted);
  }

  std::string last_messages() {
    while (true) {
      sandbox::MessageQuery query;
      query.after = seen_message_;
      query.limit = sandbox::kMaxMessages;
      auto messages = sandbox_->messages(query);
      if (!messages || messages->empty()) break;
      seen_message_ = messages->back().sequence;
      for (sandbox::Message& message : *messages) last_.push_back(std::move(message));
      while (last_.size() > kLastMessages) last_.pop_front();
    }
    return sandbox::message_table({last_.begin(), last_.end()}, 100);
  }

  const DemoOptions& options_;
  const std::vector<StreamItem> stream_;
  std::ostream& out_;
  const base::Instant start_;
  const base::Instant end_;
  mutable base::DrivenClock clock_;  // asking it changes nothing that shows
  uv::SystemClock real_;
  const Log log_;
  uv::Loop loop_;
  uv::HttpClient feeder_;
  uv::Timer look_;
  const uv::StopSignals signals_;
  const std::shared_ptr<const uv::HeaderSet> headers_ =
      uv::make_header_set({{"Content-Type", "application/json"}, {"Api-Key", kKey}});
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<Daemon> daemon_;
  std::string store_file_;
  DemoReceipts receipts_;
  std::optional<base::Error> error_;

  std::size_t next_ = 0;
  bool feeding_ = false;
  bool closing_ = false;
  int code_ = kClean;
  const std::int64_t began_millis_ = real_.monotonic_millis();
  std::int64_t drawn_millis_ = 0;
  std::int64_t drawn_lines_ = 0;
  std::int64_t shown_day_ = -5;
  std::uint64_t seen_message_ = 0;
  std::deque<sandbox::Message> last_;
};

}  // namespace

int demo(const DemoOptions& options, std::ostream& out, std::ostream& err) {
  int code = kCouldNotRun;
  auto project = load_for_daemon(options.project, "", err, code);
  if (!project) return code;
  // Nothing of a demo leaves this machine, and the look-alike plays no services of yours.
  if (const auto webhooks = called_webhooks(project->program); !webhooks.empty()) {
    return report_error(
        base::Error{base::Error::Kind::kInvalid,
                    fmt::format("a journey calls the webhook `{}`, which a demo cannot ask",
                                webhooks.front()),
                    "see it with `sojourn test` or `sojourn simulate`, or run the daemon"},
        err);
  }
  auto stream = read_stream(project->config.root + "/stream.ndjson");
  if (!stream) return report_error(stream.error(), err);
  const std::string folder = project->config.store_path + "/demo";
  if (auto prepared = prepare_folder(folder); !prepared) {
    return report_error(prepared.error(), err);
  }
  Demo running(options, std::move(*stream), out);
  if (auto started = running.start(std::move(*project), folder); !started) {
    return report_error(started.error(), err);
  }
  code = running.run();
  if (running.error()) return report_error(*running.error(), err);
  out << "\nthe data is in " << folder << ": sojourn.db is the daemon's store, sandbox.db what "
      << "the look-alike received\n";
  return code;
}

}  // namespace sojourn::app
