#include "tests/e2e/delivery_join.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

std::size_t count(const Json& log, const std::string& what, const std::string& subject = {}) {
  return static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [&](const Json& line) {
    return line.at("what") == what && (subject.empty() || line.value("subject", "") == subject);
  }));
}

std::set<std::string> keys(const Json& log, const std::string& campaign) {
  std::set<std::string> found;
  for (const Json& line : log) {
    if (line.at("what") == "claimed" && line.value("subject", "") == campaign) {
      found.insert(line.at("detail").get<std::string>());
    }
  }
  return found;
}

std::optional<base::Instant> instant_of(const Json& line, const char* member) {
  return base::parse_timestamp(line.value(member, ""));
}

// How long after the end of the wait in front of it a message was first claimed; negative: before.
// Nothing where there is no wait in front of it.
std::optional<base::Millis> lateness(const Json& log, const std::string& campaign) {
  std::optional<base::Instant> until;
  for (const Json& line : log) {
    const std::string what = line.at("what");
    if (what == "waits" || what == "moved") until = instant_of(line, "until");
    if (what != "claimed" || line.value("subject", "") != campaign) continue;
    const auto at = instant_of(line, "at");
    if (!until || !at) return std::nullopt;
    return *at - *until;
  }
  return std::nullopt;
}

class Judge {
 public:
  explicit Judge(const Join& join) : join_(join) {
    for (const Json& message : join.received) {
      arrivals_[message.at("messageKey")].push_back(message.at("recipientEmail"));
    }
  }

  Verdict judge() {
    for (const SentEvent& event : join_.events) check_event(event);
    check_strangers();
    check_copies();
    return std::move(out_);
  }

 private:
  template <typename... Words>
  void differ(fmt::format_string<Words...> text, Words&&... words) {
    out_.violations.push_back(fmt::format(text, std::forward<Words>(words)...));
  }

  void check_event(const SentEvent& event) {
    if (event.report.is_null()) {
      // Nothing was promised of what was not acknowledged.
      if (!event.acknowledged) return;
      out_.fates[Fate::kLost] += join_.campaigns.size();
      return differ("{}: nobody knows the acknowledged event", event.email);
    }
    check_person(event);
    for (const std::string& campaign : join_.campaigns) ++out_.fates[fate_of(event, campaign)];
  }

  void check_person(const SentEvent& event) {
    const Json& report = event.report;
    const Json& log = report.at("log");
    if (count(log, "event") != 1 || count(log, "entered") != 1) {
      differ("{}: {} events, {} enrollments", event.email, count(log, "event"),
             count(log, "entered"));
    }
    const Json& ended = report.at("ended");
    if (ended.size() != 1 || ended.at(0).at("reason") != "completed" ||
        !report.at("enrollments").empty() || !report.at("deliveries").empty()) {
      differ("{}: did not end once as completed", event.email);
    }
  }

  Fate fate_of(const SentEvent& event, const std::string& campaign) {
    const Json& log = event.report.at("log");
    const auto found = keys(log, campaign);
    if (found.size() != 1) {
      differ("{}: {} keys for {}", event.email, found.size(), campaign);
      return found.empty() ? Fate::kLost : Fate::kUnknown;
    }
    const std::string& key = *found.begin();
    planned_.insert(key);
    const auto arrived = arrivals_.find(key);
    if (arrived != arrivals_.end()) check_recipients(event, campaign, arrived->second);
    const bool is_accepted = count(log, "accepted", campaign) == 1;
    if (!is_accepted) differ("{}: {} was not accepted once", event.email, campaign);
    if (arrived == arrivals_.end()) {
      differ("{}: {} is lost", event.email, campaign);
      return Fate::kLost;
    }
    if (!is_accepted) return Fate::kUnknown;
    const auto late = lateness(log, campaign);
    if (late && late->count < 0) {
      differ("{}: {} is {} ms early", event.email, campaign, -late->count);
      return Fate::kEarly;
    }
    if (arrived->second.size() > 1) return Fate::kDoubled;
    return late && *late > kLate ? Fate::kLate : Fate::kOk;
  }

  void check_recipients(const SentEvent& event, const std::string& campaign,
                        const std::vector<std::string>& recipients) {
    for (const std::string& recipient : recipients) {
      if (recipient != event.email) differ("{}: {} went to {}", event.email, campaign, recipient);
    }
  }

  void check_strangers() {
    for (const auto& [key, recipients] : arrivals_) {
      if (planned_.contains(key)) continue;
      ++out_.fates[Fate::kUnknown];
      differ("{} arrived and nobody planned it", key);
    }
    for (const std::string& key : join_.in_doubt) {
      if (!planned_.contains(key)) differ("{} in doubt is nobody's", key);
    }
  }

  void check_copies() {
    out_.in_doubt = join_.in_doubt.size();
    for (const auto& [key, extra] : doubled(join_.received)) {
      out_.extra_copies += extra;
      if (join_.in_doubt.count(key) >= extra) continue;
      differ("{} arrived {} times too often, listed in doubt {} times", key, extra,
             join_.in_doubt.count(key));
    }
  }

  const Join& join_;
  // Who got what: message key to recipients, one for each arrival.
  std::map<std::string, std::vector<std::string>> arrivals_;
  std::set<std::string> planned_;
  Verdict out_;
};

}  // namespace

std::string_view to_string(Fate fate) {
  constexpr std::array<std::string_view, kFates> kNames{"lost",    "unknown", "early",
                                                        "doubled", "late",    "ok"};
  return kNames.at(static_cast<std::size_t>(fate));
}

Verdict judge(const Join& join) {
  return Judge(join).judge();
}

std::map<std::string, std::size_t> doubled(const std::vector<Json>& received) {
  std::set<std::string> once;
  std::map<std::string, std::size_t> extra;
  for (const Json& message : received) {
    const std::string key = message.at("messageKey");
    if (!once.insert(key).second) ++extra[key];
  }
  return extra;
}

std::multiset<std::string> keys_in_doubt(const std::string& log_text) {
  std::multiset<std::string> found;
  for (const Json& line : log_lines(log_text, "in_doubt")) {
    const std::string detail = line.at("detail");
    const std::size_t at = detail.find("key=");
    if (at != std::string::npos) found.insert(detail.substr(at + 4, 32));
  }
  return found;
}

std::multiset<std::string> keys_in_doubt(const std::vector<SentEvent>& events) {
  std::multiset<std::string> found;
  for (const SentEvent& event : events) {
    if (event.report.is_null()) continue;
    for (const Json& line : event.report.at("log")) {
      if (line.at("what") == "in_doubt") found.insert(line.at("detail").get<std::string>());
    }
  }
  return found;
}

}  // namespace sojourn::e2e
