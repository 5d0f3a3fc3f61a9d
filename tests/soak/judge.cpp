#include "tests/soak/judge.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/soak/notices.h"
#include "tests/soak/story.h"

namespace sojourn::soak {
namespace {

class Case {
 public:
  Case(const Terms& terms, const DaemonPerson& planned, const SandboxPerson& recorded, Tally& tally)
      : terms_(terms),
        email_(planned.email),
        story_(story_of(planned)),
        recorded_(recorded),
        happened_(happened_of(recorded)),
        tally_(tally) {}

  void judge() {
    count();
    check_journey();
    for (const PlannedMessage& message : story_.messages) check_message(message);
    for (const RecordedMessage& message : recorded_.messages) check_recorded(message);
    check_times();
    check_opt_out();
    check_openings();
    check_notices();
  }

 private:
  void differ(std::string what, std::string key = {}) {
    tally_.differ({email_, std::move(key), std::move(what)});
  }

  void count() {
    tally_.planned += story_.messages.size();
    tally_.recorded += recorded_.messages.size();
    tally_.told += recorded_.notices.size();
    tally_.worked_in += story_.engagements.size();
  }

  // Once in, once out, and the messages of the way that was taken.
  void check_journey() {
    if (story_.events != 1 || story_.entered != 1 || story_.exited != 1) {
      differ(fmt::format("{} events, {} entries, {} exits instead of one each", story_.events,
                         story_.entered, story_.exited));
    }
    const bool opened = story_.opened_at.has_value();
    if (opened == story_.timed_out_at.has_value()) {
      return differ("the wait for an opening did not end once");
    }
    const std::string_view second = opened ? kReader : kQuiet;
    for (const std::string_view campaign : {kFirst, second}) {
      if (story_.find(campaign) == nullptr) differ(fmt::format("`{}` was not planned", campaign));
    }
    if (story_.messages.size() > 2) {
      differ(fmt::format("{} messages were planned instead of 2", story_.messages.size()));
    }
    if (story_.reason != (opened ? "opened" : "silent")) {
      differ(fmt::format("they went the way `{}` and left as `{}`", opened ? "opened" : "timeout",
                         story_.reason));
    }
  }

  // The recorded copies of a message.
  std::vector<const RecordedMessage*> copies(const PlannedMessage& message) const {
    std::vector<const RecordedMessage*> out;
    for (const RecordedMessage& one : recorded_.messages) {
      if (!message.key.empty() && one.key == message.key) out.push_back(&one);
    }
    return out;
  }

  void check_message(const PlannedMessage& message) {
    const auto came = copies(message);
    const auto wrong = fault_of(message, came);
    if (!wrong.empty()) differ(fmt::format("`{}` {}", message.campaign, wrong), message.key);
    if (came.size() > 1) tally_.doubled += came.size() - 1;
    ++tally_.message_classes[wrong.empty() ? class_of(message, came) : wrong];
  }

  // Empty: it is as it should be.
  std::string fault_of(const PlannedMessage& message,
                       const std::vector<const RecordedMessage*>& came) const {
    if (message.has_other_key) return "has more than one key";
    if (message.accepted + message.ended_unsent != 1) return "has not ended once";
    if (message.accepted == 1 && came.empty()) return "is lost: accepted, and never recorded";
    if (came.size() > 1 + message.in_doubt) return "is doubled, and no answer was lost";
    if (message.accepted == 1) return {};
    if (!came.empty() && message.in_doubt == 0) return "ended unsent, and is recorded";
    const bool is_out = std::ranges::any_of(happened_, [&](const Happened& one) {
      return one.may_be_known() &&
             (message.reason == "suppressed" ? suppresses(one, happened_) : is_opt_out(one));
    });
    const bool is_a_reason = message.reason == "suppressed" || message.reason == "no_consent";
    if (!is_a_reason || !is_out || !message.ended_after_opt_out) {
      return fmt::format("ended as {} without a cause", message.reason);
    }
    return {};
  }

  static std::string class_of(const PlannedMessage& message,
                              const std::vector<const RecordedMessage*>& came) {
    if (message.accepted == 0) {
      return fmt::format("skipped: {}{}", message.reason,
                         came.empty() ? "" : ", in doubt and recorded");
    }
    if (came.size() > 1) return "ok, doubled: an answer was lost";
    if (!came.front()->unsent.empty()) return "ok, taken and not sent: " + came.front()->unsent;
    return message.in_doubt > 0 ? "ok, and was in doubt" : "ok";
  }

  void check_recorded(const RecordedMessage& message) {
    const PlannedMessage* planned = story_.find(message.campaign);
    if (planned == nullptr || planned->key != message.key) {
      ++tally_.message_classes["unknown"];
      return differ(fmt::format("`{}` is unknown: recorded, and never planned", message.campaign),
                    message.key);
    }
    const auto is_of = [&](const Happened& one) { return one.message == message.sequence; };
    if (message.unsent.empty() && std::ranges::none_of(happened_, is_of)) {
      differ(fmt::format("nobody was told of `{}`", message.campaign), message.key);
    }
    const bool is_unsubscribed = std::ranges::any_of(
        happened_, [&](const Happened& one) { return is_opt_out(one) && one.begun <= message.at; });
    if (!message.unsent.empty() && !is_unsubscribed) {
      differ(fmt::format("`{}` was not sent ({}), and nobody had unsubscribed", message.campaign,
                         message.unsent),
             message.key);
    }
  }

