#include "tests/e2e/kill_join.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

using Faults = std::vector<std::string>;
// Who got what: message key to recipients, one for each arrival.
using Arrivals = std::map<std::string, std::vector<std::string>>;

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

void check_message(const SentEvent& event, const std::string& campaign, Arrivals& arrivals,
                   std::set<std::string>& planned, Faults& out) {
  const Json& log = event.report.at("log");
  const auto found = keys(log, campaign);
  if (found.size() != 1) {
    out.push_back(fmt::format("{}: {} keys for {}", event.email, found.size(), campaign));
    return;
  }
  const std::string& key = *found.begin();
  planned.insert(key);
  if (count(log, "accepted", campaign) != 1) {
    out.push_back(fmt::format("{}: {} was not accepted once", event.email, campaign));
  }
  const std::vector<std::string>& recipients = arrivals[key];
  if (recipients.empty()) out.push_back(fmt::format("{}: {} is lost", event.email, campaign));
  for (const std::string& recipient : recipients) {
    if (recipient != event.email) {
      out.push_back(fmt::format("{}: {} went to {}", event.email, campaign, recipient));
    }
  }
}

void check_person(const SentEvent& event, Faults& out) {
  const Json& report = event.report;
  const Json& log = report.at("log");
  if (count(log, "event") != 1 || count(log, "entered") != 1) {
    out.push_back(fmt::format("{}: {} events, {} enrollments", event.email, count(log, "event"),
                              count(log, "entered")));
  }
  const Json& ended = report.at("ended");
  if (ended.size() != 1 || ended.at(0).at("reason") != "completed" ||
      !report.at("enrollments").empty() || !report.at("deliveries").empty()) {
    out.push_back(fmt::format("{}: did not end once as completed", event.email));
  }
}

}  // namespace

Faults faults(const Join& join) {
  Faults out;
  Arrivals arrivals;
  for (const Json& message : join.received) {
    arrivals[message.at("messageKey")].push_back(message.at("recipientEmail"));
  }
  std::set<std::string> planned;
  for (const SentEvent& event : join.events) {
    if (event.report.is_null()) {
      out.push_back(fmt::format("{}: nobody knows the {}acknowledged event", event.email,
                                event.acknowledged ? "" : "un"));
      continue;
    }
    check_person(event, out);
    for (const std::string& campaign : join.campaigns) {
      check_message(event, campaign, arrivals, planned, out);
    }
  }
  for (const auto& [key, recipients] : arrivals) {
    if (!recipients.empty() && !planned.contains(key)) {
      out.push_back(fmt::format("{} arrived and nobody planned it", key));
    }
  }
  for (const auto& [key, extra] : doubled(join.received)) {
    if (join.in_doubt.count(key) < extra) {
      out.push_back(fmt::format("{} arrived {} times too often, listed in doubt {} times", key,
                                extra, join.in_doubt.count(key)));
    }
  }
  for (const std::string& key : join.in_doubt) {
    if (!planned.contains(key)) out.push_back(fmt::format("{} in doubt is nobody's", key));
  }
  return out;
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

}  // namespace sojourn::e2e
