#include "sandbox/bulk_answer.h"

#include <array>
#include <fmt/core.h>
#include <span>

#include "base/text.h"

namespace sojourn::sandbox {
namespace {

constexpr auto kUserLists = std::to_array<std::string_view>(
    {"invalidEmails", "invalidUserIds", "notFoundEmails", "notFoundUserIds", "invalidDataEmails",
     "invalidDataUserIds", "conflictEmails", "conflictUserIds", "forgottenEmails",
     "forgottenUserIds"});
constexpr auto kEventLists =
    std::to_array<std::string_view>({"invalidEmails", "invalidUserIds", "notFoundEmails",
                                     "notFoundUserIds", "forgottenEmails", "forgottenUserIds"});

}  // namespace

void BulkAnswer::failed(std::string_view list, std::string_view name) {
  ++failures_;
  lists_[std::string(list)].emplace_back(name);
}

Reply BulkAnswer::reply() const {
  const auto append_list = [this](std::string& out, std::string_view list) {
    out += fmt::format(R"("{}":[)", list);
    if (const auto found = lists_.find(list); found != lists_.end()) {
      for (const std::string& name : found->second) {
        if (&name != &found->second.front()) out += ',';
        base::append_json_string(out, name);
      }
    }
    out += ']';
  };
  Reply reply;
  reply.body = fmt::format(
      R"({{"successCount":{},"failCount":{},"createdFields":[],"filteredOutFields":[],)",
      successes_, failures_);
  append_list(reply.body, "invalidEmails");
  reply.body += ',';
  append_list(reply.body, "invalidUserIds");
  reply.body += kind_ == Kind::kEvents ? R"(,"disallowedEventNames":[],"failedUpdates":{)"
                                       : R"(,"failedUpdates":{)";
  const std::span<const std::string_view> lists =
      kind_ == Kind::kUsers ? std::span<const std::string_view>(kUserLists) : kEventLists;
  for (const std::string_view list : lists) {
    if (list.data() != lists.front().data()) reply.body += ',';
    append_list(reply.body, list);
  }
  reply.body += "}}";
  return reply;
}

}  // namespace sojourn::sandbox
