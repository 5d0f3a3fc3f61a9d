#include "tests/faults/drill.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sojourn::faults {
namespace {

using e2e::Daemon;
using e2e::Json;
using e2e::SentEvent;
using e2e::Words;

// Of the last life: a sender that is turned away comes again.
constexpr int kMostSends = 200;
constexpr int kMostLooks = 60'000;
constexpr int kLookEveryMs = 5;

// `{}` is the wait.
constexpr const char* kJourney = R"(
event signup
message_type account = 1 transactional opt_out
campaign m1 = 201 email account
campaign m2 = 202 email account
policy {{ timezone user.timeZone default "Europe/Berlin" }}

journey drill {{
  owner "lifecycle@example.com"
  enter on signup
  send m1
  wait {}
  send m2
}}
)";

}  // namespace

Drill::Drill(Context& context, DrillOptions options)
    : context_(context), options_(std::move(options)), number_(++context.stage().drills) {
  context_.sandbox().misbehave({});
  configure(options_);
  join_.campaigns = {"m1", "m2"};
  for (int i = 0; i < options_.people; ++i) {
    join_.events.push_back({fmt::format("p{}.{}@example.com", i, name()), false, {}});
  }
}

void Drill::configure(const DrillOptions& options) {
  options_ = options;
  e2e::ProjectSettings settings;
  settings.name = fmt::format("drill_{}", number_);
  settings.iterable_port = context_.sandbox().port();
  settings.base_url = options_.base_url;
  settings.iterable = options_.iterable;
  settings.intake = options_.intake;
  settings.more = options_.more;
  settings.store_path = options_.store_path;
  settings.store = options_.store;
  settings.listen = "control = \"data/control.sock\"";
  settings.ballast_mb = options_.ballast_mb;
  settings.write_ahead_log_kb = options_.write_ahead_log_kb;
  project_.configure(settings);
  project_.write("drill.journey", fmt::format(kJourney, options_.wait));
}

std::string Drill::next_start() const {
  if (options_.is_real_time) return {};
  return fmt::format("2026-03-{:02}T{:02}:00:00Z", 1 + lives_ / 24, lives_ % 24);
}

std::unique_ptr<Daemon> Drill::start(const Words& before) {
  const std::int64_t began = clock_.monotonic_millis();
  auto daemon = std::make_unique<Daemon>(project_, next_start(), fmt::format("life{}", lives_),
                                         Words{}, before);
  const bool is_restart = lives_++ > 0 && before.empty() && daemon->port() != 0;
  if (is_restart) {
    context_.tally().restart_millis.push_back(clock_.monotonic_millis() - began);
  }
  return daemon;
}

std::size_t Drill::send(Daemon& daemon, const std::function<void()>& acknowledged) {
  std::size_t left = 0;
  for (std::size_t i = 0; i < join_.events.size(); ++i) {
    SentEvent& event = join_.events[i];
    if (event.acknowledged) continue;
    const e2e::Answer answer =
        daemon.track(event.email, "signup", Json::object(), fmt::format("e-{}-{}", number_, i));
    event.acknowledged = answer.status == 200;
    if (!event.acknowledged) ++left;
    if (event.acknowledged && acknowledged) acknowledged();
  }
  return left;
}

bool Drill::run_to_the_end(Daemon& daemon) const {
  if (!options_.is_real_time) return daemon.run_to_the_end();
  for (int look = 0; look < kMostLooks; ++look) {
    const auto clock = daemon.settle();
    if (!clock) return false;
    if (!clock->next_due) return true;
    if (daemon.process().ended_within(kLookEveryMs)) return false;
  }
  return false;
}

Life Drill::live(const Words& before) {
  Life out;
  const auto daemon = start(before);
  out.served = daemon->port() != 0;
  if (out.served) {
    send(*daemon);
    out.reached_end = run_to_the_end(*daemon);
  }
  out.code = daemon->kill9();
  out.err = daemon->process().err();
  return out;
}

void Drill::finish(const std::string& run) {
  context_.sandbox().misbehave({});
  const auto daemon = start();
  if (daemon->port() == 0) {
    take_received();
    return context_.tally().violate(
        fmt::format("{}: does not start again: {}", run, daemon->process().err()));
  }
  std::size_t left = send(*daemon);
  for (int again = 1; left > 0 && again < kMostSends; ++again) left = send(*daemon);
  if (left > 0) context_.tally().violate(fmt::format("{}: {} events are not taken", run, left));
  if (!run_to_the_end(*daemon)) {
    context_.tally().violate(
        fmt::format("{}: does not come to its end: {}", run, daemon->process().err()));
  }
  join(*daemon, run);
  const int code = daemon->stop();
  if (code != 0) context_.tally().violate(fmt::format("{}: ended with {}", run, code));
}

const std::vector<e2e::Json>& Drill::take_received() {
  join_.received = context_.sandbox().messages(context_.stage().last_message);
  if (!join_.received.empty()) {
    context_.stage().last_message = join_.received.back().at("sequence");
  }
  return join_.received;
}

void Drill::join(const Daemon& daemon, const std::string& run) {
  for (SentEvent& event : join_.events) event.report = daemon.report(event.email);
  take_received();
  join_.in_doubt = e2e::keys_in_doubt(join_.events);
  context_.tally().add(e2e::judge(join_), run);
}

}  // namespace sojourn::faults
