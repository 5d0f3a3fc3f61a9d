#include "tests/sim/forwards.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

#include "base/percent.h"
#include "runtime/counter_names.h"
#include "runtime/erasing_forward.h"
#include "runtime/intake_endpoint.h"
#include "runtime/operation_record.h"

namespace sojourn::sim {
namespace {

using runtime::DeadLetter;
using runtime::DeliveryRecord;

constexpr std::string_view kTrack = "POST /api/events/track ";

// As it is to go on: as it was said, but that a name in a path is written anew.
connectors::HttpRequest request_of(const Post& post) {
  if (post.endpoint) return {"POST", std::string(runtime::path_of(*post.endpoint)), post.body};
  const std::size_t name = post.path.rfind('/') + 1;
  return {"DELETE", post.path.substr(0, name) + base::percent_encoded(post.path.substr(name)), {}};
}

}  // namespace

void Forwards::offered(std::uint64_t ticket, const Post& post) {
  if (is_on_) offered_[ticket] = request_of(post);
}

void Forwards::settled(const std::string& key) {
  const auto found = calls_.find(key);
  if (found != calls_.end()) record_.settled(found->second);
}

void Forwards::made(const store::Commit& commit, std::uint64_t number) {
  if (!is_on_) return;
  planned_now_.clear();
  last_commit_ = number;
  std::vector<std::pair<const store::Delivery*, DeliveryRecord>> puts;
  std::set<Key> kept;
  for (const store::Delivery& delivery : commit.put_deliveries) {
    auto record = runtime::decode_delivery(delivery.body);
    if (!record || record->kind != DeliveryRecord::Kind::kForward) continue;
    kept.insert(delivery.key.message);
    puts.emplace_back(&delivery, std::move(*record));
  }
  std::ranges::sort(puts, {}, [](const auto& each) { return each.second.place; });
  for (const auto& [delivery, record] : puts) put(*delivery, record, number);
  const Letters letters = keep_letters(commit);
  for (const store::DeliveryKey& key : commit.remove_deliveries) {
    // Of somebody who became somebody else, it is there again.
    if (waiting_.contains(key.message) && !kept.contains(key.message)) end(key.message, letters);
  }
}

// What of the dead letters this commit puts.
Forwards::Letters Forwards::keep_letters(const store::Commit& commit) {
  Letters news;
  for (const store::RowKey& key : commit.remove_rows) {
    if (key.kind == store::RowKind::kDeadLetter) letters_.erase(key.number);
  }
  for (const store::Row& row : commit.put_rows) {
    if (row.key.kind != store::RowKind::kDeadLetter) continue;
    auto letter = runtime::decode_dead_letter(row.body);
    if (!letter || letter->record.kind != DeliveryRecord::Kind::kForward) continue;
    letters_[row.key.number] = letter->key.message;
    news.emplace(letter->key.message, std::move(*letter));
  }
  for (const auto& [number, key] : letters_) {
    const auto ended = ended_.find(key);
    if (ended == ended_.end() || ended->second.forward.is_erasing) continue;
    if (!is_erased_since(ended->second)) continue;
    say(Invariant::kNothingOfErased, fmt::format("{} is among the dead letters, and they were "
                                                 "erased since it was said",
                                                 ended->second.forward.call));
  }
  return news;
}

bool Forwards::is_erased_since(const Ended& ended) const {
  return std::ranges::any_of(ended.forward.emails, [&](const std::string& email) {
    const auto erased = erased_.find(email);
    return erased != erased_.end() && erased->second > ended.first;
  });
}

void Forwards::put(const store::Delivery& delivery, const DeliveryRecord& record,
                   std::uint64_t number) {
  const Key& key = delivery.key.message;
  const bool is_hollow = runtime::is_hollow(record);
  if (!waiting_.contains(key)) {
    if (is_hollow) {
      keep_place(key, number);
    } else if (const auto ended = ended_.find(key); ended != ended_.end()) {
      plan_again(ended->second, key, {number, record.place});
    } else {
      plan(key, record, number);
    }
  }
  Forward& forward = waiting_.at(key);
  if (is_hollow) forward.call.clear();
  forward.is_claimed = !delivery.next_attempt;
  forward.is_next = delivery.next_attempt != runtime::kHeldBack;
}

void Forwards::plan(const Key& key, const DeliveryRecord& record, std::uint64_t number) {
  const auto request = runtime::forwarded_request(record.subject, record.body);
  Forward forward;
  forward.call = call_of(request);
  forward.emails = emails_in(request);
  forward.is_erasing = runtime::is_erasing(record.subject);
  forward.rank = {number, record.place};
  ++planned_;
  planned_now_[forward.call].push_back(record.place);
  record_.planned(forward.call);
  calls_[key.hex()] = forward.call;
  if (forward.emails.size() > 1) merge(forward.emails);
  if (forward.is_erasing) {
    erase(forward);
  } else {
    for (const std::string& email : forward.emails) gone_.erase(email);
  }
  waiting_.emplace(key, std::move(forward));
}

// An operator has it sent after all, behind what waits.
void Forwards::plan_again(const Ended& ended, const Key& key, const Rank& rank) {
  Forward forward = ended.forward;
  forward.rank = rank;
  forward.is_erased |= is_erased_since(ended);
  ++planned_;
  waiting_.emplace(key, std::move(forward));
}

// What was under way to somebody when they were erased: a place in the order, and nothing else.
void Forwards::keep_place(const Key& key, std::uint64_t number) {
  Forward place;
  place.emails = others_[key];
  place.rank = {number, 0};
  ++planned_;
  waiting_.emplace(key, std::move(place));
}

void Forwards::merge(const std::vector<std::string>& emails) {
  const std::string into = line_of(emails[0]);
  const std::string from = line_of(emails[1]);
  if (into == from) return;
  const bool is_leaving = leaving_.contains(into);
  const bool other_leaves = leaving_.contains(from);
  for (auto& [key, forward] : waiting_) {
    const std::string line = line_of(forward);
    // Two that both are behind an erasure leave by one queue from here on.
    if (is_leaving != other_leaves) {
      forward.is_free |= (line == into && other_leaves) || (line == from && is_leaving);
    }
    forward.was_next |= forward.is_next && (line == into || line == from);
  }
  merged_into_[from] = into;
  if (leaving_.erase(from) > 0) leaving_.insert(into);
}

void Forwards::erase(const Forward& erasing) {
  const std::string line = line_of(erasing);
  for (auto& [key, forward] : waiting_) {
    const bool is_before = forward.rank < erasing.rank && !forward.is_erasing;
    if (line_of(forward) != line) continue;
    forward.is_erased |= is_before;
    // What was under way to them takes a place now, and holds back nothing that was let go before.
    forward.was_next |= forward.is_next;
  }
  leaving_.insert(line);
  std::set<std::string> emails(erasing.emails.begin(), erasing.emails.end());
  // A name of whoever became somebody else is nobody's: that one stays.
  const bool is_somebodys = emails.contains(line);
  for (const auto& [email, into] : merged_into_) {
    if (is_somebodys && line_of(email) == line) emails.insert(email);
  }
  for (const std::string& email : emails) {
    erased_[email] = erasing.rank;
    gone_.insert(email);
  }
}

void Forwards::end(const Key& key, const Letters& letters) {
  const auto found = waiting_.find(key);
  const Forward forward = std::move(found->second);
  waiting_.erase(found);
  if (!ended_rightly(key, forward, letters)) {
    say(Invariant::kForwardsKept, fmt::format("{} leaves the outbox, and was neither taken nor "
                                              "refused, nor is whom it is about erased",
                                              forward.call));
  }
  const Rank first = forward.rank;
  close_line(line_of(forward));
  Ended& ended = ended_.try_emplace(key, Ended{{}, first}).first->second;
  ended.forward = forward;
}

bool Forwards::ended_rightly(const Key& key, const Forward& forward, const Letters& letters) {
  if (forward.call.empty() || forward.is_erased) return true;
  const auto letter = letters.find(key);
  if (letter == letters.end()) {
    return record_.accepted_times(forward.call) >= ++taken_[forward.call];
  }
  // A claim that outlives its process is a doubt, whether its request had left or not.
  const bool is_refused = letter->second.state == runtime::DeliveryState::kRefused;
  return record_.was_rejected(forward.call) || (!is_refused && record_.may_be_taken(forward.call));
}

void Forwards::close_line(const std::string& line) {
  const bool is_empty = std::ranges::none_of(
      waiting_, [&](const auto& each) { return line_of(each.second) == line; });
  if (is_empty) leaving_.erase(line);
}

void Forwards::published(const runtime::TurnOutput& output) {
  if (!is_on_) return;
  if (output.sequence != last_commit_) planned_now_.clear();
  look_at_results(output);
  for (const runtime::Outgoing& outgoing : output.outgoing) {
    if (outgoing.call) continue;
    if (outgoing.passed_on) {
      look_at_claim(outgoing.key.message, output.sequence);
    } else {
      look_at_other(outgoing, output.sequence);
    }
  }
}

// Each that was taken is planned, in the order in which it was said, and nothing else is.
void Forwards::look_at_results(const runtime::TurnOutput& output) {
  std::uint32_t last_place = 0;
  for (const runtime::IntakeResult& result : output.results) {
    const auto ticket = offered_.find(result.token);
    if (ticket == offered_.end()) continue;
    const connectors::HttpRequest request = std::move(ticket->second);
    offered_.erase(ticket);
    const bool was_taken = result.accepted > 0 && result.failures.empty();
    if (!was_taken || was_planned(request, output.sequence, last_place)) continue;
    say(Invariant::kForwardsKept, fmt::format("{} was taken by commit {} and is not to go on",
                                              call_of(request), output.sequence));
  }
  for (const auto& [call, places] : planned_now_) {
    if (places.empty()) continue;
    say(Invariant::kForwardsOnce, fmt::format("{} is to go on by commit {}, {} times more often "
                                              "than it was taken",
                                              call, output.sequence, places.size()));
  }
  planned_now_.clear();
}

bool Forwards::was_planned(const connectors::HttpRequest& request, std::uint64_t commit,
                           std::uint32_t& last_place) {
  const std::string call = call_of(request);
  const auto now = planned_now_.find(call);
  if (now == planned_now_.end() || now->second.empty()) {
    // It has come before; or its person was erased by what was said next.
    if (call.starts_with(kTrack) && record_.knows(call)) return true;
    return std::ranges::any_of(emails_in(request), [&](const std::string& email) {
      const auto erased = erased_.find(email);
      return erased != erased_.end() && erased->second.first == commit;
    });
  }
  const std::uint32_t place = now->second.front();
  now->second.pop_front();
  if (place <= std::exchange(last_place, place)) {
    say(Invariant::kForwardsInOrder,
        fmt::format("{} was said after what commit {} has behind it", call, commit));
  }
  return true;
}

void Forwards::look_at_claim(const Key& key, std::uint64_t commit) {
  const auto found = waiting_.find(key);
  if (found != waiting_.end() && !found->second.is_erased) {
    return look_at_order(key, found->second, commit);
  }
  const auto ended = ended_.find(key);
  const bool is_erased =
      found != waiting_.end() || (ended != ended_.end() && ended->second.forward.is_erased);
  say(is_erased ? Invariant::kNothingOfErased : Invariant::kForwardsOnce,
      fmt::format("{} was claimed by commit {}, and {}", calls_[key.hex()], commit,
                  is_erased ? "they were erased since it was said" : "it had ended"));
}

void Forwards::look_at_order(const Key& key, const Forward& forward, std::uint64_t commit) const {
  if (forward.is_free || forward.was_next) return;
  const std::string line = line_of(forward);
  for (const auto& [other, before] : waiting_) {
    const bool is_in_the_way = before.is_claimed || before.rank < forward.rank;
    if (other == key || !is_in_the_way || before.is_free) continue;
    if (line_of(before) != line) continue;
    say(Invariant::kForwardsInOrder,
        fmt::format("{} was claimed by commit {}, and {} of commit {} has not ended", forward.call,
                    commit, before.call.empty() ? "what was under way" : before.call,
                    before.rank.first));
  }
}

void Forwards::look_at_other(const runtime::Outgoing& outgoing, std::uint64_t commit) {
  std::vector<std::string> emails = emails_in(outgoing.request);
  for (const std::string& email : emails) {
    if (!gone_.contains(email)) continue;
    say(Invariant::kNothingOfErased,
        fmt::format("{} {} was claimed by commit {}, and {} was erased by commit {}",
                    outgoing.request.path, outgoing.request.body, commit, email,
                    erased_.at(email).first));
  }
  others_[outgoing.key.message] = std::move(emails);
}

void Forwards::look_at(const Counters& counters, std::int64_t waiting) const {
  if (!is_on_) return;
  std::int64_t counted = 0;
  std::int64_t ended = 0;
  for (const auto& [counter, value] : counters) {
    const auto parts = runtime::counter_parts(counter);
    if (parts[0] == "forwards_waiting") counted = value;
    if (parts[0] == "forwards") ended += value;
  }
  if (counted == waiting && planned_ == waiting + ended) return;
  say(Invariant::kForwardsAddUp,
      fmt::format("{} were to go on; {} wait, {} are counted as waiting, and {} as ended", planned_,
                  waiting, counted, ended));
}

std::string Forwards::line_of(const Forward& forward) const {
  return forward.emails.empty() ? std::string() : line_of(forward.emails.front());
}

std::string Forwards::line_of(std::string email) const {
  for (auto into = merged_into_.find(email); into != merged_into_.end();
       into = merged_into_.find(email)) {
    email = into->second;
  }
  return email;
}

}  // namespace sojourn::sim
