// A catalog with a profile field of each kind that has values to be told apart.
#pragma once

#include <string>
#include <utility>

#include "graph/catalog.h"

namespace sojourn::proof::test {

// seats integer · score number · plan "free" | "trial" | "pro" · vip boolean · nick string
// (reads as "friend" when it is missing). Event `signup { plan, seats, code? }`.
inline graph::Catalog typed_catalog() {
  using Kind = graph::Type::Kind;
  graph::Catalog catalog;
  const auto type = [](Kind kind, bool optional) {
    graph::Type out;
    out.kind = kind;
    out.optional = optional;
    if (kind == Kind::kOneOf) out.choices = {"free", "trial", "pro"};
    return out;
  };
  catalog.user_fields.push_back({"seats", type(Kind::kInteger, false), {}});
  catalog.user_fields.push_back({"score", type(Kind::kNumber, false), {}});
  catalog.user_fields.push_back({"plan", type(Kind::kOneOf, false), {}});
  catalog.user_fields.push_back({"vip", type(Kind::kBoolean, false), {}});
  catalog.user_fields.push_back({"nick", type(Kind::kString, false), graph::Value("friend")});
  catalog.events.push_back({"signup",
                            "signup",
                            {{"plan", type(Kind::kOneOf, false)},
                             {"seats", type(Kind::kInteger, false)},
                             {"code", type(Kind::kString, true)}}});
  catalog.events.push_back({"stop", "stop", {{"seats", type(Kind::kInteger, false)}}});
  return catalog;
}

}  // namespace sojourn::proof::test
