#include "examples/tools/saas_trial_stream.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/instant.h"
#include "base/random.h"

namespace sojourn::examples {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kPeople = 160;
constexpr int kDays = 40;
// Of examples/saas_trial: its marketing, and the campaign that the journey waits for.
constexpr std::int64_t kMarketing = 4821;
constexpr std::int64_t kWelcome = 1001;
// Fewer than people: colleagues share one, and what one of them buys is for all.
constexpr int kNamespaces = 90;
const base::Instant kStart = *base::parse_timestamp("2026-03-01T08:00:00Z");

std::string number(const char* form, int n) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), form, n);
  return text.data();
}

class Stream {
 public:
  explicit Stream(std::uint64_t seed) : random_(seed) {}

  void live(int person) {
    who_ = Who{number("u-%04d", person), number("person%03d@example.com", person),
               number("n-%03d", person % kNamespaces)};
    event_number_ = 0;
    const base::Instant signup = kStart + base::minutes(below(27 * 24 * 60));
    profile(signup);
    trial(signup + base::seconds(30));
    logins(signup);
    opening(signup);
    ending(signup);
  }

  std::string text() {
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](const Line& a, const Line& b) { return a.at < b.at; });
    std::string out;
    for (const Line& line : lines_) {
      if (line.at > kStart + base::days24(kDays)) continue;
      out +=
          Json{{"at", base::to_iso8601(line.at)}, {"path", line.path}, {"body", line.body}}.dump();
      out += '\n';
    }
    return out;
  }

 private:
  struct Who {
    std::string user_id;
    std::string email;
    std::string namespace_id;
  };
  struct Line {
    base::Instant at;
    std::string path;
    Json body;
  };

  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(
        base::random_below(random_, static_cast<std::uint64_t>(bound)));
  }
  bool chance(int percent) { return below(100) < percent; }

  void add(base::Instant at, const char* path, Json body) {
    lines_.push_back(Line{at, path, std::move(body)});
  }

  // Some are in another one as well.
  Json namespaces() {
    Json all = Json::array({who_.namespace_id});
    if (chance(15)) all.push_back(number("n-%03d", static_cast<int>(below(kNamespaces))));
    return all;
  }

  void profile(base::Instant at) {
    static constexpr std::array<const char*, 5> kZones{"America/New_York", "Europe/Berlin",
                                                       "America/Los_Angeles", "Asia/Tokyo",
                                                       "Australia/Lord_Howe"};
    Json fields{{"plan", "trial"},
                {"namespaceIds", namespaces()},
                {"timeZone", kZones[static_cast<std::size_t>(below(5))]}};
    if (!chance(5)) fields["trialEndsAt"] = base::to_iso8601(at + base::days24(30 - below(4)));
    if (!chance(10)) fields["seats"] = 1 + below(60);
    // Some never ask for it: what is marketing is not sent to them.
    if (!chance(12)) fields["subscribedMessageTypeIds"] = Json::array({kMarketing});
    Json user{{"email", who_.email}, {"userId", who_.user_id}, {"dataFields", std::move(fields)}};
    if (chance(10)) {
      add(at, "/api/users/bulkUpdate", Json{{"users", Json::array({std::move(user)})}});
    } else {
      add(at, "/api/users/update", std::move(user));
    }
  }

  Json event(base::Instant at, const char* name, Json fields) {
    return Json{{"userId", who_.user_id},
                {"eventName", name},
                {"id", who_.user_id + number("-%d", ++event_number_)},
                {"createdAt", at.millis / 1000},
                {"dataFields", std::move(fields)}};
  }

  void track(base::Instant at, const char* name, Json fields) {
    Json body = event(at, name, std::move(fields));
    // Senders repeat what they are not sure of, with the same id.
    if (chance(3)) add(at + base::seconds(5), "/api/events/track", body);
    add(at, "/api/events/track", std::move(body));
  }

  void trial(base::Instant at) {
    const std::int64_t seats = chance(6) ? 500 + below(2'000) : 1 + below(60);
    const Json fields{{"plan", chance(70) ? "premium" : "ultimate"},
                      {"seats", seats},
                      {"namespaceId", who_.namespace_id}};
    track(at, "trial_started", fields);
    // Somebody starts the same trial again: they are not let in twice.
    if (chance(7)) track(at + base::days24(1 + below(9)), "trial_started", fields);
  }

  void logins(base::Instant signup) {
    base::Instant at = signup;
    for (std::int64_t n = below(9); n > 0; --n) {
      at = at + base::minutes(60 + below(4 * 24 * 60));
      if (chance(15)) {
        Json events =
            Json::array({event(at, "login", Json::object()), event(at, "login", Json::object())});
        add(at, "/api/events/trackBulk", Json{{"events", std::move(events)}});
      } else {
        track(at, "login", Json::object());
      }
    }
  }

  // As a webhook of the provider would tell it: by the campaign.
  void opening(base::Instant signup) {
    if (!chance(55)) return;
    const base::Instant at = signup + base::minutes(20 + below(60 * 60));
    add(at, "/v1/engagements",
        Json{{"userId", who_.user_id},
             {"engagement", "opened"},
             {"campaignId", kWelcome},
             {"id", who_.user_id + number("-%d", ++event_number_)},
             {"createdAt", at.millis / 1000}});
  }

  void ending(base::Instant signup) {
    const std::int64_t fate = below(100);
    const base::Instant at = signup + base::minutes(2 * 24 * 60 + below(28 * 24 * 60));
    if (fate < 25) {
      track(at, "Subscription Purchased",
            Json{{"amount", 10 * (1 + below(90))}, {"namespaceId", who_.namespace_id}});
      change(at + base::seconds(20), Json{{"plan", "premium"}});
    } else if (fate < 35) {
      change(at, Json{{"plan", "free"}});
    } else if (fate < 45) {
      // The trial is extended: reminders move with their date.
      change(at, Json{{"trialEndsAt", base::to_iso8601(signup + base::days24(32 + below(7)))}});
    } else if (fate < 48) {
      change(at, Json{{"plan", "ultimate"}});
    }
  }

  void change(base::Instant at, Json fields) {
    add(at, "/api/users/update", Json{{"userId", who_.user_id}, {"dataFields", std::move(fields)}});
  }

  base::SeededRandom random_;
  Who who_;
  int event_number_ = 0;
  std::vector<Line> lines_;
};

}  // namespace

std::string saas_trial_stream(std::uint64_t seed) {
  Stream stream(seed);
  for (int person = 1; person <= kPeople; ++person) stream.live(person);
  return stream.text();
}

}  // namespace sojourn::examples
