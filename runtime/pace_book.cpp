#include "runtime/pace_book.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/hash.h"
#include "runtime/operation_book.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 1;
// Numbers of users begin with 1.
constexpr store::UserId kNobody{0, 0};

store::RowKey row_of(std::string_view journey) {
  return {kNobody, store::RowKind::kPace, base::stable_hash64(journey) >> 1U};
}

}  // namespace

base::Status PaceBook::load(store::Store& store) {
  store::ReadSet read;
  read.users = {kNobody};
  auto loaded = store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  for (const store::Row& row : loaded->users[0]) {
    if (row.key.kind != store::RowKind::kPace) continue;
    auto places = decode_places(row.body);
    if (!places) return tl::unexpected(places.error());
    queues_[std::move(places->first)].given = std::move(places->second);
  }
  return {};
}

std::optional<base::Instant> PaceBook::next(const graph::Graph& graph, base::Instant now,
                                            const engine::FrozenClock& clock) const {
  static const engine::Places kNone;
  const auto queue = queues_.find(graph.journey);
  const auto place = engine::next_place(
      *graph.pace, queue == queues_.end() ? kNone : queue->second.given, now - clock.stood);
  if (!place) return std::nullopt;
  return *place + clock.stood;
}

void PaceBook::take(const graph::Graph& graph, base::Instant place,
                    const engine::FrozenClock& clock) {
  Queue& queue = queues_[graph.journey];
  engine::take_place(*graph.pace, queue.given, place - clock.stood);
  queue.changed = true;
}

void PaceBook::report(base::Instant now, const OperationBook& operations,
                      std::vector<PaceReport>& into) const {
  for (const auto& [journey, queue] : queues_) {
    const base::Instant on_its_clock = now - operations.clock(journey, now).stood;
    const base::Instant last = queue.given.empty() ? on_its_clock : queue.given.back();
    into.push_back({journey, std::max(last - on_its_clock, base::Millis{0})});
  }
}

void PaceBook::write_to(store::Commit& commit) {
  for (auto& [journey, queue] : queues_) {
    if (!std::exchange(queue.changed, false)) continue;
    commit.put_rows.push_back({row_of(journey), encode_places(journey, queue.given)});
  }
}

std::string encode_places(std::string_view journey, const engine::Places& places) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.string(journey);
  out.varint(places.size());
  base::Instant before{0};
  for (const base::Instant place : places) {
    out.signed_varint((place - before).count);
    before = place;
  }
  return out.take();
}

base::Result<std::pair<std::string, engine::Places>> decode_places(std::string_view bytes) {
  base::ByteReader in(bytes);
  const std::uint8_t format = in.u8();
  std::string journey(in.string());
  engine::Places places;
  const std::size_t count = in.count();
  std::int64_t before = 0;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    if (__builtin_add_overflow(before, in.signed_varint(), &before)) in.fail();
    places.push_back(base::Instant{before});
  }
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "the queue of a journey cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return std::pair{std::move(journey), std::move(places)};
}

}  // namespace sojourn::runtime
