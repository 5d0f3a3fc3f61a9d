#include "graph/built_in.h"

#include <memory>
#include <vector>

#include "graph/catalog.h"

namespace sojourn::graph {
namespace {

Type plain(Type::Kind kind) {
  Type type;
  type.kind = kind;
  return type;
}

Type list_of(Type::Kind element) {
  Type type = plain(Type::Kind::kList);
  type.element = std::make_shared<const Type>(plain(element));
  return type;
}

std::vector<UserField> make_fields() {
  const Type text = plain(Type::Kind::kString);
  const Type ids = list_of(Type::Kind::kInteger);
  return {
      {"email", text, {}},
      {"emailListIds", ids, {}},
      {"locale", text, {}},
      {"phoneNumber", text, {}},
      {"signupDate", plain(Type::Kind::kTimestamp), {}},
      {"signupSource", text, {}},
      {std::string(kSubscribedIds), ids, {}},
      {"timeZone", plain(Type::Kind::kTimezone), {}},
      {std::string(kUnsubscribedChannelIds), ids, {}},
      {std::string(kUnsubscribedIds), ids, {}},
      {"userId", text, {}},
      {"userListIds", ids, {}},
  };
}

}  // namespace

std::span<const UserField> built_in_user_fields() {
  static const std::vector<UserField> kFields = make_fields();
  return kFields;
}

}  // namespace sojourn::graph
