// Steps: what a journey does, one after another.
#pragma once

#include "dsl/grammar_expr.h"

namespace sojourn::dsl::grammar {

struct step;
struct step_region {
  static constexpr std::string_view expected = "a step or `}`";
  static constexpr auto& starters = step_word::kinds;
  static constexpr bool open = false;
};

// `allow unreachable-branch "reason"`, above a statement or a declaration.
struct allow : node<C::kAllow, kw<K::kwAllow>,
                    need<"the name of a message, such as `unreachable-branch`, after `allow`",
                         node<C::kName, any_name, star<sym<K::kMinus>, any_name>>>,
                    need<"the reason, in quotes", text>> {};

struct block : nested<node<C::kBlock, braced<step_region, allow, step>>> {};

// --- Clauses that several steps share -------------------------------------------------

struct trigger_source
    : sor<engagement, attempt<path, word<K::kwChanged>>, attempt<name, not_at<sym<K::kDot>>>> {};
struct trigger : node<C::kTrigger, trigger_source, opt<where>> {};

struct as_name : node<C::kAs, kw<K::kwAs>, need<"a name after `as`", name>> {};
struct up_to_words : seq<kw<K::kwUp>, kw<K::kwTo>> {};
struct up_to
    : node<C::kUpTo, up_to_words, need<"a duration such as `3d` after `up to`", duration>> {};
struct up_to_times
    : node<C::kUpTo, up_to_words, need<"a count such as `3` after `up to`", quantity>,
           need<"`times`", kw<K::kwTimes>>> {};
struct at_time
    : node<C::kAtTime, kw<K::kwAt>, need<"a time of day such as `09:00` after `at`", time_of_day>> {
};
struct with : node<C::kWith, kw<K::kwWith>, need<"`{` after `with`", map>> {};
struct since
    : node<C::kSince, kw<K::kwSince>,
           need<"`entry`, `here` or the name of a step after `since`",
                sor<attempt<word<K::kwEntry, K::kwHere>, not_at<sym<K::kDot>>>, step_ref>>> {};

struct exit_step : node<C::kExit, kw<K::kwExit>, opt<as_name>> {};
struct otherwise : need<"`continue`, `exit` or a block",
                        sor<node<C::kContinue, kw<K::kwContinue>>, exit_step, block>> {};
struct missing : node<C::kMissing, kw<K::kwMissing>, otherwise> {};
struct past : node<C::kPast, kw<K::kwPast>, otherwise> {};
struct else_block : node<C::kElse, kw<K::kwElse>, need<"`{` after `else`", block>> {};
struct timeout_block : node<C::kTimeout, kw<K::kwTimeout>, need<"`{` after `timeout`", block>> {};

// --- Send ---------------------------------------------------------------------------------

struct send_option
    : sor<with, within,
          node<C::kAtBestTime, kw<K::kwAt>, need<"`best time` after `at`", kw<K::kwBest>>,
               need<"`time`", kw<K::kwTime>>>,
          node<C::kBefore, kw<K::kwBefore>, need<"a timestamp after `before`", expression>>,
          node<C::kAgain, kw<K::kwAgain>>> {};
struct send : node<C::kSend, kw<K::kwSend>, need<"the name of a campaign after `send`", name>,
                   star<send_option>,
                   opt<node<C::kElse, kw<K::kwElse>,
                            need<"a step or a block after `else`", sor<block, nested<step>>>>>> {};

// --- Waits ----------------------------------------------------------------------------------

struct weekday : one<static_cast<char>(K::kwMonday), static_cast<char>(K::kwTuesday),
                     static_cast<char>(K::kwWednesday), static_cast<char>(K::kwThursday),
                     static_cast<char>(K::kwFriday), static_cast<char>(K::kwSaturday),
                     static_cast<char>(K::kwSunday)> {};
struct weekday_day : node<C::kDay, node<C::kWord, weekday>> {};
struct day : sor<node<C::kDay, node<C::kWord, sor<weekday, kw<K::kwWorkday>>>>,
                 node<C::kDay, word<K::kwDay>, quantity>> {};

struct wait_until_time
    : seq<at<opt<sor<seq<weekday>, kw<K::kwWorkday>, seq<kw<K::kwDay>, any>>>, sym<K::kTimeOfDay>>,
          node<C::kWaitUntilTime, opt<day>, time_of_day,
               opt<sym<K::kDotDot>,
                   need<"the end of the window, such as `17:00`, after `..`", time_of_day>>>> {};
struct wait_until_moment
    : node<C::kWaitUntil,
           need<"a timestamp such as `user.trialEndsAt`, or a time such as `09:00`, after `wait "
                "until`",
                expression>,
           star<sor<at_time, up_to, past, missing>>> {};

struct wait_ending : seq<opt<block>, opt<timeout_block>> {};
struct wait_up_to : need<"`up to` and how long at most, such as `up to 3d`", up_to> {};
struct wait_for_event
    : seq<ahead<trigger_source, sor<kw<K::kwWhere>, kw<K::kwAs>, kw<K::kwSince>, up_to_words>>,
          node<C::kWaitForEvent, trigger, star<sor<as_name, since>>, wait_up_to, wait_ending>> {};
struct wait_for_condition
    : node<C::kWaitForCondition, need<"an event or a condition after `wait for`", expression>,
           wait_up_to, wait_ending> {};

struct race_region {
  static constexpr std::string_view expected = "`on EVENT`, `when CONDITION`, `timeout` or `}`";
  static constexpr std::array starters = {K::kwOn, K::kwWhen, K::kwTimeout};
  static constexpr bool open = false;
};
struct arm_block : need<"`{`", block> {};
struct race_arm
    : sor<node<C::kOnArm, kw<K::kwOn>,
               header<"`{`", need<"an event after `on`", trigger>, star<sor<as_name, since>>>,
               block>,
          node<C::kWhenArm, kw<K::kwWhen>,
               header<"`{`", need<"a condition after `when`", expression>>, block>,
          node<C::kTimeoutArm, kw<K::kwTimeout>, arm_block>> {};
struct wait_race : node<C::kWaitRace, at<up_to_words>, up_to,
                        need<"`{` with what to wait for", at<sym<K::kOpenBrace>>>,
                        braced<race_region, race_arm>> {};

struct wait_duration
    : node<C::kWait,
           need<"a duration such as `3d`, or `for`, `until` or `up to`, after `wait`", duration>,
           opt<at_time>> {};
struct wait : seq<kw<K::kwWait>, sor<seq<kw<K::kwFor>, sor<wait_for_event, wait_for_condition>>,
                                     seq<kw<K::kwUntil>, sor<wait_until_time, wait_until_moment>>,
                                     wait_race, wait_duration>> {};

// --- Ladders and digests ----------------------------------------------------------------------

struct rung_region {
  static constexpr std::string_view expected = "a rung such as `3d before at 09:00 { … }`, or `}`";
  static constexpr std::array<K, 0> starters{};
  static constexpr bool open = true;
};
struct rung
    : node<C::kRung, duration,
           header<"`{`", need<"`before` or `after`", word<K::kwBefore, K::kwAfter>>, opt<at_time>>,
           block> {};
struct schedule : node<C::kSchedule, kw<K::kwSchedule>,
                       header<"`{` with the rungs", need<"`around`", kw<K::kwAround>>,
                              need<"a timestamp such as `user.trialEndsAt`", expression>,
                              star<sor<up_to, missing>>>,
                       braced<rung_region, rung>> {};

struct collect
    : node<
          C::kCollect, kw<K::kwCollect>, need<"an event after `collect`", trigger>,
          need<"`as` and a name for the list", as_name>,
          need<"`for` and how long, such as `for 1d`",
               node<C::kFor, kw<K::kwFor>, need<"a duration such as `1d` after `for`", duration>>>,
          opt<node<C::kKeep, kw<K::kwKeep>, need<"a count such as `10` after `keep`", quantity>>>> {
};

// --- Branches -----------------------------------------------------------------------------------

struct condition_block
    : seq<header<"`{` after the condition", need<"a condition after `if`", expression>>, block> {};
struct if_step : node<C::kIf, node<C::kBranch, kw<K::kwIf>, condition_block>,
                      star<at<kw<K::kwElse>, kw<K::kwIf>>, kw<K::kwElse>,
                           node<C::kBranch, kw<K::kwIf>, condition_block>>,
                      opt<else_block>> {};

struct match_region {
  static constexpr std::string_view expected =
      "a case such as `\"pro\" { … }`, `else { … }` or `}`";
  static constexpr std::array starters = {K::kwElse};
  static constexpr bool open = true;
};
struct pattern_end : node<C::kExpression, star<prefix>, operand> {};
struct pattern : node<C::kPattern, pattern_end,
                      opt<sym<K::kDotDot>, need<"the end of the range after `..`", pattern_end>>> {
};
struct match_arm
    : sor<else_block, node<C::kMatchArm,
                           header<"`{` after the value", pattern,
                                  star<sym<K::kComma>, need<"another value after `,`", pattern>>>,
                           block>> {};
struct match_step : node<C::kMatch, kw<K::kwMatch>,
                         header<"`{` with the cases", need<"a value after `match`", expression>>,
                         braced<match_region, match_arm>> {};

struct split_region {
  static constexpr std::string_view expected = "an arm such as `50% a { … }`, or `}`";
  static constexpr std::array starters = {K::kwMeasure, K::kwDecide};
  static constexpr bool open = true;
};
struct measure : node<C::kMeasure, kw<K::kwMeasure>,
                      need<"`opened`, `clicked` or a goal after `measure`", name>,
                      need<"`within` and how long, such as `within 7d`", within>> {};
struct decide
    : node<C::kDecide, kw<K::kwDecide>, need<"`after` and a count", kw<K::kwAfter>>,
           need<"a count such as `1000` after `after`", quantity>, need<"`per arm`", kw<K::kwPer>>,
           need<"`arm`", kw<K::kwArm>>, need<"`at` and a percentage such as `at 95%`", kw<K::kwAt>>,
           need<"a percentage such as `95%` after `at`", percent>> {};
struct split_arm
    : node<C::kSplitArm, percent, need<"the name of the arm after its share", name>, opt<block>> {};
struct split : node<C::kSplit, kw<K::kwSplit>,
                    header<"`{` with the arms", need<"the name of the split after `split`", name>,
                           opt<node<C::kBy, kw<K::kwBy>, need<"a value after `by`", expression>>>>,
                    braced<split_region, measure, decide, split_arm>> {};

// --- Effects
// ---------------------------------------------------------------------------------------

struct name_is_value
    : seq<need<"a name after `let`", name>, need<"`=` and a value", sym<K::kAssign>>,
          need<"a value after `=`", expression>> {};
struct let : node<C::kLet, kw<K::kwLet>, name_is_value> {};
struct update_user
    : node<C::kUpdateUser, kw<K::kwUpdate>, need<"`user` after `update`", kw<K::kwUser>>,
           need<"`{` with the fields", map>> {};
struct track
    : node<C::kTrack, kw<K::kwTrack>, need<"the name of an event after `track`", name>, opt<map>> {
};
struct list_named : seq<need<"`list`", kw<K::kwList>>, need<"the name of a list", name>> {};
struct add_to_list
    : node<C::kAddToList, kw<K::kwAdd>, need<"`to list` after `add`", kw<K::kwTo>>, list_named> {};
struct remove_from_list : node<C::kRemoveFromList, kw<K::kwRemove>,
                               need<"`from list` after `remove`", kw<K::kwFrom>>, list_named> {};
struct subscribe
    : node<C::kSubscribe, kw<K::kwSubscribe>, need<"`to` after `subscribe`", kw<K::kwTo>>,
           need<"the name of a message type", name>> {};
struct unsubscribe
    : node<C::kUnsubscribe, kw<K::kwUnsubscribe>, need<"`from` after `unsubscribe`", kw<K::kwFrom>>,
           need<"a message type, a medium or `marketing`", name>> {};
struct call_webhook
    : node<C::kCallWebhook, kw<K::kwCall>, need<"the name of a webhook after `call`", name>,
           star<sor<with, as_name>>,
           need<"`up to` and how long at most, such as `up to 10s`", up_to>, opt<block>,
           opt<else_block>> {};
struct start : node<C::kStart, kw<K::kwStart>, need<"the name of a journey after `start`", name>,
                    opt<with>> {};
struct repeat
    : node<C::kRepeat, kw<K::kwRepeat>,
           header<
               "`{`", need<"`up to` and a count, such as `up to 3 times`", up_to_times>,
               opt<node<C::kUntil, kw<K::kwUntil>, need<"a condition after `until`", expression>>>>,
           block> {};
struct use : node<C::kUse, kw<K::kwUse>, need<"the name of a fragment after `use`", name>,
                  need<"`(`", sym<K::kOpenParen>>, opt<comma_list<expression>>,
                  need<"`,` or `)`", sym<K::kCloseParen>>> {};

struct statement : sor<send, wait, if_step, let, exit_step, split, match_step, schedule, collect,
                       update_user, track, add_to_list, remove_from_list, subscribe, unsubscribe,
                       call_webhook, start, repeat, use> {};
struct label : node<C::kLabel, name, sym<K::kColon>> {};
struct step : sor<node<C::kStep, label, need<"a step after its label", statement>>,
                  node<C::kStep, statement>> {};

}  // namespace sojourn::dsl::grammar
