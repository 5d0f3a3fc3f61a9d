#include "sandbox/identity.h"

#include <algorithm>

#include "base/text.h"

namespace sojourn::sandbox {
namespace {

constexpr std::size_t kMaxEmail = 255;
constexpr std::size_t kMaxUserId = 52;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool local_char(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+/=?^_`{|}~-.";
  return is_letter(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool valid_local(std::string_view local) {
  return !local.empty() && local.front() != '.' && local.back() != '.' &&
         local.find("..") == std::string_view::npos &&
         std::all_of(local.begin(), local.end(), local_char);
}

bool valid_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80;
         });
}

bool valid_domain(std::string_view domain) {
  const std::size_t last_dot = domain.rfind('.');
  if (last_dot == std::string_view::npos) return false;
  const std::string_view top = domain.substr(last_dot + 1);
  if (top.size() < 2 || !std::all_of(top.begin(), top.end(), is_letter)) return false;
  for (std::size_t begin = 0; begin <= domain.size();) {
    const std::size_t end = std::min(domain.find('.', begin), domain.size());
    if (!valid_label(domain.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace

bool valid_email(std::string_view email) {
  const std::size_t at = email.find('@');
  return email.size() <= kMaxEmail && at != std::string_view::npos &&
         valid_local(email.substr(0, at)) && valid_domain(email.substr(at + 1));
}

bool valid_user_id(std::string_view user_id) {
  return !user_id.empty() && user_id.size() <= kMaxUserId && user_id.back() != ' ' &&
         std::all_of(user_id.begin(), user_id.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string email_subject(std::string_view email) {
  return "email:" + base::lower_ascii(email);
}

std::string user_id_subject(std::string_view user_id) {
  return "user_id:" + std::string(user_id);
}

}  // namespace sojourn::sandbox
