#include "tests/sim/notices.h"

#include <fmt/format.h>

#include "tests/sim/program.h"

namespace sojourn::sim {
namespace {

constexpr base::Millis kPatience = base::seconds(30);
constexpr int kMostTries = 12;

std::string_view sent_by(std::int64_t campaign) {
  const CampaignFacts* const facts = find_campaign(campaign);
  return facts == nullptr ? "emailSend" : facts->sent;
}

}  // namespace

void Notices::Counts::add(const Counts& more) {
  told += more.told;
  taken += more.taken;
  repeated += more.repeated;
  given_up += more.given_up;
  opt_outs += more.opt_outs;
  in_time += more.in_time;
}

void Notices::accepted(const Message& message) {
  if (!has_webhook_) return;
  ++messages_;
  if (chance_.percent(85)) happens(What::kSent, message, chance_.time({1}, base::seconds(4)));
  const bool is_email = sent_by(message.campaign) == "emailSend";
  if (!is_email) return;
  const base::Millis later = chance_.time(base::seconds(1), base::hours(2));
  const std::uint64_t drawn = chance_.below(100);
  if (drawn < 10) happens(What::kOpened, message, later);
  if (drawn >= 10 && drawn < 14) happens(What::kUnsubscribed, message, later);
  if (drawn >= 14 && drawn < 16) happens(What::kHardBounce, message, later);
}

// What happens is told soon, or when it is hardly news any more.
void Notices::happens(What what, const Message& message, base::Millis in) {
  Notice notice;
  notice.what = what;
  notice.message = message;
  notice.number = messages_;
  notice.at = {agenda_.now().count + in.count};
  base::Millis lag = chance_.time({1}, base::seconds(3));
  if (chance_.percent(15)) lag = chance_.time(base::seconds(3), base::minutes(10));
  if (chance_.percent(5)) lag = chance_.time(base::minutes(10), base::hours(20));
  agenda_.after({in.count + lag.count}, [this, notice] {
    ++counts_.told;
    tell(notice);
  });
}

std::string Notices::body_of(const Notice& notice) {
  const std::string about = fmt::format(
      R"("createdAt":{},"messageId":"m-{}","campaignId":{},"transactionalData":{{"sojournMessageKey":"{}"}})",
      (MachineClock::kStart + notice.at).millis, notice.number, notice.message.campaign,
      notice.message.key);
  const auto body = [&](std::string_view event, const std::string& more) {
    return fmt::format(R"({{"email":"{}","eventName":"{}","dataFields":{{{}{}}}}})",
                       notice.message.email, event, about, more);
  };
  switch (notice.what) {
    case What::kSent:
      return body(sent_by(notice.message.campaign), "");
    case What::kOpened:
      return body("emailOpen", R"(,"isBot":false)");
    case What::kUnsubscribed:
      return body("emailUnSubscribe",
                  fmt::format(R"(,"messageTypeIds":[{}],"channelIds":[])", kNewsType));
    case What::kHardBounce:
      return body("emailBounce", R"(,"recipientState":"HardBounce")");
  }
  return {};
}

void Notices::tell(Notice notice) {
  const std::uint64_t id = next_ticket_++;
  const std::string body = body_of(notice);
  ++notice.tries;
  trace_.line("notice " + body);
  tickets_.emplace(id, notice);
  if (!door_(body, id)) {
    tickets_.erase(id);
    return again(std::move(notice));
  }
  agenda_.after(kPatience, [this, id] {
    auto waiting = tickets_.extract(id);
    if (!waiting.empty()) again(std::move(waiting.mapped()));
  });
}

void Notices::again(Notice notice) {
  if (notice.tries >= kMostTries) {
    ++counts_.given_up;
    return;
  }
  const base::Millis most = base::seconds(std::int64_t{5} << notice.tries);
  agenda_.after(chance_.time(base::seconds(1), most), [this, notice] { tell(notice); });
}

void Notices::recognised_as(std::uint64_t ticket, std::uint64_t seen_hash) {
  const auto found = tickets_.find(ticket);
  if (found != tickets_.end()) found->second.seen_hash = seen_hash;
}

void Notices::durable(std::uint64_t ticket, std::string_view became, std::uint64_t commit) {
  if (became == "repeated") ++counts_.repeated;
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end() || became != "taken") return;
  ++counts_.taken;
  const Notice& notice = found->second;
  if (notice.seen_hash) known_.notice_taken(*notice.seen_hash);
  if (notice.what == What::kUnsubscribed) {
    ++counts_.opt_outs;
    known_.told_no(notice.message.email, commit);
  }
  if (notice.what != What::kSent) return;
  if (!settled_.contains(notice.message.key)) ++counts_.in_time;
  sent_.try_emplace(notice.message.key, commit);
}

void Notices::answered(std::uint64_t ticket, int status) {
  auto told = tickets_.extract(ticket);
  if (told.empty()) return;
  Notice notice = std::move(told.mapped());
  trace_.line(fmt::format("notice of m-{} has {}", notice.number, status));
  if (status != 200) return again(std::move(notice));
  if (notice.is_repeat || !chance_.percent(10)) return;
  notice.is_repeat = true;
  agenda_.after(chance_.time(base::seconds(1), base::days24(2)), [this, notice] { tell(notice); });
}

void Notices::claimed(const Message& message, std::uint64_t commit) const {
  const auto told = sent_.find(message.key);
  if (told == sent_.end() || told->second >= commit || known_.may_be_another(message.email)) return;
  found_({Invariant::kToldNotSentAgain,
          fmt::format("campaign {} to {} (key {}) was claimed by commit {}, and commit {} has the "
                      "notice that it was sent",
                      message.campaign, message.email, message.key, commit, told->second)});
}

}  // namespace sojourn::sim
