#include "runtime/user_head.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kHasEmail = 1;
constexpr std::uint8_t kHasUserId = 2;
constexpr std::uint8_t kHasAcceptedAt = 0x80;

auto place_of(const std::vector<ProfileField>& fields, std::string_view name) {
  return std::lower_bound(fields.begin(), fields.end(), name,
                          [](const ProfileField& f, std::string_view n) { return f.name < n; });
}

void encode_field(const ProfileField& field, base::ByteWriter& out) {
  out.string(field.name);
  graph::encode_value(field.value, out);
  out.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(field.source) |
                                   (field.accepted_at ? kHasAcceptedAt : 0)));
  out.signed_varint(field.at.millis);
  if (field.accepted_at) out.signed_varint((*field.accepted_at - field.at).count);
}

ProfileField decode_field(base::ByteReader& in) {
  ProfileField field;
  field.name = in.string();
  field.value = graph::decode_value(in);
  const std::uint8_t source = in.u8();
  field.source = static_cast<ProfileField::Source>(source & ~kHasAcceptedAt);
  field.at = base::read_instant(in);
  if ((source & kHasAcceptedAt) != 0) field.accepted_at = base::read_instant(in, field.at);
  if (field.source < ProfileField::Source::kIntake ||
      field.source > ProfileField::Source::kSubscription) {
    in.fail();
  }
  return field;
}

}  // namespace

const ProfileField* UserHead::find(std::string_view name) const {
  const auto place = place_of(fields, name);
  return place != fields.end() && place->name == name ? &*place : nullptr;
}

bool UserHead::set(ProfileField field) {
  const auto place = place_of(fields, field.name);
  if (place == fields.end() || place->name != field.name) {
    if (field.value.is_missing()) return false;
    fields.insert(place, std::move(field));
    return true;
  }
  const auto index = static_cast<std::size_t>(place - fields.begin());
  if (fields[index].value == field.value) return false;
  fields[index] = std::move(field);
  return true;
}

bool UserHead::mark_accepted(std::string_view name, base::Instant set_by, base::Instant at) {
  const auto place = place_of(fields, name);
  if (place == fields.end() || place->name != name) return false;
  ProfileField& field = fields[static_cast<std::size_t>(place - fields.begin())];
  if (field.source != ProfileField::Source::kJourney || field.at > set_by) return false;
  field.accepted_at = at;
  return true;
}

bool UserHead::is_on(std::string_view list) const {
  return std::binary_search(lists.begin(), lists.end(), list);
}

bool UserHead::set_on(std::string_view list, bool on) {
  const auto place = std::lower_bound(lists.begin(), lists.end(), list);
  const bool is_on = place != lists.end() && *place == list;
  if (is_on == on) return false;
  if (on) {
    lists.emplace(place, list);
  } else {
    lists.erase(place);
  }
  return true;
}

std::string encode(const UserHead& head) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.u8(static_cast<std::uint8_t>((head.email ? kHasEmail : 0) | (head.user_id ? kHasUserId : 0)));
  if (head.email) out.string(*head.email);
  if (head.user_id) out.string(*head.user_id);
  out.varint(head.next_enrollment);
  out.varint(head.next_event);
  out.varint(head.fields.size());
  for (const ProfileField& field : head.fields) encode_field(field, out);
  out.varint(head.lists.size());
  for (const std::string& list : head.lists) out.string(list);
  return out.take();
}

base::Result<UserHead> decode_user_head(std::string_view bytes) {
  base::ByteReader in(bytes);
  UserHead head;
  const std::uint8_t format = in.u8();
  const std::uint8_t flags = in.u8();
  if ((flags & kHasEmail) != 0) head.email = std::string(in.string());
  if ((flags & kHasUserId) != 0) head.user_id = std::string(in.string());
  head.next_enrollment = static_cast<std::uint32_t>(in.varint());
  head.next_event = in.varint();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) head.fields.push_back(decode_field(in));
  const std::size_t lists = in.count();
  for (std::size_t i = 0; i < lists && in.ok(); ++i) head.lists.emplace_back(in.string());
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "a stored user cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return head;
}

}  // namespace sojourn::runtime
