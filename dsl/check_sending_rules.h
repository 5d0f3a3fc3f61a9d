// `quiet`, `cap`, `holdout` and `pace` (language 5 and 7): the lines of the policy and of a
// journey that say when messages may leave, to whom none does, and how many may enter.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dsl/expression_context.h"
#include "graph/graph.h"

namespace sojourn::dsl {

// nullopt when a line says nothing that could be carried out, which has been reported.
// `context` is a scratch one: the rules hold values, not expressions.
std::optional<graph::QuietHours> check_quiet(const ast::QuietLine& line,
                                             ExpressionContext& context);
std::optional<graph::SendCap> check_cap(const ast::CapLine& line, ExpressionContext& context);

// `pace N per D up to D else drop` of a journey.
std::optional<graph::Pace> check_pace(const ast::PaceClause& node, ExpressionContext& context);

// The share of `holdout 5%`, which stands at `place`, in hundredths of a percent.
std::optional<std::uint32_t> check_holdout(const ast::HoldoutLine& line, Span place,
                                           Report& report);

// The dates of a top-level `let` that is a list of them: sorted, none twice, at most
// `limit`. `what` names them: "dates without work".
std::vector<graph::Date> check_dates(const ast::Name& name, std::string_view what,
                                     std::size_t limit, ExpressionContext& context);

}  // namespace sojourn::dsl
