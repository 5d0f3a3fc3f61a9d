#include "runtime/why_report.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <variant>

#include "graph/wording.h"
#include "runtime/delivery_record.h"
#include "runtime/find_user.h"
#include "runtime/log_report.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::ordered_json;
using Kind = LogRecord::Kind;

bool is_about_message(Kind kind) {
  switch (kind) {
    case Kind::kClaimed:
    case Kind::kAccepted:
    case Kind::kSkipped:
    case Kind::kRetried:
    case Kind::kInDoubt:
    case Kind::kDeferred:
    case Kind::kSentAgain:
    case Kind::kDropped:
      return true;
    default:
      return false;
  }
}

// In `detail`.
bool names_key(Kind kind) {
  return kind == Kind::kClaimed || kind == Kind::kAccepted || kind == Kind::kInDoubt ||
         kind == Kind::kSentAgain;
}

// The event that let them in stands before it, in the same row.
std::size_t with_event(const std::vector<LogRecord>& log, std::size_t entry) {
  for (std::size_t i = entry; i-- > 0 && log[i].at == log[entry].at;) {
    if (log[i].kind == Kind::kEvent && log[i].subject == log[entry].subject) return i;
  }
  return entry;
}

// What is known of an enrollment up to the record at `last`.
Story story_of_enrollment(const std::vector<LogRecord>& log, std::size_t last) {
  Story story;
  const std::uint32_t number = log[last].enrollment;
  for (std::size_t i = 0; i <= last; ++i) {
    if (log[i].enrollment != number) continue;
    if (log[i].kind == Kind::kEntered) {
      story.complete = true;
      const std::size_t event = with_event(log, i);
      if (event != i) story.records.push_back(log[event]);
    }
    story.records.push_back(log[i]);
  }
  return story;
}

std::string_view verdict_of(Kind kind) {
  switch (kind) {
    case Kind::kAccepted:
      return "sent";
    case Kind::kClaimed:
      return "leaving";
    case Kind::kInDoubt:
      return "in_doubt";
    case Kind::kRetried:
      return "retried";
    case Kind::kDeferred:
      return "deferred";
    case Kind::kSentAgain:
      return "planned";
    case Kind::kDropped:
      return "dropped";
    default:
      return "skipped";
  }
}

std::string_view verdict_of(const Story& story) {
  if (story.records.empty()) return "never_entered";
  if (story.records.back().kind == Kind::kRefused) return "not_let_in";
  return story.records.back().kind == Kind::kExited ? "left" : "not_yet";
}

std::vector<std::string_view> senders_of(const Program& program, std::string_view campaign) {
  std::vector<std::string_view> journeys;
  for (const Journey& journey : program.journeys()) {
    if (std::ranges::any_of(journey.graph.steps, [&](const graph::Step& step) {
          const auto* send = std::get_if<graph::Send>(&step.action);
          return send != nullptr && send->campaign == campaign;
        })) {
      journeys.emplace_back(journey.graph.journey);
    }
  }
  return journeys;
}

// Its way out is not decided yet.
base::Result<bool> is_planned(store::UserId user, std::string_view campaign, store::Store& store) {
  auto deliveries = store.deliveries_of(user);
  if (!deliveries) return tl::unexpected(deliveries.error());
  for (const store::Delivery& delivery : *deliveries) {
    auto record = decode_delivery(delivery.body);
    if (!record) return tl::unexpected(record.error());
    if (record->kind == DeliveryRecord::Kind::kMessage && record->subject == campaign) return true;
  }
  return false;
}

// How the journeys are entered.
Json entries_json(const Program& program, const std::vector<std::string_view>& journeys) {
  Json list = Json::array();
  for (const Journey& journey : program.journeys()) {
    if (std::ranges::find(journeys, journey.graph.journey) == journeys.end()) continue;
    for (const graph::EventEntry& entry : journey.graph.entries) {
      list.push_back(
          {{"journey", journey.graph.journey}, {"line", graph::wording(journey.graph, entry)}});
    }
  }
  return list;
}

bool is_about_entry(Kind kind) {
  return kind == Kind::kEntered || kind == Kind::kEntryUpdated || kind == Kind::kRefused;
}

std::string_view verdict_of_event(const Story& story) {
  const auto has = [&](Kind kind) {
    return std::ranges::find(story.records, kind, &LogRecord::kind) != story.records.end();
  };
  if (has(Kind::kEntered)) return "event_entered";
  if (has(Kind::kEntryUpdated)) return "event_updated";
  return has(Kind::kRefused) ? "event_refused" : "event_nothing";
}

// How the event lets somebody in.
Json entries_json(const Program& program, std::string_view event) {
  Json list = Json::array();
  for (const Journey* journey : program.entered_by(event)) {
    for (const graph::EventEntry& entry : journey->graph.entries) {
      if (entry.event != event) continue;
      list.push_back(
          {{"journey", journey->graph.journey}, {"line", graph::wording(journey->graph, entry)}});
    }
  }
  return list;
}

