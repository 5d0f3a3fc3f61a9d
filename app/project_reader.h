// Reads what an Iterable project has, through its read endpoints:
//
//   GET /api/channels, /api/messageTypes, /api/lists, /api/users/getFields   one request each
//   GET /api/campaigns                    pages of kPageSize
//   GET /api/templates                    pages, for each medium: the message types of templates
//   GET /api/templates/{medium}/get       for a campaign whose template is in no such page
//   GET /api/journeys                     pages of 50: the events that start a journey there
//
// Some projects answer everything at once where pages are asked for, some switch the journeys
// off; both are taken. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "dsl/ids_lock.h"

namespace sojourn::app {

inline constexpr int kPageSize = 500;
inline constexpr int kJourneyPageSize = 50;
// More pages than these are an error: an answer that never ends.
inline constexpr int kMaxPages = 1'000;

// A GET: path and query to the answer. kNotFound stands for a 400 or a 404.
using ReadIterable = std::function<base::Result<nlohmann::json>(const std::string& target)>;

struct ReadProject {
  dsl::IdsLock lock;               // without its `iterable`, `environment` and `catalog`
  std::vector<std::string> notes;  // what could not be read, for people
};

// `declared`: campaigns that are kept in the lock though they are not triggered ones.
base::Result<ReadProject> read_iterable_project(const ReadIterable& read,
                                                const std::set<std::int64_t>& declared);

// The triggered campaigns alone, by id, archived ones included; without their message types.
base::Result<std::vector<dsl::LockedCampaign>> read_triggered_campaigns(const ReadIterable& read);

// Iterable's word for something as ours: `InApp` is `in_app`, `OptIn` `opt_in`, `SMS` `sms`.
std::string our_word(std::string_view theirs);

}  // namespace sojourn::app
