#include "runtime/store/due_index.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace sojourn::store {

namespace {

constexpr base::Instant kUnknown{std::numeric_limits<std::int64_t>::min()};
constexpr base::Instant kNone{std::numeric_limits<std::int64_t>::max()};

// Where a shard's reading goes on. Smaller is sooner.
struct Cursor {
  base::Instant due;
  std::uint16_t shard = 0;
  friend bool operator>(const Cursor& a, const Cursor& b) {
    return a.due != b.due ? a.due > b.due : a.shard > b.shard;
  }
};

// A heap of cursors with the soonest on top.
class Cursors {
 public:
  bool empty() const { return heap_.empty(); }
  const Cursor& top() const { return heap_.front(); }
  void add(Cursor cursor) { heap_.push_back(cursor); }
  void order() { std::make_heap(heap_.begin(), heap_.end(), std::greater<>()); }
  void push(Cursor cursor) {
    heap_.push_back(cursor);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  Cursor pop() {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    const Cursor cursor = heap_.back();
    heap_.pop_back();
    return cursor;
  }

 private:
  std::vector<Cursor> heap_;
};

// How far `shard` may be read before another shard's turn comes.
base::Instant reach(const Cursors& others, std::uint16_t shard, base::Instant until) {
  if (others.empty()) return until;
  const Cursor& next = others.top();
  const base::Instant own = shard < next.shard ? next.due : next.due - base::Millis{1};
  return std::min(until, own);
}

}  // namespace

DueIndex::DueIndex() {
  earliest_.fill(Earliest{kUnknown, false});
}

void DueIndex::added(std::uint16_t shard, base::Instant due) {
  if (due <= earliest_[shard].due) earliest_[shard] = Earliest{due, true};
}

std::optional<base::Instant> DueIndex::next(const First& first) {
  base::Instant soonest = kNone;
  for (const Earliest& entry : earliest_) {
    if (entry.exact) soonest = std::min(soonest, entry.due);
  }
  // What is not exact matters only if it may be sooner.
  for (std::uint16_t shard = 0; shard < kShardCount; ++shard) {
    Earliest& entry = earliest_[shard];
    if (entry.exact || entry.due >= soonest) continue;
    entry = Earliest{first(shard, entry.due).value_or(kNone), true};
    soonest = std::min(soonest, entry.due);
  }
  if (soonest == kNone) return std::nullopt;
  return soonest;
}

void DueIndex::collect(base::Instant until, std::size_t limit, const Take& take) {
  Cursors cursors;
  for (std::uint16_t shard = 0; shard < kShardCount; ++shard) {
    if (earliest_[shard].due <= until) cursors.add({earliest_[shard].due, shard});
  }
  cursors.order();
  std::size_t taken = 0;
  while (taken < limit && !cursors.empty()) {
    const Cursor now = cursors.pop();
    const Taken part = take(now.shard, now.due, reach(cursors, now.shard, until), limit - taken);
    taken += part.count;
    // Only the first visit of a call starts at the shard's own entry.
    if (now.due == earliest_[now.shard].due) {
      earliest_[now.shard] = Earliest{part.first.value_or(kNone), true};
    }
    if (part.rest && *part.rest <= until) cursors.push({*part.rest, now.shard});
  }
}

}  // namespace sojourn::store
