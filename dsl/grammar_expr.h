// Expressions, types, maps and what they say about events.
#pragma once

#include <array>

#include "dsl/grammar_core.h"

namespace sojourn::dsl::grammar {

struct expression;

// --- Words that are no operands -----------------------------------------------------

// Words that begin a step: as a bare operand they would swallow the step that
// follows an unfinished line.
template <K... Kinds>
struct word_list : one<static_cast<char>(Kinds)...> {
  static constexpr std::array kinds = {Kinds...};
};
struct step_word : word_list<K::kwSend, K::kwWait, K::kwSchedule, K::kwCollect, K::kwIf, K::kwMatch,
                             K::kwSplit, K::kwLet, K::kwUpdate, K::kwTrack, K::kwAdd, K::kwRemove,
                             K::kwSubscribe, K::kwUnsubscribe, K::kwCall, K::kwStart, K::kwRepeat,
                             K::kwUse, K::kwExit, K::kwAllow> {};

// Words that join or follow operands.
struct joining_word : kw<K::kwOr, K::kwAnd, K::kwIn, K::kwContains, K::kwStarts, K::kwEnds,
                         K::kwMatches, K::kwIs, K::kwDefault, K::kwThen, K::kwElse> {};

// What may follow a word such as `opened` or `left` where that word is itself a name.
struct following_word : sor<joining_word, kw<K::kwWhere, K::kwWithin, K::kwSince, K::kwBefore,
                                             K::kwEver, K::kwAs, K::kwUp, K::kwFor, K::kwTimeout>> {
};
struct object_name : seq<not_at<following_word>, any_name> {};

// --- Names and paths ----------------------------------------------------------------

struct name_ref : node<C::kNameRef, sor<seq<not_at<sor<step_word, following_word>>, any_name>,
                                        seq<any_name, at<sym<K::kDot>>>>> {};
struct fields_of : star<sym<K::kDot>, need<"the name of a field after `.`", field_name>> {};
struct path : node<C::kExpression, node<C::kOperand, name_ref, fields_of>> {};

// A name of a constant, or a path: what may stand for a length of time or a count.
// A bare keyword may not, so that an unfinished line does not eat the next one.
struct constant
    : seq<node<C::kNameRef, sor<sym<K::kIdentifier>, seq<any_name, at<sym<K::kDot>>>>>, fields_of> {
};
template <K... Kinds>
struct literal : node<C::kLiteral, one<static_cast<char>(Kinds)...>> {};
template <K Kind>
struct literal_or_constant
    : node<C::kExpression, node<C::kOperand, sor<literal<Kind, K::kBadNumber>, constant>>> {};

struct duration : literal_or_constant<K::kDuration> {};
struct time_of_day : literal_or_constant<K::kTimeOfDay> {};
struct quantity : literal_or_constant<K::kInteger> {};
struct percent
    : node<C::kPercent, one<static_cast<char>(K::kPercent), static_cast<char>(K::kBadNumber)>> {};

// pause, wait 1, wait for 1.timeout.update user 2, split tours.short, ladder.3d before.if 1
struct step_ref_part : sor<attempt<kw<K::kwWait>, kw<K::kwFor, K::kwUntil>, sym<K::kInteger>>,
                           attempt<kw<K::kwUpdate>, kw<K::kwUser>, sym<K::kInteger>>,
                           attempt<kw<K::kwElse>, kw<K::kwIf>, sym<K::kInteger>>,
                           attempt<kw<K::kwSplit, K::kwLet, K::kwOn>, any_name>,
                           attempt<sym<K::kDuration>, kw<K::kwBefore, K::kwAfter>>,
                           seq<any_name, opt<sym<K::kInteger>>>> {};
struct step_ref : node<C::kStepRef, step_ref_part, star<sym<K::kDot>, step_ref_part>> {};

// --- Maps ---------------------------------------------------------------------------

struct map_entry : node<C::kMapEntry, field_name, need<"`:` after the key", sym<K::kColon>>,
                        need<"a value", expression>> {};
struct map : node<C::kMap, sym<K::kOpenBrace>, opt<map_entry, star<sym<K::kComma>, opt<map_entry>>>,
                  need<"`,` or `}`", close_brace>> {};

// --- Types and field lists ------------------------------------------------------------

struct type;
struct field_region {
  static constexpr std::string_view expected = "a field such as `plan string`, or `}`";
  static constexpr std::array<K, 0> starters{};
  static constexpr bool open = true;
};
struct field;
struct fields : node<C::kFields, braced<field_region, field>> {};

struct type_name : node<C::kTypeName, any_name> {};
struct type_one_of
    : node<C::kTypeOneOf, text,
           star<sym<K::kPipe>, need<"another value such as `\"pro\"` after `|`", text>>> {};
struct type_list
    : node<C::kTypeList, sym<K::kOpenBracket>, need<"the type of the list's items", type>,
           need<"`]`", sym<K::kCloseBracket>>> {};
struct type_object : node<C::kTypeObject, fields> {};
struct type : nested<node<C::kType, sor<type_name, type_one_of, type_list, type_object>,
                          opt<node<C::kTypeOptional, sym<K::kQuestion>>>>> {};
struct field
    : node<C::kField, field_name, need<"a type such as `string` after the field's name", type>,
           opt<sym<K::kAssign>, need<"a value after `=`", expression>>, opt<sym<K::kComma>>> {};

// --- Events, engagement, history --------------------------------------------------------

struct engagement_verb : word<K::kwReceived, K::kwSent, K::kwOpened, K::kwClicked, K::kwBounced,
                              K::kwComplained, K::kwUnsubscribed> {};
struct engagement : node<C::kEngagement, engagement_verb, node<C::kName, object_name>> {};

struct where : node<C::kWhere, kw<K::kwWhere>, need<"a condition after `where`", expression>> {};
struct within
    : node<C::kWithin, kw<K::kwWithin>, need<"a duration such as `7d` after `within`", duration>> {
};
struct since_step
    : seq<kw<K::kwSince>, need<"`entry` or the name of a step after `since`",
                               sor<attempt<word<K::kwEntry>, not_at<sym<K::kDot>>>, step_ref>>> {};
struct window
    : node<C::kWindow, sor<within, word<K::kwEver>, since_step,
                           seq<word<K::kwBefore>, kw<K::kwEntry>, not_at<sym<K::kDot>>>>> {};

struct collection_source : sor<engagement, path> {};
struct collection : node<C::kCollection, collection_source, opt<where>, opt<window>> {};

struct any_of : attempt<word<K::kwAny, K::kwNo, K::kwEvery>, at<object_name>> {};
struct at_least : seq<kw<K::kwAt>, word<K::kwLeast, K::kwMost>,
                      need<"a count such as `3` after `at least` or `at most`", quantity>> {};
struct exactly : attempt<word<K::kwExactly>, at<sor<sym<K::kInteger>, any_name>>,
                         need<"a count such as `3` after `exactly`", quantity>> {};
struct question : node<C::kQuestion, sor<any_of, at_least, exactly>,
                       need<"an event, an engagement or a list", collection>> {};

struct engagement_test : node<C::kEngagementTest, engagement, opt<where>, opt<window>> {};

struct first_n
    : node<C::kFirst, kw<K::kwFirst>, need<"a count such as `3` after `first`", quantity>> {};
struct aggregate_over
    : node<C::kCollection, collection_source, opt<first_n>, opt<where>, opt<window>, opt<first_n>> {
};
template <K... Kinds>
struct aggregate_name : seq<node<C::kName, one<static_cast<char>(Kinds)...>>, sym<K::kOpenParen>> {
};
// `min(a, b)` is a call: only with one collection in its parentheses is it an aggregate.
struct aggregate
    : sor<node<C::kAggregate,
               aggregate_name<K::kwCount, K::kwSum, K::kwAvg, K::kwFirst, K::kwLast, K::kwList>,
               need<"an event, an engagement or a list", aggregate_over>,
               need<"`)`", sym<K::kCloseParen>>>,
          node<C::kAggregate, aggregate_name<K::kwMin, K::kwMax>, aggregate_over,
               sym<K::kCloseParen>>> {};

struct membership_reason
    : node<C::kAs, kw<K::kwAs>, need<"the name of a reason after `as`", name>> {};
struct membership
    : node<C::kMembership,
           sor<seq<kw<K::kwIn>, word<K::kwList, K::kwSegment, K::kwJourney>, need<"a name", name>>,
               seq<word<K::kwSubscribed>, kw<K::kwTo>, need<"the name of a message type", name>>,
               seq<word<K::kwLeft>, at<object_name>, name, opt<membership_reason>, opt<within>>>> {
};

// --- Expressions --------------------------------------------------------------------------

struct string_part_whole : node<C::kStringPart, sor<sym<K::kString>, sym<K::kUnterminatedString>>> {
};
struct string_value
    : node<C::kString,
           sor<string_part_whole,
               seq<node<C::kStringPart, sym<K::kStringOpen>>,
                   need<"an expression in `${…}`", expression>,
                   star<node<C::kStringPart, sym<K::kStringMiddle>>,
                        need<"an expression in `${…}`", expression>>,
                   need<"`}` at the end of `${…}`", node<C::kStringPart, sym<K::kStringClose>>>>>> {
};

struct literal_value : sor<literal<K::kInteger, K::kNumber, K::kBadNumber, K::kPercent,
                                   K::kDuration, K::kTimeOfDay, K::kDate, K::kTimestamp>,
                           attempt<node<C::kLiteral, kw<K::kwTrue, K::kwFalse, K::kwMissing>>,
                                   not_at<sym<K::kDot>>>> {};

struct parenthesis
    : node<C::kParenthesis, sym<K::kOpenParen>, need<"an expression after `(`", expression>,
           need<"`)`", sym<K::kCloseParen>>> {};
struct list_literal : node<C::kListLiteral, sym<K::kOpenBracket>,
                           opt<expression, star<sym<K::kComma>, opt<expression>>>,
                           need<"`,` or `]`", sym<K::kCloseBracket>>> {};
// After an operand is due, `{` may also open the block of an unfinished condition.
struct looks_like_map : at<sym<K::kOpenBrace>,
                           sor<close_brace, seq<sor<any_name, sym<K::kString>>, sym<K::kColon>>>> {
};
struct map_literal : node<C::kMapLiteral, looks_like_map, map> {};
struct if_expression
    : node<C::kIfExpression, kw<K::kwIf>, need<"a condition after `if`", expression>,
           need<"`then`", kw<K::kwThen>>, need<"a value after `then`", expression>,
           need<"`else`: an `if` inside an expression has both values", kw<K::kwElse>>,
           need<"a value after `else`", expression>> {};
struct call : node<C::kCall, name, sym<K::kOpenParen>, opt<comma_list<expression>>,
                   need<"`,` or `)`", sym<K::kCloseParen>>> {};

struct primary
    : sor<literal_value, string_value, parenthesis, list_literal, map_literal, if_expression,
          question, membership, aggregate, engagement_test, call, name_ref> {};
struct operand : node<C::kOperand, primary, fields_of> {};

struct prefix : node<C::kOperator, sor<seq<kw<K::kwNot>, not_at<sym<K::kDot>>>, sym<K::kMinus>>> {};
struct is_test : node<C::kOperator, kw<K::kwIs>,
                      need<"`set` or `missing` after `is`", kw<K::kwSet, K::kwMissing>>> {};
// `… value x and exit` of a goal ends the expression at `and`.
struct and_operator : seq<kw<K::kwAnd>, not_at<kw<K::kwExit>>> {};
struct symbol_operator : one<static_cast<char>(K::kEqual), static_cast<char>(K::kNotEqual),
                             static_cast<char>(K::kLess), static_cast<char>(K::kLessEqual),
                             static_cast<char>(K::kGreater), static_cast<char>(K::kGreaterEqual),
                             static_cast<char>(K::kPlus), static_cast<char>(K::kMinus),
                             static_cast<char>(K::kStar), static_cast<char>(K::kSlash)> {};
struct infix
    : node<C::kOperator, sor<symbol_operator, and_operator,
                             kw<K::kwOr, K::kwIn, K::kwContains, K::kwMatches, K::kwDefault>,
                             seq<kw<K::kwStarts, K::kwEnds>, need<"`with`", kw<K::kwWith>>>>> {};
// Comparing with `=` is the most common slip: nothing else may follow an operand so.
struct assignment : seq<at<sym<K::kAssign>>, need<"`==` to compare", failure>> {};

struct signed_operand
    : sor<seq<plus<prefix>, need<"a value after the operator", operand>>, operand> {};
struct expression
    : nested<node<C::kExpression, signed_operand,
                  star<sor<is_test, assignment,
                           seq<infix, need<"a value after the operator", signed_operand>>>>>> {};

}  // namespace sojourn::dsl::grammar
