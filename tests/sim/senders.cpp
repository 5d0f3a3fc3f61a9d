#include "tests/sim/senders.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "tests/sim/program.h"

namespace sojourn::sim {
namespace {

using What = Said::What;

constexpr base::Millis kPatience = base::seconds(30);

struct Likely {
  What what;
  std::uint64_t weight;
};
// What somebody known says next.
constexpr std::array<Likely, 16> kLikely{{{What::kSignup, 22},
                                          {What::kLogin, 12},
                                          {What::kCancelled, 7},
                                          {What::kPlaced, 18},
                                          {What::kPaid, 8},
                                          {What::kAsked, 30},
                                          {What::kScore, 10},
                                          {What::kUpgrade, 3},
                                          {What::kDowngrade, 4},
                                          {What::kOptOut, 4},
                                          {What::kOptIn, 2},
                                          {What::kDelete, 1},
                                          {What::kForget, 1},
                                          {What::kMerge, 2},
                                          {What::kTeam, 4},
                                          {What::kAlarm, 4}}};
// What is said while an event is on its way to many.
constexpr std::array<What, 8> kMeanwhile{What::kAlarm, What::kAlarm, What::kTeam,   What::kTeam,
                                         What::kMerge, What::kMerge, What::kDelete, What::kScore};

constexpr std::uint64_t kOften = 8;

}  // namespace

void Senders::plan(std::size_t people, base::Millis span, bool often_erased) {
  people_.resize(people);
  often_erased_ = often_erased;
  for (std::size_t person = 0; person < people; ++person) {
    for (std::int64_t times = chance_.between(3, 10); times > 0; --times) {
      agenda_.after(chance_.time({0}, span), [this, person] { think(person, {}); });
    }
  }
}

Said::What Senders::choose(const Person& person) {
  if (!person.is_known && person.to_say.empty()) return What::kSignup;
  const auto weight = [&](const Likely& each) {
    const bool ends_them = each.what == What::kDelete || each.what == What::kMerge;
    return often_erased_ && ends_them ? each.weight * kOften : each.weight;
  };
  std::uint64_t all = 0;
  for (const Likely& each : kLikely) all += weight(each);
  std::uint64_t drawn = chance_.below(all);
  for (const Likely& each : kLikely) {
    if (drawn < weight(each)) return each.what;
    drawn -= weight(each);
  }
  return What::kLogin;
}

// Somebody who is known and has nothing to say just now.
bool Senders::choose_other(Said& said) {
  said.other = static_cast<std::size_t>(chance_.below(people_.size()));
  Person& other = people_[said.other];
  if (said.other == said.person || other.is_gone || other.is_speaking || !other.is_known) {
    return false;
  }
  if (known_.is_forgotten(said.other) || known_.is_forgotten(said.person)) return false;
  other.is_gone = true;
  other.to_say.clear();
  return true;
}

void Senders::think(std::size_t number, std::optional<What> of) {
  Person& person = people_[number];
  if (person.is_gone) return;
  Said said;
  said.what = of && person.is_known ? *of : choose(person);
  said.person = number;
  said.ref = fmt::format("{}-{}", to_string(said.what), next_ref_++);
  said.number = next_score_++;
  said.team = kTeams.at(static_cast<std::size_t>(said.number) % kTeams.size());
  if (said.what == What::kMerge && !choose_other(said)) return;
  if (said.what == What::kPlaced) person.orders.push_back(said.ref);
  if (said.what == What::kPaid) {
    if (person.orders.empty()) return;
    said.ref = person.orders.back();
    person.orders.pop_back();
  }
  if (said.what == What::kDelete && often_erased_) come_again(number);
  put(std::move(said));
}

void Senders::put(Said said) {
  const std::size_t number = said.person;
  ++said_;
  people_[number].to_say.push_back(std::move(said));
  speak(number);
}

// Soon, so that their erasure may be on its way still.
void Senders::come_again(std::size_t number) {
  for (std::uint64_t times = chance_.below(5); times > 0; --times) {
    agenda_.after(chance_.time(base::seconds(1), base::minutes(4)),
                  [this, number] { think(number, {}); });
  }
}

// While it is on its way others speak, and some of those it is for become others or are no more;
// later it is over for its team.
void Senders::stir(const Said& said) {
  said_to_many_();
  for (std::uint64_t more = chance_.percent(60) ? 1 + chance_.below(4) : 0; more > 0; --more) {
    const auto person = static_cast<std::size_t>(chance_.below(people_.size()));
    const What what = kMeanwhile.at(chance_.below(kMeanwhile.size()));
    agenda_.after(chance_.time({0}, {5}), [this, person, what] { think(person, what); });
  }
  if (said.what != What::kAlarm || !chance_.percent(60)) return;
  Said over = said;
  over.what = What::kAllClear;
  over.ref += "-over";
  over.tries = 0;
  over.seen_hash.reset();
  agenda_.after(chance_.time({20}, base::minutes(20)), [this, over] {
    if (!people_[over.person].is_gone) put(over);
  });
}

void Senders::speak(std::size_t number) {
  Person& person = people_[number];
  if (person.is_speaking || person.to_say.empty()) return;
  person.is_speaking = true;
  known_.going_to_say(person.to_say.front());
  fan_outs_.going_to_say(person.to_say.front());
  say(number);
}

void Senders::say(std::size_t number) {
  Said& said = people_[number].to_say.front();
  ++said.tries;
  if (knock({number, said, false}) == 0) again(number);
}

// The ticket, or 0 when nobody listens.
std::uint64_t Senders::knock(Ticket ticket) {
  const std::uint64_t id = next_ticket_++;
  const Post post = post_of(ticket.said);
  trace_.line(fmt::format("p{} says {} {}{}", ticket.person, to_string(ticket.said.what),
                          ticket.said.ref, ticket.is_repeat ? " once more" : ""));
  tickets_.emplace(id, std::move(ticket));
  if (!door_(post, id)) {
    tickets_.erase(id);
    return 0;
  }
  agenda_.after(kPatience, [this, id] {
    const auto found = tickets_.find(id);
    if (found == tickets_.end()) return;
    const Ticket given_up = std::move(found->second);
    tickets_.erase(found);
    if (!given_up.is_repeat) again(given_up.person);
  });
  return id;
}

void Senders::again(std::size_t number) {
  const base::Millis most = base::seconds(20 * std::min(people_[number].to_say.front().tries, 30));
  agenda_.after(chance_.time(base::seconds(1), most), [this, number] { say(number); });
}

void Senders::recognised_as(std::uint64_t ticket, std::uint64_t seen_hash) {
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) return;
  found->second.said.seen_hash = seen_hash;
}

