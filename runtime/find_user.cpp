#include "runtime/find_user.h"

#include <fmt/format.h>

#include "base/text.h"
#include "runtime/operation_record.h"

namespace sojourn::runtime {
namespace {

using store::Identity;

// The rest is of nobody, whose rows say nothing of a person, or of no shard at all.
bool may_be_a_person(store::UserId user) {
  return user.shard < store::kShardCount && user.number >= 1 && user.number < kFirstQueueUser;
}

std::optional<store::UserId> parse_printed_id(const std::string& text) {
  if (text.size() != 16 || text.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return std::nullopt;
  }
  const auto user = store::UserId::unpack(std::stoull(text, nullptr, 16));
  return may_be_a_person(user) ? std::optional(user) : std::nullopt;
}

}  // namespace

std::string printed_id(store::UserId id) {
  return fmt::format("{:016x}", id.packed());
}

base::Result<std::optional<store::UserId>> find_user(const std::string& identity,
                                                     store::Store& store) {
  store::ReadSet read;
  read.identities = {{Identity::Kind::kEmail, base::lower_ascii(identity)},
                     {Identity::Kind::kUserId, identity}};
  auto loaded = store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  for (const auto& user : loaded->identities) {
    if (user) return user;
  }
  return parse_printed_id(identity);
}

}  // namespace sojourn::runtime
