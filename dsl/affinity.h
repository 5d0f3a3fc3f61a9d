// `user.affinity`: how somebody takes our messages, by what they did with those of the last
// 180 days. No field of the profile but a question about engagement, so history is kept for
// it, time moves it, and a condition on it is looked at again, as with any other question.
//
//   "negative"  they unsubscribed or complained
//   "unscored"  fewer than 3 messages were sent to them: too little is known
//   "loyal"     3 clicks or more, and half as many openings as messages or more
//   "positive"  a click, or a quarter as many openings as messages or more
//   "negative"  10 messages or more, and not one of them opened
//   "neutral"   else
//
// Openings and clicks are those of messages that were sent from here, each time that one was opened
// or clicked; who unsubscribes or complains does so whatever the message.
//
// The first line that is true counts.
#pragma once

#include <string_view>

#include "dsl/expression_context.h"

namespace sojourn::dsl {

inline constexpr std::string_view kAffinity = "affinity";

Typed check_affinity(ExpressionContext& context, Span span);

// It cannot be `done`: "written", "declared".
Diagnostic affinity_is_computed(Span span, std::string_view done);

}  // namespace sojourn::dsl
