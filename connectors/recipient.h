// Whom a request is about, by the names the provider knows. A value.
#pragma once

#include <cstdint>
#include <string>

namespace sojourn::connectors {

// How a project at Iterable tells its users apart; fixed when the project is made. It decides by
// which name a request addresses somebody: Iterable wants exactly one.
enum class ProjectIdentity : std::uint8_t {
  kEmail,   // by email where one is known, else by userId
  kUserId,  // by userId only: who has none cannot be addressed
  kHybrid,  // by userId, which outlives a change of the email, where one is known; else by email
};

// At least one of the two names is not empty.
struct Recipient {
  std::string email;
  std::string user_id;
  ProjectIdentity identity = ProjectIdentity::kEmail;

  bool is_addressed_by_email() const {
    if (identity == ProjectIdentity::kUserId) return false;
    if (identity == ProjectIdentity::kHybrid) return user_id.empty();
    return !email.empty();
  }
  // The name that a request gives; empty: there is no way to address them in this project.
  const std::string& address() const { return is_addressed_by_email() ? email : user_id; }
};

}  // namespace sojourn::connectors
