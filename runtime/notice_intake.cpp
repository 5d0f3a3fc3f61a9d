#include "runtime/notice_intake.h"

#include <utility>

#include "runtime/intake_words.h"

namespace sojourn::runtime {

IntakeRequest notice_request(connectors::iterable::Notice notice) {
  IntakeNotice item;
  if (well_formed_email(notice.email)) item.person.email = notice.email;
  if (well_formed_user_id(notice.user_id)) item.person.user_id = notice.user_id;
  item.notice = std::make_shared<const connectors::iterable::Notice>(std::move(notice));
  IntakeRequest request;
  request.endpoint = IntakeRequest::Endpoint::kNotices;
  request.items.emplace_back(std::move(item));
  return request;
}

}  // namespace sojourn::runtime
