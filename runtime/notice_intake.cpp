#include "runtime/notice_intake.h"

#include <fmt/format.h>
#include <utility>

#include "connectors/iterable/webhooks/notice_consent.h"
#include "runtime/intake_words.h"

namespace sojourn::runtime {
namespace {

using connectors::iterable::Notice;

// What is wrong with the names of a notice that has no well-formed one.
std::string wrong_names(const Notice& notice) {
  if (!notice.email.empty()) {
    return fmt::format("`email`: an address like ada@example.com expected, found `{:.100}`",
                       notice.email);
  }
  if (!notice.user_id.empty()) {
    return fmt::format("`userId`: 1 to 52 characters of printable ASCII expected, found `{:.100}`",
                       notice.user_id);
  }
  return "`email` or `userId`: the name of a person expected, found neither";
}

}  // namespace

tl::expected<IntakeRequest, std::string> notice_request(Notice notice) {
  IntakeNotice item;
  if (well_formed_email(notice.email)) item.person.email = notice.email;
  if (well_formed_user_id(notice.user_id)) item.person.user_id = notice.user_id;
  const bool is_nameless = !item.person.email && !item.person.user_id;
  if (is_nameless && connectors::iterable::must_name_somebody(notice)) {
    return tl::unexpected(wrong_names(notice));
  }
  if (!item.person.email) notice.email.clear();
  item.notice = std::make_shared<const Notice>(std::move(notice));
  IntakeRequest request;
  request.endpoint = IntakeRequest::Endpoint::kNotices;
  request.items.emplace_back(std::move(item));
  return request;
}

}  // namespace sojourn::runtime
