// Whether the names of users are well formed, and how the sandbox files them.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace sojourn::sandbox {

// The form only: one `@`, a local part without blanks, a domain of two or more
// labels whose last has letters only. (Iterable also knows the list of top-level
// domains.) At most 255 bytes.
bool valid_email(std::string_view email);

// 1 to 52 printable ASCII characters, no blank at the end.
bool valid_user_id(std::string_view user_id);

// "email:ada@example.com", in lower case; "user_id:u-77", as it came.
std::string email_subject(std::string_view email);
std::string user_id_subject(std::string_view user_id);

}  // namespace sojourn::sandbox
