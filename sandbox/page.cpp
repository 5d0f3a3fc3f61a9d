#include "sandbox/page.h"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/markup.h"
#include "base/percent.h"
#include "sandbox/answers.h"
#include "sandbox/desk.h"
#include "sandbox/identity.h"
#include "sandbox/messages.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t kMessagesShown = 100;
constexpr std::size_t kUsersShown = 100;
constexpr std::size_t kEventsShown = 100;
constexpr std::size_t kLongestCell = 300;
// Among this many of the newest records the newest messages are looked for.
constexpr std::uint64_t kLookedAt = 5'000;

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sojourn "
    "sandbox</title>\n<style>body{font:15px sans-serif;margin:2em;max-width:75em}"
    "table{border-collapse:collapse;margin:1em 0}td,th{padding:.3em .8em;text-align:left;"
    "border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}"
    "pre{background:#f5f5f5;padding:1em;overflow:auto}</style></head><body>\n"
    "<h1><a href=\"/\">Sandbox</a></h1>\n";
constexpr std::string_view kFoot = "</body></html>\n";

Reply html(std::string body) {
  return {.body = std::string(kHead) + std::move(body) + std::string(kFoot),
          .content_type = "text/html; charset=utf-8"};
}

// At most kLongestCell bytes, not cut within a character.
std::string cut(std::string text) {
  if (text.size() <= kLongestCell) return text;
  std::size_t end = kLongestCell;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + " …";
}

std::string cell(const std::string& text) {
  return "<td>" + base::markup_escaped(cut(text)) + "</td>";
}

std::string link_to_user(const std::string& subject) {
  return fmt::format("<a href=\"/?user={}\">{}</a>", base::percent_encoded(subject),
                     base::markup_escaped(subject));
}

std::string fate(const Desk& desk, const Message& message) {
  if (desk.sends.waits(message.sequence)) return "waits until " + base::to_iso8601(message.sends);
  if (const auto why = desk.sends.unsent(message.sequence)) return "not sent: " + std::string(*why);
  return "sent";
}

std::string message_rows(const Desk& desk, const std::vector<Message>& messages) {
  std::string out =
      "<table><tr><th>Time</th><th>Medium</th><th>Campaign</th><th>User</th>"
      "<th>Fate</th><th>Data</th></tr>\n";
  for (auto one = messages.rbegin(); one != messages.rend(); ++one) {
    const bool by_email = !one->email.empty();
    const auto campaign = campaign_facts(desk.project, one->campaign_id);
    out += "<tr>" + cell(base::to_iso8601(one->time)) + cell(one->medium) +
           cell(fmt::format("{} {}", one->campaign_id, campaign ? campaign->name : "")) + "<td>" +
           link_to_user(by_email ? email_subject(one->email) : user_id_subject(one->user_id)) +
           "</td>" + cell(fate(desk, *one)) + cell(one->data_fields) + "</tr>\n";
  }
  return out + "</table>\n";
}

// Sequences have no gaps to speak of, so the newest records are those with the highest.
std::uint64_t newest_after(const Inbox& inbox) {
  std::uint64_t records = 0;
  for (const auto& [what, tally] : inbox.tallies()) records += tally.records;
  return records > kLookedAt ? records - kLookedAt : 0;
}

base::Result<std::vector<Message>> newest_messages(Desk& desk, MessageQuery query) {
  query.limit = kMaxMessages;
  std::vector<Message> out;
  while (true) {
    auto page = find_messages(desk.inbox, query);
    if (!page) return page;
    const bool last = page->size() < kMaxMessages;
    if (!page->empty()) query.after = page->back().sequence;
    std::ranges::move(*page, std::back_inserter(out));
    if (out.size() > kMessagesShown) out.erase(out.begin(), out.end() - kMessagesShown);
    if (last) return out;
  }
}

std::string counts(const Inbox& inbox) {
  std::string out = "<table><tr><th>What came</th><th>How often</th><th>Repeats</th></tr>\n";
  for (const auto& [what, tally] : inbox.tallies()) {
    const auto& [kind, topic] = what;
    const char* word = kind == RecordKind::kMessage  ? "message "
                       : kind == RecordKind::kEvent  ? "event "
                       : kind == RecordKind::kUpdate ? "profile "
                       : kind == RecordKind::kCall   ? "call "
                                                     : nullptr;
    if (word == nullptr) continue;
    out += "<tr>" + cell(word + topic) + cell(std::to_string(tally.records)) +
           cell(std::to_string(tally.repeats)) + "</tr>\n";
  }
  return out + "</table>\n";
}

std::string users(const Desk& desk, const std::string& after) {
  const std::vector<std::string> subjects = desk.profiles.subjects(after, kUsersShown);
  std::string out = "<ul>\n";
  for (const std::string& subject : subjects) out += "<li>" + link_to_user(subject) + "</li>\n";
  out += "</ul>\n";
  if (subjects.size() < kUsersShown) return out;
  return out + fmt::format("<p><a href=\"/?users={}\">More</a></p>\n",
                           base::percent_encoded(subjects.back()));
}

Reply user_page(Desk& desk, const std::string& subject) {
  const auto user = desk.profiles.find(subject);
  const bool by_email = subject.starts_with("email:");
  const std::string name = subject.substr(subject.find(':') + 1);
  MessageQuery query;
  (by_email ? query.email : query.user_id) = name;
  const auto messages = newest_messages(desk, query);
  const auto events =
      desk.inbox.read(RecordKind::kEvent, {.subject = subject, .limit = kEventsShown});
  if (!user || !messages || !events) return database_error();
  const std::string profile = user->is_null()
                                  ? "nothing is known"
                                  : user->dump(2, ' ', false, json::error_handler_t::replace);
  std::string body = "<h2>" + base::markup_escaped(name) + "</h2>\n";
  if (desk.profiles.forgotten(subject)) body += "<p>Forgotten.</p>\n";
  body += "<pre>" + base::markup_escaped(profile) + "</pre>\n<h3>Messages</h3>\n";
  body += message_rows(desk, *messages);
  body += "<h3>Events</h3>\n<table><tr><th>Time</th><th>Event</th><th>Request</th></tr>\n";
  for (const store::LoggedRecord& logged : *events) {
    body += "<tr>" + cell(base::to_iso8601(logged.record.time)) + cell(logged.record.topic) +
            cell(logged.record.body) + "</tr>\n";
  }
  return html(body + "</table>\n");
}

}  // namespace

Reply page(Desk& desk, std::string_view query) {
  if (const auto subject = base::query_member(query, "user")) return user_page(desk, *subject);
  if (const auto after = base::query_member(query, "users")) {
    return html("<h2>Users</h2>\n" + users(desk, *after));
  }
  MessageQuery newest;
  newest.after = newest_after(desk.inbox);
  const auto messages = newest_messages(desk, newest);
  if (!messages) return database_error();
  return html("<h2>Newest messages</h2>\n" + message_rows(desk, *messages) + "<h2>Users</h2>\n" +
              users(desk, {}) + "<h2>Counts</h2>\n" + counts(desk.inbox));
}

}  // namespace sojourn::sandbox
