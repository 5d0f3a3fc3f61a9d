#include "tests/faults/erasure_drill.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <mutex>
#include <set>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sojourn::faults {
namespace {

namespace files = std::filesystem;
using e2e::Json;

constexpr int kPeopleOfBackup = 30;
constexpr int kPeopleOfLife = 3;
// One of so many is erased by nobody, and has to be there at the end.
constexpr int kStaysOneIn = 5;
constexpr std::size_t kSenders = 3;
constexpr std::uint64_t kMostAcknowledged = 6;
constexpr std::uint64_t kMostSyncs = 6;
constexpr int kSecondCampaign = 202;

constexpr const char* kLedgerFolder = "ledger";

DrillOptions options(bool is_apart) {
  DrillOptions out;
  out.people = 0;
  // Nobody's second message is due before the last life.
  out.wait = "90d";
  out.intake = "erase = true";
  out.store_path = "data/store";
  if (is_apart) out.store = fmt::format("erasure_ledger = \"{}/erasures\"", kLedgerFolder);
  return out;
}

bool is_known(const e2e::Daemon& daemon, const std::string& who) {
  return daemon.report(who).contains("id");
}

std::string code_of(const e2e::Answer& answer) {
  const Json body = answer.json();
  return fmt::format("{} {}", answer.status, body.is_object() ? body.value("code", "") : "");
}

}  // namespace

// Where no other place is named, the ledger lies beside the store, on the same disk.
ErasureDrill::ErasureDrill(Context& context, SmallDisk::Kind kind, bool is_apart,
                           std::uint64_t seed)
    : context_(context),
      random_(seed),
      drill_(context, options(is_apart)),
      ledger_(is_apart ? drill_.project().folder() / kLedgerFolder / "erasures"
                       : drill_.data() / "store.erasures"),
      disk_(kind, drill_.data()) {
  if (is_apart) ledger_disk_ = std::make_unique<SmallDisk>(kind, ledger_.parent_path());
}

std::size_t ErasureDrill::erased() const {
  return static_cast<std::size_t>(std::ranges::count_if(people_, &Person::is_erased));
}

void ErasureDrill::expect(bool holds, const std::string& otherwise) {
  if (!holds) context_.tally().violate(fmt::format("{}: {}", drill_.name(), otherwise));
}

e2e::Finished ErasureDrill::operate(e2e::Words words) const {
  const files::path folder = drill_.project().folder();
  const files::path log = folder / ("command-" + words.front());
  words.insert(words.end(), {"--project", folder.string()});
  return e2e::run_to_end(e2e::sojourn(words), log);
}

std::unique_ptr<e2e::Daemon> ErasureDrill::start(const e2e::Words& before,
                                                 const std::string& when) {
  auto daemon = drill_.start(before);
  if (daemon->port() != 0) return daemon;
  context_.tally().violate(
      fmt::format("{}: {} does not start: {}", drill_.name(), when, daemon->process().err()));
  return nullptr;
}

void ErasureDrill::sign_up(e2e::Daemon& daemon, int people) {
  for (int i = 0; i < people; ++i) {
    Person person;
    person.name = fmt::format("u{}.{}", people_.size(), drill_.name());
    person.stays = people_.size() % kStaysOneIn == 0;
    person.way = static_cast<Way>(base::random_below(random_, 3));
    const Json names{{"email", person.email()}, {"userId", person.name}};
    const std::string said = code_of(daemon.post("/api/users/update", names));
    expect(said == "200 Success", "a new user is answered with " + said);
    const std::string came =
        code_of(daemon.track(person.email(), "signup", Json::object(), "e-" + person.name));
    expect(came == "200 Success", "an event is answered with " + came);
    people_.push_back(std::move(person));
  }
}

bool ErasureDrill::begin() {
  const auto daemon = start({}, "the first");
  if (!daemon) return false;
  sign_up(*daemon, kPeopleOfBackup);
  for (Person& person : people_) person.is_in_backup = true;
  expect(daemon->settle().has_value(), "does not come to rest");
  const e2e::Finished made = operate({"backup", (drill_.project().folder() / "backup").string()});
  expect(made.code == 0, made.err);
  daemon->kill9();
  return made.code == 0;
}

