// `test` blocks.
#pragma once

#include "dsl/grammar_journey.h"

namespace sojourn::dsl::grammar {

// --- What is given ----------------------------------------------------------------------

struct test_map : need<"`{`", map> {};
struct case_line : node<C::kCase, kw<K::kwCase>, need<"a name after `case`", name>, test_map> {};
struct at_line : node<C::kTestAt, kw<K::kwAt>, need<"a timestamp after `at`", expression>> {};
struct user_line : node<C::kTestUser, kw<K::kwUser>, test_map> {};
struct subscribed_line : node<C::kSubscribed, word<K::kwSubscribed, K::kwUnsubscribed>,
                              need<"the name of a message type", name>> {};
struct event_line
    : node<
          C::kTestEvent, kw<K::kwEvent>, need<"the name of an event after `event`", name>, opt<map>,
          star<sor<node<C::kForOtherUsers, kw<K::kwFor>,
                        need<"`other users` after `for`", kw<K::kwOther>>,
                        need<"`users` after `other`", kw<K::kwUsers>>>,
                   node<C::kLateBy, kw<K::kwArrives>, need<"`late by` and how much", kw<K::kwLate>>,
                        need<"`by` after `late`", kw<K::kwBy>>,
                        need<"a duration such as `2h` after `late by`", duration>>>>> {};
struct update_line : node<C::kTestUpdate, kw<K::kwUpdate>, test_map> {};
struct engagement_line : node<C::kTestEngagement, word<K::kwOpened, K::kwClicked, K::kwBounced>,
                              need<"the name of a campaign", name>> {};
struct assign_line
    : node<C::kAssign, kw<K::kwAssign>, need<"the name of a split after `assign`", name>,
           need<"the name of an arm", name>> {};
struct reply_line
    : node<C::kReply, kw<K::kwReply>, need<"the name of a webhook after `reply`", name>, test_map> {
};
struct fail_line : node<C::kFail, kw<K::kwFail>, need<"the name of a webhook after `fail`", name>> {
};
struct list_line
    : sor<node<C::kJoined, kw<K::kwJoined>, need<"the name of a list after `joined`", name>>,
          node<C::kLeft, kw<K::kwLeft>, need<"the name of a list after `left`", name>>> {};
struct enter_line : node<C::kTestEnter, kw<K::kwEnter>,
                         need<"the name of a journey after `enter`", name>, opt<map>> {};

// --- Time passes ----------------------------------------------------------------------------

struct after_line
    : node<C::kAfter, kw<K::kwAfter>, need<"a duration such as `3d` after `after`", duration>> {};
struct until_line
    : node<C::kTestUntil, kw<K::kwUntil>, need<"a timestamp after `until`", expression>> {};
struct to_the_end_line : node<C::kToTheEnd, kw<K::kwTo>, need<"`the end` after `to`", kw<K::kwThe>>,
                              need<"`end` after `to the`", kw<K::kwEnd>>> {};

// --- What is expected -------------------------------------------------------------------------

struct test_word : word_list<K::kwCase, K::kwAt, K::kwUser, K::kwSubscribed, K::kwUnsubscribed,
                             K::kwEvent, K::kwUpdate, K::kwOpened, K::kwClicked, K::kwBounced,
                             K::kwAssign, K::kwReply, K::kwFail, K::kwJoined, K::kwLeft, K::kwEnter,
                             K::kwAfter, K::kwUntil, K::kwTo, K::kwExpect, K::kwAlways> {};
// The line after `expect exit`: its first word is not the reason.
struct next_line
    : sor<seq<kw<K::kwAt, K::kwUntil>, sor<sym<K::kTimestamp>, seq<any_name, sym<K::kDot>>>>,
          seq<kw<K::kwUser, K::kwUpdate>, sym<K::kOpenBrace>>,
          seq<kw<K::kwAfter>,
              sor<sym<K::kDuration>, sym<K::kIdentifier>, seq<any_name, sym<K::kDot>>>>,
          seq<kw<K::kwTo>, kw<K::kwThe>>, seq<kw<K::kwAlways>, kw<K::kwAt, K::kwNot>>,
          seq<kw<K::kwExpect>, any_name>,
          seq<kw<K::kwCase, K::kwSubscribed, K::kwUnsubscribed, K::kwEvent, K::kwOpened,
                 K::kwClicked, K::kwBounced, K::kwAssign, K::kwReply, K::kwFail, K::kwJoined,
                 K::kwLeft, K::kwEnter>,
              not_at<test_word>, any_name>> {};

struct expectation
    : sor<node<C::kExpectSend, kw<K::kwSend>, need<"the name of a campaign after `send`", name>,
               opt<map>,
               opt<node<C::kFromJourney, kw<K::kwFrom>,
                        need<"the name of a journey after `from`", name>>>>,
          node<C::kExpectSkip, kw<K::kwSkip>, need<"the name of a campaign after `skip`", name>,
               need<"`as` and the reason", as_name>>,
          node<C::kExpectUpdate, kw<K::kwUpdate>, test_map>,
          node<C::kExpectTrack, kw<K::kwTrack>, need<"the name of an event after `track`", name>,
               opt<map>>,
          node<C::kExpectAt, kw<K::kwAt>, need<"the name of a step after `at`", step_ref>>,
          node<C::kExpectExit, kw<K::kwExit>, opt<not_at<next_line>, name>>,
          node<C::kExpectIn, kw<K::kwIn>, need<"the name of a journey after `in`", name>>,
          node<C::kExpectNotIn, kw<K::kwNot>, need<"`in` after `not`", kw<K::kwIn>>,
               need<"the name of a journey after `in`", name>>,
          node<C::kExpectGoal, kw<K::kwGoal>, need<"the name of a goal after `goal`", name>>,
          need<"`send`, `skip`, `update`, `track`, `at`, `exit`, `in`, `not in` or `goal` after "
               "`expect`",
               failure>> {};
struct always : sor<node<C::kAlwaysAtMost, at_most_sends, need<"`per` and a duration", per>>,
                    node<C::kAlwaysNotSend, kw<K::kwNot>, need<"`send` after `not`", kw<K::kwSend>>,
                         need<"the name of a campaign after `send`", name>>,
                    need<"`at most` or `not send` after `always`", failure>> {};

struct test_region {
  static constexpr std::string_view expected = "a line of the test or `}`";
  static constexpr auto& starters = test_word::kinds;
  static constexpr bool open = false;
};
struct test_line
    : sor<case_line, at_line, user_line, subscribed_line, event_line, update_line, engagement_line,
          assign_line, reply_line, fail_line, list_line, enter_line, after_line, until_line,
          to_the_end_line, seq<kw<K::kwExpect>, expectation>, seq<kw<K::kwAlways>, always>> {};
struct test_declaration
    : node<C::kTest, kw<K::kwTest>,
           header<"`{`", need<"the name of a journey after `test`", name>,
                  need<"what is shown, in quotes", text>>,
           node<C::kBlock, braced<test_region, node<C::kTestLine, test_line>>>> {};

}  // namespace sojourn::dsl::grammar
