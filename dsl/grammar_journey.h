// The policy, and the clauses and lines of a journey.
#pragma once

#include "dsl/grammar_step.h"

namespace sojourn::dsl::grammar {

// --- Lines that policy and journeys share -----------------------------------------------

struct timezone
    : node<C::kTimezone, kw<K::kwTimezone>,
           need<"a zone such as `user.timeZone default \"Europe/Berlin\"` after `timezone`",
                expression>> {};
struct defer_or_drop : seq<need<"`defer up to` and how long, then `else drop`", kw<K::kwDefer>>,
                           need<"`up to` after `defer`", up_to>, need<"`else drop`", kw<K::kwElse>>,
                           need<"`drop` after `else`", kw<K::kwDrop>>> {};
struct quiet
    : node<C::kQuiet, kw<K::kwQuiet>,
           need<"`marketing`, a medium or a message type after `quiet`", name>,
           need<"a range of times such as `21:00..08:00`", time_of_day>,
           need<"`..` and the end of the range", sym<K::kDotDot>>,
           need<"the end of the range, such as `08:00`, after `..`", time_of_day>,
           star<sym<K::kComma>, need<"a weekday or the name of a list of dates after `,`", name>>,
           defer_or_drop> {};
struct rate
    : node<C::kRate, quantity, need<"`per` and a duration, such as `per 24h`", kw<K::kwPer>>,
           need<"a duration such as `24h` after `per`", duration>> {};
struct holdout : node<C::kHoldout, kw<K::kwHoldout>,
                      need<"a percentage such as `5%` after `holdout`", percent>> {};

// --- Policy -------------------------------------------------------------------------------

struct workday_end : need<"a weekday such as `friday`", weekday_day> {};
struct workdays : node<C::kWorkdays, kw<K::kwWorkdays>, workday_end,
                       need<"`..` between two weekdays", sym<K::kDotDot>>, workday_end,
                       opt<node<C::kExcept, kw<K::kwExcept>,
                                need<"the name of a list of dates after `except`", name>>>> {};
struct cap
    : node<C::kCap, kw<K::kwCap>, need<"`marketing`, a medium or a message type after `cap`", name>,
           need<"a rate such as `1 per 24h`", rate>,
           star<sym<K::kComma>, need<"another rate such as `3 per 7d` after `,`", rate>>,
           defer_or_drop> {};
struct policy_holdout : node<C::kHoldout, kw<K::kwHoldout>,
                             need<"a percentage such as `2%` after `holdout`", percent>,
                             need<"the name of the holdout after its share", name>> {};
struct require : node<C::kRequire, kw<K::kwRequire>,
                      need<"`owner`, `exit` or `goal` after `require`", comma_list<name>>> {};
struct forbid
    : node<C::kForbid, kw<K::kwForbid>, need<"`message_type` after `forbid`", kw<K::kwMessageType>>,
           need<"the name of a message type", name>, need<"why, in quotes", text>> {};
struct deadline : node<C::kDeadline, kw<K::kwDeadline>,
                       need<"a duration such as `3d` after `deadline`", duration>> {};
struct keep_history : node<C::kKeep, kw<K::kwKeep>, need<"the name of an event after `keep`", name>,
                           need<"`for` and how long, such as `for 90d`", kw<K::kwFor>>,
                           need<"a duration such as `90d` after `for`", duration>> {};

struct policy_region {
  static constexpr std::string_view expected = "a line of the policy or `}`";
  static constexpr std::array starters = {K::kwAllow,    K::kwTimezone, K::kwWorkdays, K::kwQuiet,
                                          K::kwCap,      K::kwHoldout,  K::kwRequire,  K::kwForbid,
                                          K::kwDeadline, K::kwKeep};
  static constexpr bool open = false;
};
struct policy
    : node<C::kPolicy, kw<K::kwPolicy>, need<"`{` after `policy`", at<sym<K::kOpenBrace>>>,
           braced<policy_region, allow, timezone, workdays, quiet, cap, policy_holdout, require,
                  forbid, deadline, keep_history>> {};

// --- Entry --------------------------------------------------------------------------------

struct date_offset : seq<node<C::kOperator, sor<sym<K::kPlus>, sym<K::kMinus>>>,
                         need<"a duration such as `7d`", duration>> {};
struct field_path : seq<at<any_name, sym<K::kDot>>, path> {};
struct enter_on_date : node<C::kEnterOnDate, field_path, opt<date_offset>, opt<at_time>> {};
struct enter_on
    : sor<node<C::kEnterOnApi, kw<K::kwApi>, not_at<sym<K::kDot>>, opt<fields>>,
          node<C::kEnterOnList, kw<K::kwList>, at<object_name>, name>,
          seq<not_at<ahead<trigger_source>>, enter_on_date>,
          node<C::kEnterOn, need<"an event, `user.FIELD`, `list` or `api` after `on`", trigger>>> {
};
struct for_segment : seq<need<"`for` and the name of a segment", kw<K::kwFor>>,
                         need<"the name of a segment after `for`", name>> {};
struct every_day : sor<node<C::kDay, node<C::kWord, sor<weekday, kw<K::kwDay>, kw<K::kwWorkday>>>>,
                       node<C::kDay, kw<K::kwMonth>, need<"`on day` after `month`", kw<K::kwOn>>,
                            need<"`day` after `on`", word<K::kwDay>>,
                            need<"a day of the month, 1 to 31", quantity>>> {};
struct enter_every
    : sor<node<C::kEnterOnDate, node<C::kEveryYear, kw<K::kwYear>>,
               need<"`on` after `every year`", kw<K::kwOn>>,
               need<"a date such as `user.birthday` after `on`", field_path>, opt<date_offset>,
               opt<at_time>>,
          node<C::kEnterEvery,
               need<"`day`, `workday`, a weekday, `month` or `year` after `every`", every_day>,
               need<"`at` and a time of day such as `at 09:00`", at_time>, for_segment>> {};
struct enter
    : seq<kw<K::kwEnter>,
          sor<seq<kw<K::kwOn>, enter_on>,
              node<C::kEnterWhen, kw<K::kwWhen>, need<"a condition after `when`", expression>>,
              seq<kw<K::kwEvery>, enter_every>,
              node<C::kEnterAt, kw<K::kwAt>, need<"a timestamp after `at`", expression>,
                   for_segment>,
              need<"`on`, `when`, `every` or `at` after `enter`", failure>>> {};

struct one_per
    : node<C::kOnePer, kw<K::kwOne>, need<"`per` after `one`", kw<K::kwPer>>,
           need<"a value such as `entry.accountId` after `one per`", comma_list<expression>>> {};
struct reenter
    : node<C::kReenter, kw<K::kwReenter>,
           need<"`never`, `always` or `after` and a duration",
                sor<word<K::kwNever, K::kwAlways>,
                    seq<word<K::kwAfter>, need<"a duration such as `90d` after `after`", duration>,
                        opt<up_to_times>>>>> {};
struct while_enrolled
    : node<C::kWhileEnrolled, kw<K::kwWhile>, need<"`enrolled` after `while`", kw<K::kwEnrolled>>,
           need<"`ignore`, `update` or `restart`", word<K::kwIgnore, K::kwUpdate, K::kwRestart>>,
           opt<up_to_times>> {};
struct pace : node<C::kPace, kw<K::kwPace>, need<"a rate such as `100 per 1h` after `pace`", rate>,
                   opt<up_to, need<"`else drop`", kw<K::kwElse>>,
                       need<"`drop` after `else`", kw<K::kwDrop>>>> {};

// --- Exit and goals -------------------------------------------------------------------------

struct exit_on : node<C::kExitOn, kw<K::kwExit>, kw<K::kwOn>,
                      need<"an event after `exit on`", trigger>, opt<as_name>> {};
struct exit_when
    : node<C::kExitWhen, kw<K::kwExit>, kw<K::kwWhen>,
           need<"a condition after `exit when`", expression>,
           opt<node<C::kFor, kw<K::kwFor>, need<"a duration such as `2d` after `for`", duration>>>,
           opt<as_name>> {};
struct goal
    : node<C::kGoal, kw<K::kwGoal>, need<"the name of the goal", name>,
           need<"`on` and an event", kw<K::kwOn>>, need<"an event after `on`", trigger>,
           need<"`within` and how long, such as `within 30d`", within>,
           opt<node<C::kValue, kw<K::kwValue>, need<"a value after `value`", expression>>>,
           opt<node<C::kAndExit, kw<K::kwAnd>, need<"`exit` after `and`", kw<K::kwExit>>>>> {};

// --- The rest ---------------------------------------------------------------------------------

struct owner
    : node<C::kOwner, kw<K::kwOwner>, need<"who answers for it, in quotes, after `owner`", text>> {
};
struct journey_data : node<C::kJourneyData, kw<K::kwData>, need<"`{` after `data`", map>> {};
struct priority : node<C::kPriority, kw<K::kwPriority>,
                       need<"`low`, `normal` or `high` after `priority`",
                            word<K::kwLow, K::kwNormal, K::kwHigh>>> {};
struct on_edit : node<C::kOnEdit, kw<K::kwOn>, need<"`edit` after `on`", kw<K::kwEdit>>,
                      need<"`follow` or `pin` after `on edit`", word<K::kwFollow, K::kwPin>>> {};

struct per : node<C::kPer, kw<K::kwPer>, need<"a duration such as `7d` after `per`", duration>> {};
struct at_most_sends
    : seq<kw<K::kwAt>, need<"`most` after `at`", kw<K::kwMost>>,
          need<"a count such as `4` after `at most`", quantity>, need<"`sends`", kw<K::kwSends>>> {
};
struct assertion
    : sor<node<C::kAssertAtMost, at_most_sends,
               opt<node<C::kOf, kw<K::kwOf>, need<"the name of a campaign after `of`", name>>>,
               opt<per>>,
          node<C::kAssertEnds, kw<K::kwEnds>,
               need<"`within` and how long, such as `within 60d`", within>>,
          node<C::kAssertNoSend, kw<K::kwNo>, need<"`send` after `no`", kw<K::kwSend>>,
               opt<not_at<kw<K::kwAfter>>, name>, need<"`after` and an event", kw<K::kwAfter>>,
               need<"an event after `after`", trigger>>,
          node<C::kAssertReaches, kw<K::kwReaches>,
               need<"the name of a step after `reaches`", step_ref>>,
          need<"`at most`, `ends within`, `no send` or `reaches` after `assert`", failure>> {};
struct assert_clause : seq<kw<K::kwAssert>, assertion> {};

struct arrow : need<"`->`", sym<K::kArrow>> {};
struct step_name : need<"the name of a step", step_ref> {};
struct moved : node<C::kMoved, kw<K::kwMoved>, step_name, arrow, step_name> {};
struct removed : node<C::kRemoved, kw<K::kwRemoved>, step_name, arrow,
                      need<"`exit` or the name of a step after `->`", sor<exit_step, step_ref>>> {};
struct retime : node<C::kRetime, kw<K::kwRetime>, step_name,
                     need<"`keep`, `recompute`, `earlier` or `later`",
                          word<K::kwKeep, K::kwRecompute, K::kwEarlier, K::kwLater>>> {};

struct clause
    : sor<owner, enter, one_per, reenter, while_enrolled, pace, exit_on, exit_when, goal, timezone,
          quiet, journey_data, priority, holdout, on_edit, assert_clause, moved, removed, retime> {
};

struct clause_word
    : word_list<K::kwOwner, K::kwEnter, K::kwOne, K::kwReenter, K::kwWhile, K::kwPace, K::kwGoal,
                K::kwTimezone, K::kwQuiet, K::kwData, K::kwPriority, K::kwHoldout, K::kwOn,
                K::kwAssert, K::kwMoved, K::kwRemoved, K::kwRetime> {};
struct journey_region {
  static constexpr std::string_view expected = "a clause, a step or `}`";
  static constexpr auto starters = [] {
    std::array<K, clause_word::kinds.size() + step_word::kinds.size()> all{};
    std::copy(step_word::kinds.begin(), step_word::kinds.end(),
              std::copy(clause_word::kinds.begin(), clause_word::kinds.end(), all.begin()));
    return all;
  }();
  static constexpr bool open = false;
};
struct journey_declaration
    : node<C::kJourney, kw<K::kwJourney>,
           header<"`{`", need<"the name of the journey", name>, opt<text>>,
           node<C::kBlock, braced<journey_region, allow, node<C::kClause, clause>, step>>> {};

}  // namespace sojourn::dsl::grammar
