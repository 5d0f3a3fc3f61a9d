#include "runtime/fsck.h"

#include <fmt/format.h>
#include <utility>

#include "engine/enrollment_fit.h"
#include "graph/encode.h"
#include "runtime/find_user.h"
#include "runtime/fsck_run.h"
#include "runtime/operation_record.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {
namespace {

// SQLite gives up after so many; the rest would hardly say more.
constexpr std::size_t kMostDamages = 100;

}  // namespace

const std::vector<FsckKind>& fsck_kinds() {
  static const std::vector<FsckKind> kKinds = {
      {kDamaged.data(), "SQLite finds a page or an index of the file wrong, or cannot read it"},
      {kUnreadable.data(), "a row does not have the format that its kind has"},
      {kMisplaced.data(), "a row, an identity or an entry lies where nobody would look for it"},
      {kNobodys.data(), "a row, a name, a timer or a delivery is of a user whom there is not"},
      {kNumber.data(), "a number was used that was never given, so that it may be given again"},
      {kVersion.data(), "people are inside a version that the store does not have, or cannot read"},
      {kStranded.data(), "somebody is inside a journey, and nothing will ever wake them"},
      {kTwice.data(), "something is in two places that exclude each other"},
      {kTimer.data(), "the due index and what rests do not agree about when it is due"},
      {kHeld.data(), "the queue of a paused journey and what it holds back do not agree"},
      {kIdentity.data(), "somebody cannot be found by a name that is theirs"},
      {kForgotten.data(), "a name that was to be forgotten is there, or no key that tells them"},
      {kFieldIndex.data(), "the index of users by a field and their profiles do not agree"},
      {kFanOut.data(), "an event on its way to many lacks its parts, or a part its event"},
      {kSeen.data(), "recognised ids lie under a day that is not looked at"},
      {kCounter.data(), "a counter is not the sum that it says"}};
  return kKinds;
}

bool is_nobody(store::UserId user) {
  return user == kFsckNobody || (user.shard == 0 && user.number >= kFirstQueueUser);
}

void FsckRun::found(std::string_view kind, std::string where, std::string what) {
  if (report.found++ >= FsckReport::kMaxFindings) return;
  report.findings.push_back({std::string(kind), std::move(where), std::move(what)});
}

bool FsckRun::has_head(store::UserId user) {
  return survey.has_row({user, store::RowKind::kHead, 0});
}

void FsckRun::expect_given(store::UserId user, std::string_view where) {
  if (user.shard >= store::kShardCount) {
    return found(
        kMisplaced, std::string(where),
        fmt::format("there is no shard {}; the last is {}", user.shard, store::kShardCount - 1));
  }
  const std::uint64_t next = next_user.at(user.shard);
  if (user.number > 0 && user.number < next) return;
  found(kNumber, std::string(where),
        fmt::format("user number {} of shard {}, and numbers are given only from 1 up to {}",
                    user.number, user.shard, next));
}

std::optional<engine::Enrollment> FsckRun::enrollment(const store::RowKey& key,
                                                      std::string_view body) {
  const auto version = engine::stored_version(body);
  if (!version) {
    found(kUnreadable, name_of(key), version.error().message);
    return std::nullopt;
  }
  const auto journey = journeys.find(*version);
  if (journey == journeys.end()) {
    // What is counted of versions that are gone is removed when its user next does something.
    if (key.kind == store::RowKind::kEnrollment) {
      found(kVersion, name_of(key),
            fmt::format("version {} is not among the graphs of the store", version->hex()));
    }
    return std::nullopt;
  }
  const auto reader = key.kind == store::RowKind::kEnrollment ? engine::read_live_enrollment
                                                              : engine::read_enrollment;
  auto read = reader(body, key.user.packed(), static_cast<std::uint32_t>(key.number),
                     journey->second.graph, journey->second.numbers);
  if (!read) {
    found(kUnreadable, name_of(key), read.error().message);
    return std::nullopt;
  }
  return std::move(*read);
}

std::string name_of(const store::RowKey& key) {
  return fmt::format("{} kind {} number {}", printed_id(key.user), static_cast<int>(key.kind),
                     key.number);
}

// Graphs of an older encoding have versions of their own, which nobody can be inside of.
void check_program(FsckRun& run) {
  std::map<std::pair<std::string, std::string>, std::uint32_t> numbers;
  std::set<std::pair<std::string, std::uint32_t>> given;
  for (store::SurveyedStep& step : run.survey.steps()) {
    const bool is_new = given.emplace(step.journey, step.number).second;
    if (!is_new) {
      run.found(kTwice, step.journey + " " + step.identity,
                fmt::format("two steps of the journey have the number {}", step.number));
    }
    numbers[{std::move(step.journey), std::move(step.identity)}] = step.number;
  }
  for (const store::StoredGraph& stored : run.survey.graphs()) {
    if (stored.encoding != graph::kEncodingVersion) continue;
    const std::string where = "graph " + stored.version.hex();
    auto graph = graph::decode(stored.bytes);
    if (!graph) {
      run.found(kUnreadable, where, graph.error().message);
      continue;
    }
    if (graph::version_of(*graph) != stored.version || graph->journey != stored.journey) {
      run.found(kVersion, where, "its bytes are those of another version");
      continue;
    }
    std::vector<std::uint32_t> of_steps;
    for (const graph::Step& step : graph->steps) {
      const auto number = numbers.find({graph->journey, step.identity});
      if (number == numbers.end()) {
        run.found(kNumber, where, "step `" + step.identity + "` has no number");
        break;
      }
      of_steps.push_back(number->second);
    }
    if (of_steps.size() != graph->steps.size()) continue;
    run.journeys.emplace(stored.version,
                         FsckJourney{std::move(*graph), engine::StepNumbers(std::move(of_steps))});
  }
}

FsckReport check_store(store::Survey& survey) {
  FsckRun run(survey);
  for (std::string& damage : survey.damages(kMostDamages)) {
    run.found(kDamaged, "file", std::move(damage));
  }
  run.report.sequence = survey.sequence();
  run.next_user.resize(store::kShardCount);
  for (const auto& [shard, next] : survey.next_users()) {
    if (shard < store::kShardCount) run.next_user[shard] = next;
  }
  if (const auto key = survey.setting("forgotten_names_key")) run.forgotten_key = *key;
  check_program(run);
  check_nobody(run);
  check_people(run);
  check_identities(run);
  check_timers(run);
  check_deliveries(run);
  check_field_values(run);
  check_fan_outs(run);
  for (const std::int32_t day : survey.unlisted_days()) {
    run.found(kSeen, fmt::format("day {}", day), "its ids are kept, and not looked for");
  }
  // Sums of what was read in part say nothing.
  if (const auto read = survey.status(); !read) {
    run.found(kDamaged, "file", read.error().message);
  } else {
    check_sums(run);
  }
  return std::move(run.report);
}

}  // namespace sojourn::runtime