  void check_times() {
    for (const EndedWait& wait : story_.waits) {
      if (!wait.by_itself) continue;
      const base::Millis late = wait.at - wait.until;
      ++tally_.waits;
      if (late > kLate) ++tally_.late_waits;
      tally_.latest = std::max(tally_.latest, late);
      if (late.count < 0) differ(fmt::format("a wait ended {} ms early", -late.count));
    }
    const RecordedMessage* first = came_first(kFirst);
    const RecordedMessage* quiet = came_first(kQuiet);
    if (first == nullptr || quiet == nullptr) return;
    const base::Millis between = quiet->at - first->at;
    if (between.count + kClocks.count < terms_.wait.count) {
      differ(fmt::format("`{}` is early: it came {} ms after `{}`", kQuiet, between.count, kFirst),
             quiet->key);
    }
  }

  const RecordedMessage* came_first(std::string_view campaign) const {
    const auto found = std::ranges::find(recorded_.messages, campaign, &RecordedMessage::campaign);
    return found == recorded_.messages.end() ? nullptr : &*found;
  }

  // Nothing is claimed once an opt-out was answered, by the order of the log and by the clock.
  void check_opt_out() {
    std::optional<base::Instant> answered;
    std::string key;  // of the message that they opted out by
    bool may_be_known = false;
    for (const Happened& one : happened_) {
      if (!is_opt_out(one)) continue;
      may_be_known |= one.may_be_known();
      if (!one.taken_at || (answered && *answered <= *one.taken_at)) continue;
      answered = one.taken_at;
      key = one.key;
    }
    if (answered && !story_.opted_out_at) differ("an opt-out was answered, and is in no log", key);
    if (story_.opted_out_at && !may_be_known)
      differ("an opt-out is in the log, and nobody told it");
    for (const PlannedMessage& message : story_.messages) {
      const bool by_clock =
          answered && message.claimed_at && *message.claimed_at > *answered + kClocks;
      if (!message.claimed_after_opt_out && !by_clock) continue;
      differ(fmt::format("`{}` was claimed after an opt-out had been {}", message.campaign,
                         by_clock ? "answered" : "worked in"),
             message.key);
    }
  }

  // Who opened the first message in time went that way, and nobody else.
  void check_openings() {
    const PlannedMessage* first = story_.find(kFirst);
    if (first == nullptr) return;
    bool is_told = false;
    bool is_late = false;
    for (const Happened& one : happened_) {
      const bool is_opening = one.event == "emailOpen" && !one.bot && one.key == first->key;
      if (!is_opening || !one.may_be_known()) continue;
      is_told |= !story_.opened_at || one.begun <= *story_.opened_at + kClocks;
      is_late = true;
      if (story_.timed_out_at && one.taken_at && *one.taken_at + kClocks < *story_.timed_out_at) {
        differ("their opening was answered in time, and they went the other way", first->key);
      }
    }
    if (story_.opened_at && !is_told) {
      differ("they went the way of those who opened, and no opening had been told", first->key);
    }
    ++tally_.person_classes[story_.opened_at ? "opened in time"
                            : is_late        ? "opened too late"
                                             : "did not open"];
  }

  // Every engagement of the log was told, and every one that was answered is in it once.
  void check_notices() {
    std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> told;  // at least, at most
    for (const Happened& one : happened_) {
      classify(one);
      const std::string_view word = engagement_of(one, happened_);
      if (word.empty() || !one.may_be_known()) continue;
      auto& [least, most] = told[fmt::format("{} {}", word, campaign_of(one))];
      if (one.taken > 0) ++least;
      ++most;
    }
    for (const std::string& one : story_.engagements) told.try_emplace(one, 0U, 0U);
    for (const auto& [words, times] : told) {
      const auto logged = static_cast<std::uint32_t>(std::ranges::count(story_.engagements, words));
      if (times.first <= logged && logged <= times.second) continue;
      differ(fmt::format("`{}` was told {} times, and worked in {} times", words, times.first,
                         logged));
    }
  }

  void classify(const Happened& one) {
    Classes& classes = tally_.notice_classes;
    if (one.taken > 0) ++classes[one.bot ? "opened by a bot" : "taken"];
    if (one.taken > 1) classes["repeated"] += one.taken - 1;
    if (one.given_up > 0) classes["given up"] += one.given_up;
    if (one.lost > 0) classes["lost on the way"] += one.lost;
    if (one.dropped > 0) classes["dropped by the sandbox"] += one.dropped;
    tally_.answered[one.event] += one.taken;
    tally_.unanswered[one.event] += one.unanswered;
  }

  std::string campaign_of(const Happened& one) const {
    const auto found =
        std::ranges::find(recorded_.messages, one.message, &RecordedMessage::sequence);
    return found == recorded_.messages.end() ? std::string("nothing") : found->campaign;
  }

  const Terms& terms_;
  const std::string& email_;
  const Story story_;
  const SandboxPerson& recorded_;
  const std::vector<Happened> happened_;
  Tally& tally_;
};

}  // namespace

void judge(const Terms& terms, const std::string& email, const DaemonPerson* planned,
           const SandboxPerson* recorded, Tally& tally) {
  ++tally.people;
  const SandboxPerson nothing{email, {}, {}};
  if (planned == nullptr) {
    ++tally.person_classes["lost"];
    return tally.differ({email, {}, "their event was acknowledged, and the daemon knows nobody"});
  }
  Case(terms, *planned, recorded == nullptr ? nothing : *recorded, tally).judge();
}

void judge_stranger(const std::string& email, Tally& tally) {
  ++tally.person_classes["unknown"];
  tally.differ({email, {}, "nobody sent an event of them"});
}

}  // namespace sojourn::soak
