// What the parts of a check share: what was found, what every part asks about, and the sums that
// the counters are held against at the end. Lives for one check_store.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "engine/enrollment_codec.h"
#include "engine/watch_plan.h"
#include "graph/graph.h"
#include "runtime/field_index.h"
#include "runtime/fsck.h"
#include "runtime/store/survey.h"

namespace sojourn::runtime {

// The kinds of findings.
inline constexpr std::string_view kDamaged = "damaged";
inline constexpr std::string_view kUnreadable = "unreadable";
inline constexpr std::string_view kMisplaced = "misplaced";
inline constexpr std::string_view kNobodys = "nobodys";
inline constexpr std::string_view kNumber = "number";
inline constexpr std::string_view kVersion = "version";
inline constexpr std::string_view kStranded = "stranded";
inline constexpr std::string_view kTwice = "twice";
inline constexpr std::string_view kTimer = "timer";
inline constexpr std::string_view kHeld = "held_back";
inline constexpr std::string_view kIdentity = "identity";
inline constexpr std::string_view kForgotten = "forgotten";
inline constexpr std::string_view kFieldIndex = "field_index";
inline constexpr std::string_view kFanOut = "fan_out";
inline constexpr std::string_view kSeen = "seen";
inline constexpr std::string_view kCounter = "counter";

// Users that nobody is: rows of the file as a whole, and the queues of paused journeys.
inline constexpr store::UserId kFsckNobody{0, 0};
bool is_nobody(store::UserId user);

struct FsckJourney {
  graph::Graph graph;
  engine::StepNumbers numbers;
};

struct FsckRun {
  explicit FsckRun(store::Survey& of) : survey(of) {}

  void found(std::string_view kind, std::string where, std::string what);
  bool has_head(store::UserId user);
  // A number that was never given is a finding.
  void expect_given(store::UserId user, std::string_view where);
  // The live enrollment of a row; nothing, and a finding, when it cannot be read.
  std::optional<engine::Enrollment> enrollment(const store::RowKey& key, std::string_view body);

  store::Survey& survey;
  FsckReport report;
  std::map<graph::Version, FsckJourney> journeys;
  std::vector<std::uint64_t> next_user;  // by shard
  std::vector<IndexState> indexes;       // those that are read
  std::set<std::uint32_t> index_numbers;
  std::set<store::TimerKey> held_timers;
  std::set<store::DeliveryKey> held_deliveries;
  std::string forgotten_key;      // empty: nobody was ever forgotten
  engine::WatchPlan no_plan{{}};  // rows of kWatch say themselves when they are due
  // As the counters have to be, by name; of the flows, what has begun and not ended.
  std::map<std::string, std::int64_t, std::less<>> sums;
  std::map<std::string, std::int64_t, std::less<>> open_ends;
};

// As findings name a row: `00c1000000000001 kind 1 number 2`.
std::string name_of(const store::RowKey& key);

// The parts, in this order: later ones ask for what earlier ones have read.
void check_program(FsckRun& run);
void check_nobody(FsckRun& run);
void check_people(FsckRun& run);
void check_identities(FsckRun& run);
void check_timers(FsckRun& run);
void check_deliveries(FsckRun& run);
void check_field_values(FsckRun& run);
void check_fan_outs(FsckRun& run);
void check_sums(FsckRun& run);

// What a field of this user reads as in that index.
std::vector<base::Hash128> index_keys(const IndexState& field, std::string_view head_body);

}  // namespace sojourn::runtime
