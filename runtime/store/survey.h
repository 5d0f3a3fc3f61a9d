// A look at a whole store that no process has open: every table in the order of its key, and
// single rows. For checks (runtime/fsck.h). It changes nothing: its file layer refuses every write,
// and a log that a killed process left is read where it lies. The file is locked as long as the
// survey lives.
//
// The first failure of a read is kept, and from then on nothing more is found; look at `status()`
// when done. Belongs to one thread. What a visitor is given is valid until it returns; it may ask
// for single rows meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::store {

// An identity with the shard under which it lies.
struct SurveyedIdentity {
  Identity name;
  std::uint16_t shard = 0;
  UserId user;
};
// An entry of the index of fields, likewise.
struct SurveyedValue {
  FieldValue entry;
  std::uint16_t shard = 0;
};
struct SurveyedStep {
  std::string journey;
  std::string identity;
  std::uint32_t number = 0;
};

// Of pages in memory: as much as a store's, so that looks into other tables find theirs.
inline constexpr std::uint64_t kSurveyCacheBytes = 64ULL << 20;

class Survey {
 public:
  // Errors: kNotFound when there is no such file; kUnavailable when a process has it open; kInvalid
  // when it is no store, or one of another schema; kFatal when it cannot be read at all.
  static base::Result<std::unique_ptr<Survey>> open(const std::string& path);
  ~Survey();
  Survey(const Survey&) = delete;
  Survey& operator=(const Survey&) = delete;

  base::Status status() const;

  // What SQLite finds wrong with the pages and indexes of the file, in its words; at most `limit`.
  std::vector<std::string> damages(std::size_t limit);
  // Number of the last commit.
  std::uint64_t sequence();

  void each_row(const std::function<void(const RowKey&, std::string_view body)>& visit);
  // Of users from `from` on, in shard `from.shard` alone.
  void each_row_of_shard(UserId from,
                         const std::function<void(const RowKey&, std::string_view body)>& visit);
  void each_identity(const std::function<void(const SurveyedIdentity&)>& visit);
  void each_timer(const std::function<void(const TimerKey&)>& visit);
  void each_delivery(const std::function<void(const Delivery&)>& visit);
  void each_field_value(const std::function<void(const SurveyedValue&)>& visit);
  void each_fan_out(const std::function<void(const FanOutRow&)>& visit);
  void each_counter(const std::function<void(std::string_view name, std::int64_t value)>& visit);
  std::vector<StoredGraph> graphs();
  std::vector<SurveyedStep> steps();
  // Of each shard that has given out any, the first number that was certainly never given.
  std::vector<std::pair<std::uint16_t, std::uint64_t>> next_users();
  // Days of which ids are kept that are not in the list of such days.
  std::vector<std::int32_t> unlisted_days();
  std::optional<std::string> setting(const std::string& name);

  std::optional<UserId> find(const Identity& name);
  std::optional<std::string> row(const RowKey& key);
  bool has_row(const RowKey& key);
  bool has_timer(const TimerKey& key);
  bool has_value(const FieldValue& entry);
  bool has_fan_out(const FanOutKey& key);
  void each_delivery_of(UserId user, const std::function<void(const Delivery&)>& visit);

  // All of it, as a store of its own in a new file; synced on return.
  base::Status copy_to(const std::string& path);

 private:
  struct Open;
  explicit Survey(std::unique_ptr<Open> open);

  std::unique_ptr<Open> open_;
};

}  // namespace sojourn::store
