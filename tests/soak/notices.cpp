#include "tests/soak/notices.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sojourn::soak {
namespace {

using End = sandbox::ToldNotice::End;

constexpr std::string_view kBounce = "emailBounce";
constexpr std::string_view kUnsubscribe = "emailUnSubscribe";
constexpr std::string_view kComplaint = "emailComplaint";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEngagements{
    {{"emailSend", "received"},
     {"emailOpen", "opened"},
     {"emailClick", "clicked"},
     {kBounce, "bounced"},
     {kComplaint, "complained"},
     {kUnsubscribe, "unsubscribed"}}};

void add(const sandbox::ToldNotice& notice, Happened& out) {
  out.unanswered += static_cast<std::uint32_t>(notice.unanswered);
  switch (notice.end) {
    case End::kTaken:
      ++out.taken;
      out.taken_at = std::min(out.taken_at.value_or(notice.ended), notice.ended);
      return;
    case End::kGivenUp:
      ++out.given_up;
      return;
    case End::kDropped:
      ++out.dropped;
      return;
    case End::kLost:
      ++out.lost;
      return;
  }
}

// Whether its message has bounced, whoever was told of that.
bool is_of_bounce(const Happened& one, const std::vector<Happened>& all) {
  return std::ranges::any_of(all, [&](const Happened& other) {
    return other.event == kBounce && other.message == one.message;
  });
}

}  // namespace

std::vector<Happened> happened_of(const SandboxPerson& person) {
  std::vector<Happened> out;
  for (const sandbox::ToldNotice& notice : person.notices) {
    auto found = std::ranges::find_if(out, [&](const Happened& one) {
      return one.event == notice.event && one.message == notice.message &&
             one.at == notice.happened && one.bot == notice.bot;
    });
    if (found == out.end()) {
      Happened& added = out.emplace_back();
      added.event = notice.event;
      added.message = notice.message;
      added.key = notice.message_key;
      added.at = notice.happened;
      added.bot = notice.bot;
      added.begun = notice.begun;
      found = std::prev(out.end());
    }
    add(notice, *found);
  }
  return out;
}

bool is_opt_out(const Happened& one) {
  return one.event == kUnsubscribe || one.event == kBounce || one.event == kComplaint;
}

bool suppresses(const Happened& one, const std::vector<Happened>& all) {
  return is_opt_out(one) && (one.event != kUnsubscribe || is_of_bounce(one, all));
}

std::string_view engagement_of(const Happened& one, const std::vector<Happened>& all) {
  if (one.bot || (one.event == kUnsubscribe && is_of_bounce(one, all))) return {};
  const auto* found = std::ranges::find(kEngagements, one.event,
                                        &std::pair<std::string_view, std::string_view>::first);
  return found == kEngagements.end() ? std::string_view() : found->second;
}

}  // namespace sojourn::soak
