#include "engine/membership.h"

#include <string_view>

#include "engine/aim.h"
#include "engine/send_policy.h"
#include "graph/graph.h"

namespace sojourn::engine {
namespace {

using graph::Expression;
using graph::Op;
using graph::Window;

std::optional<base::Instant> left_at(const Scope& scope, const Expression& question) {
  const std::string_view reason =
      question.names.empty() ? std::string_view() : std::string_view(question.names[0]);
  return scope.memberships->left_at(question.name, reason);
}

bool belongs(const Scope& scope, const Expression& question) {
  const MembershipView& memberships = *scope.memberships;
  switch (question.op) {
    case Op::kSubscribedTo: {
      const graph::MessageType* type = memberships.message_type(question.name);
      return type != nullptr && is_subscribed(scope.profile, *type);
    }
    case Op::kInList:
      return memberships.in_list(question.name);
    case Op::kInJourney:
      return memberships.in_journey(question.name);
    default: {
      const auto left = left_at(scope, question);
      if (!left || question.window.kind != Window::Kind::kWithin) return left.has_value();
      return later(*left, question.window.within) >= scope.now;
    }
  }
}

}  // namespace

graph::Value ask_membership(const Scope& scope, const Expression& question) {
  return graph::Value(scope.memberships != nullptr && belongs(scope, question));
}

std::optional<base::Instant> leaves_membership(const Scope& scope, const Expression& question) {
  if (question.op != Op::kLeftJourney || question.window.kind != Window::Kind::kWithin ||
      scope.memberships == nullptr) {
    return std::nullopt;
  }
  const auto left = left_at(scope, question);
  if (!left) return std::nullopt;
  return later(later(*left, question.window.within), base::Millis{1});
}

}  // namespace sojourn::engine
