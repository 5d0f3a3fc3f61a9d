// What all files together declare: names, types, wire names, ids, the policy.
// Order and file names carry no meaning; of two declarations of one name the
// second is the wrong one, files taken by path.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "dsl/expression_context.h"

namespace sojourn::dsl {

// The files in order of path. `world` is filled; what is wrong is reported.
void collect_world(std::span<const ast::File* const> files, World& world, Report& report);

// What needs expressions, once all names are known: values of user fields,
// constants, the policy's lengths of time. `context` is a scratch one over `world`.
void check_declared_values(std::span<const ast::File* const> files, World& world,
                           ExpressionContext& context);

// resolve_type.cpp

// Notes a declared name; false, and reported, when it is taken.
bool declare(Places& places, std::string_view kind, const ast::Name& name, Report& report);
// nullopt when the type cannot be read, which has been reported.
std::optional<graph::Type> resolve_type(const ast::TypeExpr& type, Report& report);

// check_policy.cpp
void collect_policy(const ast::Policy& policy, World& world, Report& report);
void check_policy_values(const ast::Policy& policy, World& world, ExpressionContext& context);

// check_fan_out.cpp
void check_fan_out(const ast::Event& event, World& world, ExpressionContext& context);

// check_webhook.cpp
void check_webhook(const ast::Webhook& webhook, World& world, ExpressionContext& context);

}  // namespace sojourn::dsl
