#include "tests/sim/forward_record.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/percent.h"

namespace sojourn::sim {
namespace {

constexpr std::string_view kMerge = "POST /api/users/merge ";
// Answers that may be lost of what is done once, each time that it is said
// (runtime/turn_forwards.cpp).
constexpr std::int64_t kMostDoubts = 5;

}  // namespace

std::string call_of(const connectors::HttpRequest& request) {
  return fmt::format("{} {} {}", request.method, request.path, request.body);
}

std::vector<std::string> emails_in(const connectors::HttpRequest& request) {
  constexpr std::string_view kUsers = "/api/users/";
  std::vector<std::string> emails;
  if (request.method == "DELETE" && request.path.starts_with(kUsers)) {
    if (auto name = base::percent_decoded(request.path.substr(kUsers.size()))) {
      emails.push_back(std::move(*name));
    }
  }
  if (const auto query = request.path.find('?'); query != std::string::npos) {
    const auto email =
        base::query_member(std::string_view(request.path).substr(query + 1), "email");
    if (email) emails.push_back(*email);
  }
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object()) return emails;
  for (const char* member : {"email", "recipientEmail", "destinationEmail", "sourceEmail"}) {
    if (const auto found = body.find(member); found != body.end() && found->is_string()) {
      emails.push_back(found->get<std::string>());
    }
  }
  return emails;
}

ForwardRecord::Attempt ForwardRecord::left(const std::string& call) {
  if (call.starts_with(kMerge) && unanswered(call) >= kMostDoubts * planned_.at(call)) {
    found_(
        {Invariant::kForwardsOnce,
         fmt::format("{} leaves again after {} attempts without an answer, and was said {} times",
                     call, unanswered(call), planned_.at(call))});
  }
  return add(call);
}

bool ForwardRecord::is_done_for_good(const std::string& call) const {
  return call.starts_with(kMerge) && accepted_of(call) > 0;
}

void ForwardRecord::too_often(const std::string& call, std::int64_t accepted, std::int64_t lost) {
  found_({Invariant::kForwardsOnce,
          fmt::format("{} was taken {} times, was to leave {} times, and {} answers got lost", call,
                      accepted, planned_.at(call), lost)});
}

}  // namespace sojourn::sim
