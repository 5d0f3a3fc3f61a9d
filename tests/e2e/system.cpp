#include "tests/e2e/system.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

#include "base/instant.h"
#include "runtime/uv/unix_request.h"

namespace sojourn::e2e {
namespace {

constexpr int kMostPolls = 60'000;  // of at least a millisecond
constexpr int kMostSteps = 10'000;

Words sandbox_words(const std::filesystem::path& record_file, const Words& rules) {
  Words words = sojourn({"sandbox", "--port", "0", "--record", record_file.string()});
  for (const std::string& rule : rules) {
    words.push_back("--misbehave");
    words.push_back(rule);
  }
  return words;
}

Words daemon_words(const std::filesystem::path& folder, const std::string& start,
                   const Words& options, const Words& before) {
  Words words = before;
  const Words run = sojourn({"run", "--project", folder.string()});
  words.insert(words.end(), run.begin(), run.end());
  words.insert(words.end(), options.begin(), options.end());
  if (!start.empty()) words.insert(words.end(), {"--clock", start});
  return words;
}

base::Instant instant_of(const std::string& text) {
  return base::parse_timestamp(text).value();
}

}  // namespace

Words sojourn(const Words& arguments) {
  Words words{SOJOURN_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

Sandbox::Sandbox(const std::filesystem::path& folder, const Words& rules)
    : record_file_(folder / "sandbox.db"),
      process_(sandbox_words(record_file_, rules), folder / "sandbox"),
      port_(process_.wait_for_port()),
      http_(port_) {
  EXPECT_NE(port_, 0) << process_.err();
}

std::vector<Json> Sandbox::messages(std::uint64_t after) {
  std::vector<Json> all;
  while (true) {
    const Json page =
        http_.get("/sandbox/messages?limit=500&after=" + std::to_string(after)).json();
    if (!page.is_object()) break;
    for (const Json& message : page.at("messages")) all.push_back(message);
    if (page.at("next").is_null()) return all;
    after = page.at("next").get<std::uint64_t>();
  }
  ADD_FAILURE() << "the sandbox does not answer: " << process_.err();
  return all;
}

Json Sandbox::summary() {
  return http_.get("/sandbox/summary").json();
}

bool Sandbox::wait_for(std::size_t count) {
  for (int poll = 0; poll < kMostPolls; ++poll) {
    if (summary().at("received").get<std::size_t>() >= count) return true;
    usleep(1'000);
  }
  return false;
}

void Sandbox::misbehave(const Words& rules, int seed) {
  const Answer answer =
      http_.post("/sandbox/misbehave", Json{{"rules", rules}, {"seed", seed}}.dump(), {});
  EXPECT_EQ(answer.status, 200) << answer.body;
}

std::uint64_t Sandbox::hits() {
  const Json page = http_.get("/sandbox/misbehave").json();
  return page.at("rules").at(0).at("hit").get<std::uint64_t>();
}

int Sandbox::stop() {
  process_.signal(SIGTERM);
  return process_.wait();
}

Daemon::Daemon(const Project& project, const std::string& start, const std::string& log,
               const Words& options, const Words& before)
    : folder_(project.folder()),
      socket_(folder_ / "data" / "control.sock"),
      process_(daemon_words(folder_, start, options, before), folder_ / log),
      port_(process_.wait_for_port()),
      http_(std::make_unique<Http>(port_)) {}

int Daemon::stop() {
  process_.signal(SIGTERM);
  return process_.wait();
}

int Daemon::kill9() {
  process_.signal(SIGKILL);
  return process_.wait();
}

Answer Daemon::post(const std::string& path, const Json& body) {
  return http_->post(path, body.dump(), {"Api-Key: " + std::string(Project::kIntakeKey)});
}

Answer Daemon::remove(const std::string& path) {
  return http_->remove(path, {"Api-Key: " + std::string(Project::kIntakeKey)});
}

Answer Daemon::call(const std::string& method, const std::string& target, const std::string& body) {
  return http_->call(method, target, body, {"Api-Key: " + std::string(Project::kIntakeKey)});
}

Answer Daemon::track(const std::string& email, const std::string& event, const Json& fields,
                     const std::string& id) {
  Json body{{"email", email}, {"eventName", event}, {"dataFields", fields}};
  if (!id.empty()) body["id"] = id;
  return post("/api/events/track", body);
}

std::optional<Json> Daemon::control(const std::string& target, const std::string& body) const {
  const auto reply = uv::unix_request(socket_.string(), target, body, base::seconds(60));
  if (!reply || reply->status != 200) return std::nullopt;
  return Json::parse(reply->body);
}

std::optional<Clock> Daemon::settle() {
  for (int poll = 0; poll < kMostPolls; ++poll) {
    const auto clock = control("/clock");
    if (!clock) return std::nullopt;
    if (clock->at("idle").get<bool>()) {
      Clock out{clock->at("now").get<std::string>(), true, std::nullopt,
                clock->at("state").get<std::string>()};
      if (!clock->at("next_due").is_null()) out.next_due = clock->at("next_due");
      return out;
    }
    usleep(1'000);
  }
  ADD_FAILURE() << "the daemon does not come to rest: " << process_.err();
  return std::nullopt;
}

void Daemon::jump_to(const std::string& instant) {
  ASSERT_TRUE(settle());
  ASSERT_TRUE(control("/clock", Json{{"to", instant}}.dump())) << "cannot move to " << instant;
  ASSERT_TRUE(settle());
}

void Daemon::set_wall(const std::string& instant) {
  ASSERT_TRUE(settle());
  ASSERT_TRUE(control("/clock", Json{{"wall", instant}}.dump())) << "cannot set to " << instant;
  ASSERT_TRUE(settle());
}

void Daemon::run_until(const std::string& instant) {
  for (int step = 0; step < kMostSteps; ++step) {
    const auto clock = settle();
    ASSERT_TRUE(clock);
    if (!clock->next_due || instant_of(*clock->next_due) > instant_of(instant)) break;
    jump_to(*clock->next_due);
  }
  jump_to(instant);
}

bool Daemon::run_to_the_end() {
  for (int step = 0; step < kMostSteps; ++step) {
    const auto clock = settle();
    if (!clock) return false;
    if (!clock->next_due) return true;
    if (!control("/clock", Json{{"to", *clock->next_due}}.dump())) return false;
  }
  return false;
}

Json Daemon::status() const {
  const Finished finished =
      run_to_end(sojourn({"status", "--json", "--project", folder_.string()}), folder_ / "status");
  EXPECT_EQ(finished.code, 0) << finished.err;
  return Json::parse(finished.out, nullptr, false);
}

Json Daemon::user(const std::string& who) const {
  const Finished finished =
      run_to_end(sojourn({"user", who, "--json", "--project", folder_.string()}), folder_ / "user");
  EXPECT_EQ(finished.code, 0) << finished.err;
  return Json::parse(finished.out, nullptr, false);
}

Json Daemon::report(const std::string& who) const {
  return control("/user?id=" + who).value_or(Json());
}

std::vector<Json> log_lines(const std::string& log_text, const std::string& event) {
  std::vector<Json> lines;
  std::istringstream text(log_text);
  for (std::string line; std::getline(text, line);) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_object() && json.value("event", "") == event) lines.push_back(json);
  }
  return lines;
}

Json journey_in(const Json& status, const std::string& journey) {
  for (const Json& candidate : status.at("journeys")) {
    if (candidate.at("journey") == journey) return candidate;
  }
  return {};
}

}  // namespace sojourn::e2e
