#include "tests/soak/join.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "runtime/counter_names.h"
#include "tests/soak/daemon_record.h"
#include "tests/soak/judge.h"
#include "tests/soak/sandbox_record.h"

namespace sojourn::soak {
namespace {

// The two records, each at the person who is next in it.
class Side {
 public:
  Side(DaemonRecord daemon, SandboxRecord sandbox)
      : daemon_(std::move(daemon)), sandbox_(std::move(sandbox)) {}

  base::Status begin() {
    if (auto read = next_planned(); !read) return read;
    return next_recorded();
  }
  base::Status next_planned() { return take(daemon_.next(), planned_); }
  base::Status next_recorded() { return take(sandbox_.next(), recorded_); }

  const std::optional<DaemonPerson>& planned() const { return planned_; }
  const std::optional<SandboxPerson>& recorded() const { return recorded_; }
  DaemonRecord& daemon() { return daemon_; }

 private:
  template <typename Person>
  static base::Status take(base::Result<std::optional<Person>> read, std::optional<Person>& out) {
    if (!read) return tl::unexpected(read.error());
    out = std::move(*read);
    return {};
  }

  DaemonRecord daemon_;
  SandboxRecord sandbox_;
  std::optional<DaemonPerson> planned_;
  std::optional<SandboxPerson> recorded_;
};

// Those whom a record has before `email`, or at all where there is none: nobody sent them.
base::Status pass_strangers(Side& side, const std::optional<std::string>& email, Tally& tally) {
  while (side.planned() && (!email || side.planned()->email < *email)) {
    judge_stranger(side.planned()->email, tally);
    if (auto read = side.next_planned(); !read) return read;
  }
  while (side.recorded() && (!email || side.recorded()->email < *email)) {
    judge_stranger(side.recorded()->email, tally);
    if (auto read = side.next_recorded(); !read) return read;
  }
  return {};
}

base::Status judge_next(Side& side, const Terms& terms, const std::string& email, Tally& tally) {
  if (auto passed = pass_strangers(side, email, tally); !passed) return passed;
  const bool is_planned = side.planned() && side.planned()->email == email;
  const bool is_recorded = side.recorded() && side.recorded()->email == email;
  judge(terms, email, is_planned ? &*side.planned() : nullptr,
        is_recorded ? &*side.recorded() : nullptr, tally);
  if (is_planned) {
    if (auto read = side.next_planned(); !read) return read;
  }
  return is_recorded ? side.next_recorded() : base::Status();
}

// The sums of the daemon's own counters, against those of people.
class Totals {
 public:
  explicit Totals(const std::map<std::string, std::int64_t>& counters) {
    for (const auto& [name, value] : counters) {
      const auto parts = runtime::counter_parts(name);
      sums_[std::string(parts.front())] += value;
      if (parts.front() == "notices" && parts.size() == 3) {
        notices_[std::string(parts[1])] += value;
        by_result_[fmt::format("{} {}", parts[1], parts[2])] += static_cast<std::uint64_t>(value);
      }
    }
  }

  void check(const JoinInput& input, Tally& tally) {
    expect("events", input.people, tally);
    expect("entered", input.people, tally);
    expect("exited", input.people, tally);
    expect("planned", tally.planned, tally);
    const std::int64_t ended = sums_["accepted"] + sums_["skipped"];
    if (ended != static_cast<std::int64_t>(tally.planned)) {
      tally.differ({{},
                    {},
                    fmt::format("{} messages are counted as accepted or skipped, {} were "
                                "planned",
                                ended, tally.planned)});
    }
    for (const auto& [event, count] : notices_) check_notices(event, count, tally);
    for (const auto& [event, count] : tally.answered) {
      if (!notices_.contains(event)) check_notices(event, 0, tally);
    }
    tally.counted_notices = by_result_;
  }

 private:
  void expect(const std::string& family, std::uint64_t people_have, Tally& tally) {
    if (sums_[family] == static_cast<std::int64_t>(people_have)) return;
    tally.differ({{},
                  {},
                  fmt::format("the counters `{}` add up to {}, and the logs of people to {}",
                              family, sums_[family], people_have)});
  }

  static void check_notices(const std::string& event, std::int64_t counted, Tally& tally) {
    const auto least = static_cast<std::int64_t>(tally.answered[event]);
    const auto most = least + static_cast<std::int64_t>(tally.unanswered[event]);
    if (least <= counted && counted <= most) return;
    tally.differ({{},
                  {},
                  fmt::format("`{}` was answered {} times (and {} times not at all), and is "
                              "counted {} times",
                              event, least, most - least, counted)});
  }

  std::map<std::string, std::int64_t> sums_;
  std::map<std::string, std::int64_t> notices_;
  Classes by_result_;
};

base::Status check_totals(Side& side, const JoinInput& input, Tally& tally) {
  const auto left = side.daemon().deliveries_left();
  if (!left) return tl::unexpected(left.error());
  if (*left > 0) tally.differ({{}, {}, fmt::format("the outbox still has {} deliveries", *left)});
  const auto counters = side.daemon().counters();
  if (!counters) return tl::unexpected(counters.error());
  Totals(*counters).check(input, tally);
  if (tally.doubled > input.answers_lost) {
    tally.differ({{},
                  {},
                  fmt::format("{} copies too many came, and {} answers were lost", tally.doubled,
                              input.answers_lost)});
  }
  return {};
}

}  // namespace

std::string email_of(std::uint64_t number) {
  return fmt::format("{}-u{:08}@example.com", kRunName, number);
}

base::Result<Tally> join(const JoinInput& input) {
  auto daemon = DaemonRecord::open(input.folder / kStoreFile);
  if (!daemon) return tl::unexpected(daemon.error());
  auto sandbox = SandboxRecord::open(input.folder / kRecordFile);
  if (!sandbox) return tl::unexpected(sandbox.error());
  Side side(std::move(*daemon), std::move(*sandbox));
  if (auto begun = side.begin(); !begun) return tl::unexpected(begun.error());
  Tally tally;
  for (std::uint64_t number = 0; number < input.people; ++number) {
    const auto judged = judge_next(side, input.terms, email_of(number), tally);
    if (!judged) return tl::unexpected(judged.error());
  }
  if (auto passed = pass_strangers(side, std::nullopt, tally); !passed) {
    return tl::unexpected(passed.error());
  }
  if (auto checked = check_totals(side, input, tally); !checked) {
    return tl::unexpected(checked.error());
  }
  return tally;
}

}  // namespace sojourn::soak
