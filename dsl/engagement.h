// Engagement: `opened welcome`, `clicked any`, `bounced email`. What it is about becomes
// a condition on the events of graph/engagement.h.
#pragma once

#include <string>

#include "dsl/expression_context.h"

namespace sojourn::dsl {

const graph::EventType& event_of(const ast::Engagement& engagement);
// The author's words: `opened welcome`.
std::string words_of(const ExpressionContext& context, const ast::Engagement& engagement);

// Which of the messages that the engagement names are meant.
enum class MessagesMeant : std::uint8_t {
  kLatest,        // the last that this enrollment has sent
  kOfEnrollment,  // all that this enrollment has sent
  kOfUser,        // all that the user has been sent
};

// The condition that an event of event_of(engagement), `event`, is about one of them;
// kNoExpr when every one is. Reports a name that nothing has, and messages of an
// enrollment where there is none.
graph::ExprId check_engagement(ExpressionContext& context, const Scope& scope,
                               const ast::Engagement& engagement, MessagesMeant meant);

}  // namespace sojourn::dsl
