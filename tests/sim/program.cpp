#include "tests/sim/program.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/check.h"
#include "dsl/compile.h"
#include "dsl/render.h"

namespace sojourn::sim {
namespace {

constexpr std::string_view kCatalog = R"(
user { score integer, plan string, stage string, team string = "blue" }

event signup { ref string }
event login
event cancelled
event placed { ref string, amount number }
event paid { ref string }
event asked { ref string }
event nudged { ref string }

message_type news    = 41 marketing     opt_out channel 31
message_type account = 42 transactional opt_out

campaign welcome   = 101 email news    { data { ref string } }
campaign tour      = 102 email news    { data { ref string } }
campaign tip       = 103 in_app news   { data { ref string } }
campaign receipt   = 104 email account { delivery at_most_once data { ref string } }
campaign last_call = 105 push  news    { delivery at_most_once data { ref string } }
campaign confirm   = 106 email account { data { ref string } }
campaign answer    = 108 email account { delivery at_most_once data { ref string } }
campaign remind    = 107 web_push news { data { ref string } }
campaign warn      = 109 email account { data { ref string } }

webhook scoring = "https://scores.example.com/one" {
  timeout 5s
  returns { score integer }
}
)";

constexpr std::string_view kForMany = R"(
event alarm     { ref string, team string } for users where user.team == event.team up to 9
event all_clear { ref string, team string } for users where user.team == event.team up to 20
event passed_on { ref string, team string } for users where user.team == event.team up to 9
)";
// The same for whoever is named.
constexpr std::string_view kForOne = R"(
event alarm     { ref string, team string }
event all_clear { ref string, team string }
event passed_on { ref string, team string }
)";

// {0}: the deadline of the policy, and what else it says; {1}: the pause of a trial; {2}: of an
// order.
constexpr std::string_view kPolicy = R"(
policy {{ timezone "UTC" deadline {} }}
)";

constexpr std::string_view kTrial = R"(
journey trial {{
  owner "crm@example.com"
  enter on signup
  reenter always
  exit on cancelled
  exit when user.plan == "pro" as upgraded

  send welcome with {{ ref: entry.ref }}
  wait {}
  split road {{
    50% left  {{ send tour with {{ ref: entry.ref }} }}
    50% right {{ send tip with {{ ref: entry.ref }} }}
  }}
  call scoring with {{ ref: entry.ref }} as reply up to 10m {{
    if reply.score > 50 {{ update user {{ stage: "hot" }} }}
  }} else {{
    track nudged {{ ref: entry.ref }}
  }}
  wait for login up to 1d {{
    send receipt with {{ ref: entry.ref }}
  }} timeout {{
    send last_call with {{ ref: entry.ref }}
  }}
  wait 5h
}}
)";

constexpr std::string_view kOrders = R"(
journey orders {{
  owner "shop@example.com"
  enter on placed where event.amount > 0
  one per entry.ref
  exit on paid where event.ref == entry.ref as paid
  pace 4 per 10m

  send confirm with {{ ref: entry.ref }}
  wait {}
  send remind with {{ ref: entry.ref }}
  wait 1d
}}
)";

// Ended soon, so that an edit of it often meets nobody inside.
constexpr std::string_view kAsked = R"(
journey questions {{
  owner "help@example.com"
  enter on asked
  reenter always

  wait {}
  split tone {{
    50% warm {{ send answer with {{ ref: entry.ref }} }}
    50% cool {{ track passed_on {{ ref: entry.ref, team: user.team }} }}
  }}
}}
)";

constexpr std::string_view kAlarms = R"(
journey alarms {
  owner "watch@example.com"
  enter on alarm
  one per entry.ref
  exit on all_clear where event.team == entry.team as over

  wait 10m
  send warn with { ref: entry.ref }
}
)";

struct Edit {
  std::string_view deadline;
  std::string_view trial_pause;
  std::string_view order_pause;
  std::string_view asked_pause;
  bool has_events_for_many = true;
};
constexpr std::array<Edit, kEdits> kTexts{{
    {"2d", "2h", "6h", "10m"},
    {"30h", "2h", "6h", "25m"},       // another deadline, and the short journey
    {"2d", "2h", "8h", "10m"},        // the orders
    {"2d", "3h", "6h", "5m", false},  // the trial and the short one; no event is for many
}};

constexpr std::array<CampaignFacts, 9> kCampaigns{{
    {"welcome", 101, true, false},
    {"tour", 102, true, false},
    {"tip", 103, true, false, "inAppSend"},
    {"receipt", 104, false, true},
    {"last_call", 105, true, true, "pushSend"},
    {"confirm", 106, false, false},
    {"remind", 107, true, false, "webPushSend"},
    {"answer", 108, false, true},
    {"warn", 109, false, false},
}};

}  // namespace

Compiled compile_edit(std::size_t edit, calendar::ZoneSource& zones) {
  const Edit& text = kTexts.at(edit);
  const std::vector<dsl::SourceText> sources{
      {"catalog.journey", std::string(kCatalog) +
                              std::string(text.has_events_for_many ? kForMany : kForOne) +
                              fmt::format(kPolicy, text.deadline)},
      {"trial.journey", fmt::format(kTrial, text.trial_pause)},
      {"orders.journey", fmt::format(kOrders, text.order_pause)},
      {"questions.journey", fmt::format(kAsked, text.asked_pause)},
      {"alarms.journey", std::string(kAlarms)}};
  const dsl::Compilation compilation = dsl::compile(sources, zones);
  SOJOURN_CHECK(compilation.program.has_value(),
                dsl::render_text(compilation.diagnostics, compilation.files, {}).c_str());
  Compiled out;
  out.catalog = compilation.program->catalog;
  for (const auto& journey : compilation.program->journeys) out.graphs.push_back(journey.graph);
  return out;
}

bool is_split(std::string_view step) {
  return step.starts_with("split ");
}

const CampaignFacts* find_campaign(std::int64_t id) {
  const auto* found = std::ranges::find(kCampaigns, id, &CampaignFacts::id);
  return found == kCampaigns.end() ? nullptr : found;
}

}  // namespace sojourn::sim
