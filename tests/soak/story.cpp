#include "tests/soak/story.h"

#include <algorithm>
#include <fmt/format.h>

#include "tests/soak/journey.h"

namespace sojourn::soak {
namespace {

using runtime::LogRecord;
using Kind = LogRecord::Kind;

class Reader {
 public:
  Story read(const DaemonPerson& person) {
    for (const LogRecord& record : person.log) read(record);
    return std::move(story_);
  }

 private:
  void read(const LogRecord& record) {
    switch (record.kind) {
      case Kind::kEvent:
        return event(record);
      case Kind::kProfile:
        // All that a soak tells of people is consent, and the only word of it is a no.
        if (!story_.opted_out_at) story_.opted_out_at = record.at;
        return;
      case Kind::kEntered:
        ++story_.entered;
        return;
      case Kind::kExited:
        ++story_.exited;
        story_.reason = record.detail;
        return;
      case Kind::kWaits:
        rests_until_ = record.until;
        return;
      case Kind::kWaitOver:
        return wait_over(record.at, true);
      case Kind::kBranch:
        return branch(record);
      default:
        return message(record);
    }
  }

  void event(const LogRecord& record) {
    if (record.subject == kEvent) {
      ++story_.events;
    } else {
      story_.engagements.push_back(fmt::format("{} {}", record.subject, record.detail));
    }
  }

  void branch(const LogRecord& record) {
    const bool timed_out = record.detail == "timeout";
    (timed_out ? story_.timed_out_at : story_.opened_at) = record.at;
    wait_over(record.at, timed_out);
  }

  void wait_over(base::Instant at, bool by_itself) {
    if (rests_until_) story_.waits.push_back({*rests_until_, at, by_itself});
    rests_until_.reset();
  }

  void message(const LogRecord& record) {
    switch (record.kind) {
      case Kind::kClaimed:
        return claimed(planned(record.subject), record);
      case Kind::kAccepted:
        ++planned(record.subject).accepted;
        return;
      case Kind::kInDoubt:
        ++planned(record.subject).in_doubt;
        return;
      case Kind::kSkipped: {
        PlannedMessage& message = planned(record.subject);
        ++message.ended_unsent;
        message.reason = record.detail;
        message.ended_after_opt_out = story_.opted_out_at.has_value();
        return;
      }
      default:
        return;
    }
  }

  void claimed(PlannedMessage& message, const LogRecord& record) {
    if (!message.key.empty() && message.key != record.detail) message.has_other_key = true;
    message.key = record.detail;
    ++message.claims;
    message.claimed_at = record.at;
    if (story_.opted_out_at) message.claimed_after_opt_out = true;
  }

  PlannedMessage& planned(const std::string& campaign) {
    const auto found = std::ranges::find(story_.messages, campaign, &PlannedMessage::campaign);
    if (found != story_.messages.end()) return *found;
    PlannedMessage& added = story_.messages.emplace_back();
    added.campaign = campaign;
    return added;
  }

  Story story_;
  std::optional<base::Instant> rests_until_;
};

}  // namespace

const PlannedMessage* Story::find(std::string_view campaign) const {
  const auto found = std::ranges::find(messages, campaign, &PlannedMessage::campaign);
  return found == messages.end() ? nullptr : &*found;
}

Story story_of(const DaemonPerson& person) {
  return Reader().read(person);
}

}  // namespace sojourn::soak
