#include "sandbox/inbox.h"

namespace sojourn::sandbox {

base::Result<std::unique_ptr<Inbox>> Inbox::open(const std::string& path) {
  auto log = store::RecordLog::open(path);
  if (!log) return tl::unexpected(log.error());
  std::unique_ptr<Inbox> inbox(new Inbox(std::move(*log)));
  if (auto counted = inbox->count_again(); !counted) return tl::unexpected(counted.error());
  return inbox;
}

base::Status Inbox::count_again() {
  const auto tallies = log_->tallies();
  if (!tallies) return tl::unexpected(tallies.error());
  tallies_.clear();
  for (const store::RecordTally& one : *tallies) {
    count(static_cast<RecordKind>(one.kind), one.topic, {one.records, one.repeats});
  }
  return {};
}

void Inbox::count(RecordKind kind, const std::string& topic, Tally more) {
  auto found = tallies_.find({kind, topic});
  if (found == tallies_.end()) {
    const bool full = tallies_.size() >= kMaxTopics;
    found = tallies_.try_emplace({kind, full ? kOtherTopics : topic}).first;
  }
  found->second.records += more.records;
  found->second.repeats += more.repeats;
}

base::Result<store::RecordPlace> Inbox::keep(RecordKind kind, store::Record record) {
  record.kind = static_cast<std::uint8_t>(kind);
  auto place = log_->append(record);
  if (place) count(kind, record.topic, {1, place->copy > 1 ? 1u : 0u});
  return place;
}

base::Status Inbox::flush() {
  auto flushed = log_->flush();
  // The counts ran ahead of what is kept now.
  if (!flushed) static_cast<void>(count_again());
  return flushed;
}

base::Result<std::vector<store::LoggedRecord>> Inbox::read(RecordKind kind,
                                                           store::RecordQuery query) {
  query.kind = static_cast<std::uint8_t>(kind);
  return log_->read(query);
}

base::Status Inbox::each(RecordKind kind,
                         const std::function<void(const store::LoggedRecord&)>& take) {
  store::RecordQuery query{.limit = 1000};
  while (true) {
    const auto page = read(kind, query);
    if (!page) return tl::unexpected(page.error());
    for (const store::LoggedRecord& logged : *page) take(logged);
    if (page->size() < query.limit) return {};
    query.after = page->back().place.sequence;
  }
}

base::Result<std::optional<store::LoggedRecord>> Inbox::newest(RecordKind kind,
                                                               std::string_view subject) {
  return log_->newest(static_cast<std::uint8_t>(kind), subject);
}

base::Result<std::uint32_t> Inbox::copies(RecordKind kind, std::string_view key) {
  return log_->copies(static_cast<std::uint8_t>(kind), key);
}

}  // namespace sojourn::sandbox
