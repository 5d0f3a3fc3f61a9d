#include "bench/sink/ledger.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/hash.h"
#include "bench/wire/percentile.h"

namespace sojourn::bench {
namespace {

// Past this many the ledger only counts (384 MB of entries, 128 MB of events).
constexpr std::size_t kMaxEntries = 16'000'000;

// The text from the value of `key` on, or empty. A scan, not a parse: the sink
// must cost little beside what it measures, and its senders write plain JSON.
std::string_view value_of(std::string_view body, std::string_view key) {
  const auto at = body.find(key);
  if (at == std::string_view::npos) return {};
  const auto value = body.find_first_not_of(" \t\r\n:", at + key.size());
  return value == std::string_view::npos ? std::string_view() : body.substr(value);
}

// The text between the quotes in front, if it is one.
std::string_view quoted(std::string_view value) {
  if (value.empty() || value.front() != '"') return {};
  value.remove_prefix(1);
  return value.substr(0, value.find('"'));
}

std::string_view recipient_of(std::string_view body) {
  auto value = value_of(body, R"("recipientEmail")");
  if (value.empty()) value = value_of(body, R"("recipientUserId")");
  return quoted(value);
}

std::uint64_t count_repeats(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  const auto distinct = std::unique(hashes.begin(), hashes.end()) - hashes.begin();
  return hashes.size() - static_cast<std::size_t>(distinct);
}

}  // namespace

void Ledger::add(std::string_view body, std::int64_t micros) {
  ++messages_;
  if (entries_.size() == kMaxEntries) return;
  const auto campaign = value_of(body, R"("campaignId")");
  const auto recipient = recipient_of(body);
  Entry entry{base::stable_hash64(recipient), 0, micros};
  std::from_chars(campaign.data(), campaign.data() + campaign.size(), entry.campaign);
  if (entry.campaign != 0 && !recipient.empty()) entries_.push_back(entry);
}

std::string_view Ledger::add_event(std::string_view body) {
  ++events_;
  const auto id = quoted(value_of(body, R"("id")"));
  if (event_ids_.size() < kMaxEntries) event_ids_.push_back(base::stable_hash64(id));
  return id;
}

LedgerSummary Ledger::summary() const {
  LedgerSummary out;
  out.messages = messages_;
  out.unreadable = messages_ - entries_.size();
  out.events = events_;
  out.doubled_events = count_repeats(event_ids_);
  if (!entries_.empty()) {
    out.seconds = static_cast<double>(entries_.back().micros - entries_.front().micros) / 1e6;
  }
  auto sorted = entries_;
  std::sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.recipient_hash, a.campaign, a.micros) <
           std::tie(b.recipient_hash, b.campaign, b.micros);
  });
  std::vector<std::int64_t> gaps_micros;
  for (std::size_t i = 0; i < sorted.size();) {
    const std::size_t first = i;
    std::vector<std::int64_t> times;  // the first of each campaign
    for (; i < sorted.size() && sorted[i].recipient_hash == sorted[first].recipient_hash; ++i) {
      const bool repeated = i > first && sorted[i].campaign == sorted[i - 1].campaign;
      out.doubled += repeated ? 1 : 0;
      if (!repeated) times.push_back(sorted[i].micros);
    }
    ++out.people;
    if (times.size() < 2) continue;
    ++out.complete;
    std::sort(times.begin(), times.end());
    gaps_micros.push_back(times[1] - times[0]);
  }
  out.gap_ms_p50 = static_cast<double>(percentile(gaps_micros, 50)) / 1000;
  out.gap_ms_p99 = static_cast<double>(percentile(gaps_micros, 99)) / 1000;
  return out;
}

}  // namespace sojourn::bench
