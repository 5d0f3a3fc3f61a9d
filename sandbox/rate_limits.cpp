#include "sandbox/rate_limits.h"

#include <array>

namespace sojourn::sandbox {
namespace {

constexpr base::Millis kSecond = base::seconds(1);
constexpr base::Millis kMinute = base::minutes(1);
constexpr base::Millis kDay = base::days24(1);

// From Iterable's Swagger document 1.8; those of operations that are not served here are left out.
constexpr auto kLimits = std::to_array<RateLimit>({
    {"POST", "/api/users/update", 500, kSecond},
    {"POST", "/api/users/bulkUpdate", 5, kSecond},
    {"GET", "/api/users/{email}", 100, kSecond},
    {"GET", "/api/users/getByEmail", 100, kSecond},
    {"GET", "/api/users/byUserId", 100, kSecond},
    {"GET", "/api/users/byUserId/{userId}", 100, kSecond},
    {"DELETE", "/api/users/{email}", 100, kSecond},
    {"DELETE", "/api/users/byUserId/{userId}", 100, kSecond},
    {"POST", "/api/users/merge", 50, kSecond},
    {"POST", "/api/users/registerDeviceToken", 500, kSecond},
    {"GET", "/api/users/getFields", 3, kSecond},
    {"GET", "/api/users/getSentMessages", 3, kSecond},
    {"GET", "/api/users/forgotten", 3, kSecond},
    {"GET", "/api/users/forgottenUserIds", 3, kSecond},
    {"POST", "/api/users/forget", 3, kSecond},
    {"POST", "/api/users/forget", 1000, kDay},
    {"POST", "/api/users/unforget", 3, kSecond},
    {"POST", "/api/users/unforget", 1000, kDay},
    {"POST", "/api/events/track", 2000, kSecond},
    {"POST", "/api/events/trackBulk", 10, kSecond},
    {"GET", "/api/events/{email}", 100, kSecond},
    {"GET", "/api/events/byUserId/{userId}", 100, kSecond},
    {"GET", "/api/lists", 100, kSecond},
    {"GET", "/api/lists/getUsers", 5, kMinute},
    {"GET", "/api/lists/previewUsers", 5, kMinute},
    {"GET", "/api/lists/{listId}/size", 5, kMinute},
    {"GET", "/api/catalogs", 100, kSecond},
    {"GET", "/api/catalogs/{catalogName}/items", 100, kSecond},
    {"POST", "/api/catalogs/{catalogName}/items", 100, kSecond},
    {"PUT", "/api/catalogs/{catalogName}/items/{itemId}", 1000, kSecond},
    {"GET", "/api/campaigns", 100, kSecond},
    {"GET", "/api/campaigns/{id}", 100, kSecond},
    {"GET", "/api/channels", 100, kSecond},
    {"GET", "/api/messageTypes", 100, kSecond},
    {"GET", "/api/templates", 100, kSecond},
    {"GET", "/api/templates/getByClientTemplateId", 100, kSecond},
    {"GET", "/api/templates/email/get", 100, kSecond},
    {"GET", "/api/templates/push/get", 100, kSecond},
    {"GET", "/api/templates/sms/get", 100, kSecond},
    {"GET", "/api/templates/embedded/get", 100, kSecond},
    {"POST", "/api/templates/email/proof", 20, kSecond},
    {"POST", "/api/templates/inapp/proof", 20, kSecond},
    {"POST", "/api/templates/push/proof", 20, kSecond},
    {"POST", "/api/templates/sms/proof", 20, kSecond},
});

}  // namespace

std::span<const RateLimit> published_limits() {
  return kLimits;
}

const RateLimit* RateLimiter::take(std::string_view method, std::string_view pattern,
                                   base::Instant now) {
  std::array<Window*, 4> counted{};
  std::size_t count = 0;
  for (const RateLimit& limit : kLimits) {
    if (limit.pattern != pattern || limit.method != method) continue;
    Window& window = windows_[&limit];
    const std::int64_t number = now.millis / limit.per.count;
    if (window.number != number) window = {number, 0};
    if (window.requests >= limit.requests) return &limit;
    counted.at(count++) = &window;
  }
  for (std::size_t i = 0; i < count; ++i) ++counted.at(i)->requests;
  return nullptr;
}

}  // namespace sojourn::sandbox