// What is known last of the journeys, if it is no part of the enrollment of the story.
const LogRecord* later_than(const Story& story, const std::vector<LogRecord>& log,
                            const std::vector<std::string_view>& journeys) {
  const auto last = std::find_if(log.rbegin(), log.rend(), [&](const LogRecord& record) {
    return std::ranges::find(journeys, record.journey) != journeys.end();
  });
  if (last == log.rend() || last->at < story.records.back().at) return nullptr;
  return last->enrollment == story.records.back().enrollment ? nullptr : &*last;
}

QueryAnswer answer(const WhyQuery& query, int status, const Json& json) {
  return {query.token, status, json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

Json story_json(const Story& story, const Program& program) {
  Json records = Json::array();
  for (const LogRecord& record : story.records) records.push_back(log_json(record, program));
  return records;
}

QueryAnswer event_answer(const WhyQuery& query, store::UserId user, const Story& story,
                         const Program& program) {
  Json report{{"id", printed_id(user)},
              {"about", query.about},
              {"verdict", verdict_of_event(story)},
              {"complete", story.complete},
              {"story", story_json(story, program)}};
  // That no `where` holds of it is no decision.
  if (story.records.size() == 1) report["entries"] = entries_json(program, query.about);
  return answer(query, 200, report);
}

}  // namespace

Story story_of_event(const std::vector<LogRecord>& log, std::string_view event) {
  const auto came = std::find_if(log.rbegin(), log.rend(), [&](const LogRecord& record) {
    return record.kind == Kind::kEvent && record.subject == event;
  });
  if (came == log.rend()) return {};
  Story story;
  story.complete = true;
  story.records.push_back(*came);
  std::copy_if(
      came.base(), log.end(), std::back_inserter(story.records), [&](const LogRecord& record) {
        return record.at == came->at && record.subject == event && is_about_entry(record.kind);
      });
  return story;
}

Story story_of_message(const std::vector<LogRecord>& log, std::string_view about) {
  const auto is_it = [&](const LogRecord& record) {
    return (is_about_message(record.kind) && record.subject == about) ||
           (names_key(record.kind) && record.detail == about);
  };
  auto last = std::find_if(log.rbegin(), log.rend(), is_it);
  if (last == log.rend()) return {};
  // By its key: the rest that is said of it does not name the key.
  const bool by_key = last->subject != about;
  if (by_key) {
    const LogRecord named = *last;
    last = std::find_if(log.rbegin(), log.rend(), [&](const LogRecord& record) {
      return is_about_message(record.kind) && record.enrollment == named.enrollment &&
             record.subject == named.subject;
    });
  }
  Story story = story_of_enrollment(log, static_cast<std::size_t>(log.rend() - last) - 1);
  story.ended = last->kind;
  return story;
}

Story story_of_journeys(const std::vector<LogRecord>& log,
                        const std::vector<std::string_view>& journeys) {
  const auto last = std::find_if(log.rbegin(), log.rend(), [&](const LogRecord& record) {
    return std::ranges::find(journeys, record.journey) != journeys.end();
  });
  if (last == log.rend()) return {};
  const auto index = static_cast<std::size_t>(log.rend() - last) - 1;
  if (last->enrollment != 0) return story_of_enrollment(log, index);
  Story story;
  story.complete = true;
  const std::size_t event = with_event(log, index);
  if (event != index) story.records.push_back(log[event]);
  story.records.push_back(log[index]);
  return story;
}

base::Result<QueryAnswer> why_report(const WhyQuery& query, const Program& program,
                                     store::Store& store) {
  const auto user = find_user(query.identity, store);
  if (!user) return tl::unexpected(user.error());
  if (!*user) {
    return answer(query, 404, {{"error", "nobody is called `" + query.identity + "`"}});
  }
  const auto log = read_log(**user, kMaxSearchedLog, store);
  if (!log) return tl::unexpected(log.error());
  const auto journeys = senders_of(program, query.about);
  const auto planned = is_planned(**user, query.about, store);
  if (!planned) return tl::unexpected(planned.error());
  Story story = story_of_message(*log, query.about);
  if (story.records.empty() && journeys.empty()) {
    const Story of_event = story_of_event(*log, query.about);
    if (!of_event.records.empty()) return event_answer(query, **user, of_event, program);
    return answer(query, 404,
                  {{"error", "`" + query.about +
                                 "` is no campaign that a journey sends, and no key of a message "
                                 "and no event in their log"}});
  }
  std::string verdict;
  const LogRecord* since = story.ended ? later_than(story, *log, journeys) : nullptr;
  if (story.ended) {
    verdict = verdict_of(*story.ended);
  } else {
    story = story_of_journeys(*log, journeys);
    verdict = *planned ? "planned" : verdict_of(story);
  }
  Json report{{"id", printed_id(**user)},
              {"about", query.about},
              {"verdict", verdict},
              {"complete", story.complete},
              {"story", story_json(story, program)}};
  if (!story.records.empty()) {
    report["journey"] = story.records.back().journey;
    report["enrollment"] = story.records.back().enrollment;
    // A key stands for a message of a campaign.
    if (story.ended) report["campaign"] = story.records.back().subject;
  } else {
    report["entries"] = entries_json(program, journeys);
  }
  if (since != nullptr) report["since"] = log_json(*since, program);
  return answer(query, 200, report);
}

}  // namespace sojourn::runtime