void Senders::durable(std::uint64_t ticket, std::uint64_t commit) {
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end() || found->second.is_repeat) return;
  const Said& said = found->second.said;
  known_.durable(said, commit);
  if (said.what == What::kAlarm || said.what == What::kAllClear) stir(said);
}

void Senders::answered(std::uint64_t ticket, int status) {
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) return;
  const Ticket told = std::move(found->second);
  tickets_.erase(found);
  trace_.line(fmt::format("p{} has {} for {} {}", told.person, status, to_string(told.said.what),
                          told.said.ref));
  if (told.is_repeat) return;
  if (status == 429 || status >= 500) return again(told.person);
  over(told.person, status == 200);
  if (status == 200) perhaps_repeat(told.said);
}

void Senders::over(std::size_t number, bool was_taken) {
  Person& person = people_[number];
  if (!was_taken) ++refused_;
  person.is_known |= was_taken;
  person.is_speaking = false;
  person.to_say.pop_front();
  speak(number);
}

// Some senders repeat themselves, within the days for which ids are kept.
void Senders::perhaps_repeat(const Said& said) {
  if (!said.seen_hash || !chance_.percent(12)) return;
  ++repeats_;
  agenda_.after(chance_.time(base::seconds(1), base::days24(2)),
                [this, said] { knock({said.person, said, true}); });
}

bool Senders::is_waiting() const {
  return std::ranges::any_of(people_, [](const Person& person) { return !person.to_say.empty(); });
}

}  // namespace sojourn::sim
