// What the sandbox was sent: every message, update and event, on disk in the order
// it came, with running counts. Owned by the sandbox, one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "runtime/store/record_log.h"

namespace sojourn::sandbox {

// Stored as numbers: never renumber. What stands in a record's other columns:
//               topic               key            subject     body
enum class RecordKind : std::uint8_t {
  kMessage = 1,      // "email 1001"        message key    recipient   the request
  kUpdate = 2,       // "users/update"      -              user        the request or item
  kEvent = 3,        // the event's name    its id         user        the request or item
  kAlias = 4,        // -                   -              user_id     the email it belongs to
  kFieldType = 5,    // "user" or "event "  -              field       type
  kProjectRow = 6,   // the table's word    -              its id      the row; empty: removed
  kCatalogItem = 7,  // the catalog         -              item        the value; empty: removed
  kForgotten = 8,    // -                   -              user        "yes" or "no"
  kScheduled = 9,  // -                   the message's  -           when it is due, in milliseconds
                   //                     sequence
  kSettled = 10,   // how                 the same       -           the same as the topic
  kCall = 11,      // its path            -              user        the request
  kNotice = 12,    // see told_notice.h   -              user        the same
};

class Inbox {
 public:
  // `:memory:` keeps nothing.
  static base::Result<std::unique_ptr<Inbox>> open(const std::string& path);

  base::Result<store::RecordPlace> keep(RecordKind kind, store::Record record);
  // What was kept since the last flush becomes durable, or is forgotten.
  base::Status flush();

  base::Result<std::vector<store::LoggedRecord>> read(RecordKind kind, store::RecordQuery query);
  // Every record of a kind, in order; reads all of them.
  base::Status each(RecordKind kind, const std::function<void(const store::LoggedRecord&)>& take);
  base::Result<std::optional<store::LoggedRecord>> newest(RecordKind kind,
                                                          std::string_view subject);
  base::Result<std::uint32_t> copies(RecordKind kind, std::string_view key);

  struct Tally {
    std::uint64_t records = 0;
    std::uint64_t repeats = 0;  // of a key that had come before
  };
  using Tallies = std::map<std::pair<RecordKind, std::string>, Tally>;
  // By kind and topic. Topics beyond kMaxTopics are counted together as kOtherTopics.
  const Tallies& tallies() const { return tallies_; }
  static constexpr std::size_t kMaxTopics = 10'000;
  static constexpr const char* kOtherTopics = "(others)";

 private:
  explicit Inbox(std::unique_ptr<store::RecordLog> log) : log_(std::move(log)) {}
  base::Status count_again();
  void count(RecordKind kind, const std::string& topic, Tally more);

  std::unique_ptr<store::RecordLog> log_;
  Tallies tallies_;
};

}  // namespace sojourn::sandbox
