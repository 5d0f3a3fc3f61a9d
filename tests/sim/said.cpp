#include "tests/sim/said.h"

#include <fmt/format.h>

#include "tests/sim/program.h"

namespace sojourn::sim {
namespace {

using Endpoint = runtime::IntakeRequest::Endpoint;

Post track(const Said& said, std::string_view event, const std::string& fields) {
  return {Endpoint::kEventsTrack,
          {},
          fmt::format(R"({{"email":"{}","eventName":"{}","id":"{}","dataFields":{{{}}}}})",
                      email_of(said.person), event, said.ref, fields)};
}

// What has no id says by a field that nobody declares which request it is: Iterable's side has
// nothing else to tell two of them apart.
std::string mark(const Said& said) {
  return fmt::format(R"("said":"{}/{}")", said.ref, said.tries);
}

Post update(const Said& said, const std::string& fields) {
  return {Endpoint::kUsersUpdate,
          {},
          fmt::format(R"({{"email":"{}","dataFields":{{{},{}}}}})", email_of(said.person), fields,
                      mark(said))};
}

Post subscriptions(const Said& said, const std::string& ids) {
  return {Endpoint::kSubscriptionsUpdate,
          {},
          fmt::format(R"({{"email":"{}","unsubscribedMessageTypeIds":[{}],{}}})",
                      email_of(said.person), ids, mark(said))};
}

}  // namespace

std::string_view to_string(Said::What what) {
  switch (what) {
    case Said::What::kSignup:
      return "signup";
    case Said::What::kLogin:
      return "login";
    case Said::What::kCancelled:
      return "cancelled";
    case Said::What::kPlaced:
      return "placed";
    case Said::What::kPaid:
      return "paid";
    case Said::What::kAsked:
      return "asked";
    case Said::What::kScore:
      return "score";
    case Said::What::kUpgrade:
      return "upgrade";
    case Said::What::kDowngrade:
      return "downgrade";
    case Said::What::kOptOut:
      return "opt-out";
    case Said::What::kOptIn:
      return "opt-in";
    case Said::What::kDelete:
      return "delete";
    case Said::What::kForget:
      return "forget";
    case Said::What::kMerge:
      return "merge";
    case Said::What::kTeam:
      return "team";
    case Said::What::kAlarm:
      return kAlarmEvent;
    case Said::What::kAllClear:
      return kAllClearEvent;
  }
  return "";
}

std::string email_of(std::size_t person) {
  return fmt::format("p{}@example.com", person);
}

Post post_of(const Said& said) {
  const std::string ref = fmt::format(R"("ref":"{}")", said.ref);
  switch (said.what) {
    case Said::What::kSignup:
    case Said::What::kAsked:
      return track(said, to_string(said.what), ref);
    case Said::What::kPlaced:
      return track(said, "placed", ref + R"(,"amount":12.5)");
    case Said::What::kPaid:
      // It names the order, and has an id of its own.
      return {
          Endpoint::kEventsTrack,
          {},
          fmt::format(R"({{"email":"{}","eventName":"paid","id":"{}-paid","dataFields":{{{}}}}})",
                      email_of(said.person), said.ref, ref)};
    case Said::What::kLogin:
    case Said::What::kCancelled:
      return track(said, to_string(said.what), "");
    case Said::What::kScore:
      return update(said, fmt::format(R"("score":{})", said.number));
    case Said::What::kUpgrade:
      return update(said, R"("plan":"pro")");
    case Said::What::kDowngrade:
      return update(said, R"("plan":"free")");
    case Said::What::kOptOut:
      return subscriptions(said, std::to_string(kNewsType));
    case Said::What::kOptIn:
      return subscriptions(said, "");
    case Said::What::kDelete:
      return {{}, "/api/users/" + email_of(said.person), {}};
    case Said::What::kForget:
      return {Endpoint::kUsersForget,
              {},
              fmt::format(R"({{"email":"{}",{}}})", email_of(said.person), mark(said))};
    case Said::What::kMerge:
      return {Endpoint::kUsersMerge,
              {},
              fmt::format(R"({{"sourceEmail":"{}","destinationEmail":"{}"}})", email_of(said.other),
                          email_of(said.person))};
    case Said::What::kTeam:
      return update(said, fmt::format(R"("team":"{}")", said.team));
    case Said::What::kAlarm:
    case Said::What::kAllClear:
      return track(said, to_string(said.what), ref + fmt::format(R"(,"team":"{}")", said.team));
  }
  return {};
}

}  // namespace sojourn::sim
