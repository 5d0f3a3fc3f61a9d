#include "runtime/intake_erasure.h"

#include <utility>

#include "base/percent.h"
#include "runtime/erasing_forward.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using What = IntakeErasure::What;

constexpr std::string_view kUsers = "/api/users/";
constexpr std::string_view kByUserId = "byUserId/";

// Whom the path names.
Parsed<Person> person_in(std::string_view path) {
  std::string_view rest = path.substr(kUsers.size());
  const bool by_user_id = rest.starts_with(kByUserId);
  if (by_user_id) rest.remove_prefix(kByUserId.size());
  const auto name = base::percent_decoded(rest);
  Person person;
  if (by_user_id) {
    auto user_id = IntakeReader::user_id(name.value_or(""));
    if (!user_id) return tl::unexpected(std::move(user_id.error()));
    person.user_id = std::move(*user_id);
  } else {
    auto email = IntakeReader::email(name.value_or(""));
    if (!email) return tl::unexpected(std::move(email.error()));
    person.email = std::move(*email);
  }
  return person;
}

}  // namespace

Parsed<IntakeItem> read_erasure(const IntakeReader& reader, const IntakeReader::Object& fields) {
  auto person = reader.person(fields, "obj");
  if (!person) return tl::unexpected(std::move(person.error()));
  IntakeErasure erasure;
  erasure.person = std::move(*person);
  erasure.what = reader.endpoint() == Endpoint::kUsersForget ? What::kForget : What::kUnforget;
  erasure.may_be_unknown = true;
  erasure.goes_on = reader.forward() == ForwardMode::kQueue;
  return IntakeItem(std::move(erasure));
}

tl::expected<IntakeRequest, IntakeAnswer> delete_request(std::string_view path,
                                                         ForwardMode forward) {
  auto person = person_in(path);
  if (!person) return tl::unexpected(std::move(person.error().answer));
  IntakeRequest request;
  request.endpoint = Endpoint::kUsersDelete;
  request.answer_id = person->email.value_or(person->user_id.value_or(""));
  IntakeErasure erasure;
  erasure.may_be_unknown = forward != ForwardMode::kOff;
  erasure.goes_on = forward == ForwardMode::kQueue;
  if (erasure.goes_on) request.forwards.push_back(delete_forward(*person));
  erasure.person = std::move(*person);
  request.items.emplace_back(std::move(erasure));
  return request;
}

bool is_erasure(const IntakeRequest& request) {
  return request.items.size() == 1 && std::holds_alternative<IntakeErasure>(request.items[0]);
}

}  // namespace sojourn::runtime