ErasureDrill::Heard ErasureDrill::ask(const Person& person, e2e::Http& http) const {
  if (person.way == Way::kOperator) {
    const bool is_done = operate({"forget", person.email(), "--yes"}).code == 0;
    return is_done ? Heard::kDone : Heard::kNothing;
  }
  const std::vector<std::string> key{"Api-Key: " + std::string(e2e::Project::kIntakeKey)};
  const e2e::Answer answer =
      person.way == Way::kDelete
          ? http.remove("/api/users/" + person.email(), key)
          : http.post("/api/users/forget", Json{{"email", person.email()}}.dump(), key);
  if (person.way == Way::kDelete && person.may_be_gone && code_of(answer) == "400 BadParams") {
    return Heard::kDone;  // nobody has the name any more
  }
  if (answer.status == 0) return Heard::kNothing;
  return answer.status == 200 ? Heard::kDone : Heard::kRefused;
}

// Until everybody is erased, or a sender gets no answer any more.
void ErasureDrill::erase(e2e::Daemon& daemon, std::size_t senders,
                         const std::function<void()>& acknowledged) {
  std::mutex mutex;
  std::size_t next = 0;
  const auto take = [&]() -> Person* {
    const std::lock_guard lock(mutex);
    while (next < people_.size()) {
      Person& person = people_[next++];
      if (person.stays || person.is_erased) continue;
      // If the answer never came, they may be nobody by now, whom an operator cannot name.
      person.may_be_gone = person.was_asked;
      if (person.may_be_gone && person.way == Way::kOperator) person.way = Way::kForget;
      person.was_asked = true;
      return &person;
    }
    return nullptr;
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < senders; ++i) {
    threads.emplace_back([&] {
      e2e::Http http(daemon.port());
      for (Person* person = take(); person != nullptr; person = take()) {
        const Heard heard = ask(*person, http);
        const std::lock_guard lock(mutex);
        expect(heard != Heard::kRefused, person->name + " is not erased");
        if (heard != Heard::kDone) return;
        person->is_erased = true;
        if (acknowledged) acknowledged();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

bool ErasureDrill::kill_at_a_sync() {
  const auto sync = 1 + base::random_below(random_, kMostSyncs);
  const auto daemon =
      drill_.start({"strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
                    fmt::format("inject=fsync:signal=KILL:when={}", sync)});
  if (daemon->port() != 0) erase(*daemon, 1, {});
  const bool is_over = daemon->port() == 0 || daemon->process().ended_within(0);
  daemon->kill9();
  return is_over;
}

bool ErasureDrill::cut(const e2e::Words& before, bool at_once) {
  const std::uint64_t count = at_once ? 0 : base::random_below(random_, kMostAcknowledged);
  const auto daemon = start(before, "a life");
  if (!daemon) {
    lost_.erasures += static_cast<int>(erased());
    return false;
  }
  check(*daemon, false);
  if (!at_once) sign_up(*daemon, kPeopleOfLife);
  const bool is_frozen = cut_after(
      count, [&](const auto& acknowledged) { erase(*daemon, kSenders, acknowledged); }, *daemon,
      disk_, ledger_disk_.get());
  expect(is_frozen, "had ended before the cut: " + daemon->process().err());
  disk_.mount_again();
  if (ledger_disk_) ledger_disk_->mount_again();
  check_backup(false);
  return true;
}

// Empty when it does.
std::string ErasureDrill::broken(e2e::Daemon& daemon, const Person& person) const {
  for (const std::string& name : {person.email(), person.name}) {
    if (is_known(daemon, name)) return "is known again";
  }
  if (person.way == Way::kDelete) return {};  // they may come again
  const std::string late = code_of(daemon.track(person.email(), "signup", Json::object(), {}));
  if (late != "400 ForgottenUserError") return "is answered a late event with " + late;
  const std::string change = code_of(daemon.post("/api/users/update", {{"userId", person.name}}));
  if (change != "409 ForgottenUserError") return "is answered a change with " + change;
  return {};
}

// Nothing was promised of an erasure that was not acknowledged, but that it is whole or not at all.
void ErasureDrill::check_undecided(e2e::Daemon& daemon, const Person& person) {
  if (person.way == Way::kDelete) return;
  const bool was_known = is_known(daemon, person.email());
  const e2e::Answer change = daemon.post("/api/users/update", {{"email", person.email()}});
  expect(change.status == (was_known ? 200 : 409),
         fmt::format("{} is {}, and a change of theirs is answered with {}", person.name,
                     was_known ? "known" : "nobody", change.status));
}

void ErasureDrill::check(e2e::Daemon& daemon, bool is_backup) {
  for (Person& person : people_) {
    const std::string lost = person.is_erased ? broken(daemon, person) : "";
    if (!lost.empty()) {
      ++(is_backup ? lost_.lines : lost_.erasures);
      expect(false, fmt::format("{}, who was erased, {}{}", person.name, lost,
                                is_backup ? " in the backup" : ""));
      if (!is_backup) person.is_erased = false;
    }
    if (!person.was_asked && (person.is_in_backup || !is_backup)) {
      expect(is_known(daemon, person.email()), person.name + " is gone, and nobody asked for it");
    }
    if (person.was_asked && !person.is_erased && !is_backup) check_undecided(daemon, person);
  }
}

void ErasureDrill::put_aside() const {
  const files::path data = drill_.data();
  files::rename(data / "store", data / "aside");
  std::error_code none_yet;
  files::copy_file(ledger_, ledger_.string() + ".aside", none_yet);
}

// On the disk, too: the next cut must not undo it by halves.
void ErasureDrill::put_back() const {
  const files::path data = drill_.data();
  files::remove_all(data / "store");
  files::rename(data / "aside", data / "store");
  files::remove(ledger_);
  const files::path aside = ledger_.string() + ".aside";
  if (files::exists(aside)) files::rename(aside, ledger_);
  for (const files::path& place : {data, ledger_.parent_path()}) {
    const int folder = ::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    EXPECT_EQ(::syncfs(folder), 0);
    ::close(folder);
  }
}

// The backup from before every erasure, beside the ledger as it is.
void ErasureDrill::check_backup(bool is_released) {
  put_aside();
  const e2e::Finished restored =
      operate({"restore", (drill_.project().folder() / "backup").string()});
  expect(restored.code == 0, restored.err);
  if (const auto daemon = start({}, "the backup")) {
    expect(e2e::log_lines(daemon->process().err(), "held").size() == 1, "the backup is not held");
    check(*daemon, true);
    if (is_released) {
      const e2e::Finished released = operate({"release", "--yes"});
      expect(released.code == 0, released.err);
      expect(drill_.run_to_the_end(*daemon), "the backup does not come to its end");
      expect_none_for_erased(drill_.take_received());
    }
    daemon->kill9();
  } else {
    lost_.lines += static_cast<int>(erased());
  }
  put_back();
}

void ErasureDrill::expect_none_for_erased(const std::vector<Json>& messages) {
  std::set<std::string> erased;
  for (const Person& person : people_) {
    if (person.is_erased) erased.insert(person.email());
  }
  for (const Json& message : messages) {
    if (message.at("campaignId") != kSecondCampaign) continue;
    const std::string who = message.at("recipientEmail");
    if (!erased.contains(who)) continue;
    context_.tally().violate(fmt::format("{}: a message for {} left", drill_.name(), who));
  }
}

void ErasureDrill::join(const e2e::Daemon& daemon, const std::string& run) {
  e2e::Join join;
  join.campaigns = {"m1", "m2"};
  std::set<std::string> stay;
  for (const Person& person : people_) {
    if (!person.stays) continue;
    stay.insert(person.email());
    join.events.push_back({person.email(), true, daemon.report(person.email())});
  }
  const std::vector<Json>& received = drill_.take_received();
  expect_none_for_erased(received);
  for (const Json& message : received) {
    if (stay.contains(message.at("recipientEmail"))) join.received.push_back(message);
  }
  join.in_doubt = e2e::keys_in_doubt(join.events);
  context_.tally().add(e2e::judge(join), run);
}

void ErasureDrill::finish(const std::string& run) {
  if (const auto daemon = start({}, "the last")) {
    check(*daemon, false);
    expect(drill_.run_to_the_end(*daemon), "does not come to its end: " + daemon->process().err());
    join(*daemon, fmt::format("{}, {} erased:", run, erased()));
    expect(daemon->stop() == 0, "does not stop well: " + daemon->process().err());
  } else {
    lost_.erasures += static_cast<int>(erased());
    drill_.take_received();
  }
  check_backup(true);
}

}  // namespace sojourn::faults
