// Declarations, and a file made of them.
#pragma once

#include "dsl/grammar_journey.h"
#include "dsl/grammar_test_block.h"

namespace sojourn::dsl::grammar {

struct version_number : node<C::kId, sym<K::kInteger>> {};
struct language : node<C::kLanguage, kw<K::kwLanguage>,
                       need<"a version such as `1` after `language`", version_number>> {};

struct user : node<C::kUser, kw<K::kwUser>, need<"`{` with the fields", fields>> {};

struct id : opt<sym<K::kAssign>, need<"its number in Iterable after `=`",
                                      node<C::kId, sor<sym<K::kInteger>, sym<K::kBadNumber>>>>> {};

struct fan_out : node<C::kFanOut, kw<K::kwFor>, need<"`users` after `for`", kw<K::kwUsers>>,
                      need<"`where`", kw<K::kwWhere>>,
                      need<"a condition such as `user.accountId == event.accountId`", expression>,
                      need<"`up to` and a count, such as `up to 5000`", up_to_words>,
                      need<"a count such as `5000` after `up to`", quantity>> {};
struct event
    : node<C::kEvent, kw<K::kwEvent>, need<"the name of the event", name>,
           opt<sym<K::kAssign>, need<"the event's name in Iterable, in quotes, after `=`", text>>,
           opt<fields>, opt<fan_out>> {};

struct message_type
    : node<C::kMessageType, kw<K::kwMessageType>, need<"the name of the message type", name>, id,
           need<"`marketing` or `transactional`", word<K::kwMarketing, K::kwTransactional>>,
           need<"`opt_in`, `opt_out` or `double_opt_in`",
                word<K::kwOptIn, K::kwOptOut, K::kwDoubleOptIn>>,
           opt<node<C::kChannel, kw<K::kwChannel>,
                    need<"the number of its channel in Iterable after `channel`",
                         node<C::kId, sor<sym<K::kInteger>, sym<K::kBadNumber>>>>>>,
           opt<node<C::kDeprecated, kw<K::kwDeprecated>,
                    need<"why, in quotes, after `deprecated`", text>>>> {};

struct campaign_region {
  static constexpr std::string_view expected = "`data`, `delivery`, `once` or `}`";
  static constexpr std::array starters = {K::kwData, K::kwDelivery, K::kwOnce};
  static constexpr bool open = false;
};
struct campaign_line
    : sor<node<C::kData, kw<K::kwData>, need<"`{` with the fields", fields>>,
          node<C::kDelivery, kw<K::kwDelivery>,
               need<"`at_least_once` or `at_most_once`", word<K::kwAtLeastOnce, K::kwAtMostOnce>>>,
          node<C::kOnce, kw<K::kwOnce>>> {};
struct campaign
    : node<C::kCampaign, kw<K::kwCampaign>, need<"the name of the campaign", name>, id,
           need<"a medium: `email`, `sms`, `push`, `web_push`, `in_app` or `whatsapp`",
                word<K::kwEmail, K::kwSms, K::kwPush, K::kwWebPush, K::kwInApp, K::kwWhatsapp>>,
           need<"the name of a message type after the medium", name>,
           opt<braced<campaign_region, campaign_line>>> {};

struct list : node<C::kList, kw<K::kwList>, need<"the name of the list", name>, id> {};

struct webhook_region {
  static constexpr std::string_view expected =
      "`method`, `headers`, `secret`, `timeout`, `returns` or `}`";
  static constexpr std::array starters = {K::kwMethod, K::kwHeaders, K::kwSecret, K::kwTimeout,
                                          K::kwReturns};
  static constexpr bool open = false;
};
struct webhook_line
    : sor<node<C::kMethod, kw<K::kwMethod>, need<"a method such as `POST`", name>>,
          node<C::kHeaders, kw<K::kwHeaders>, need<"`{` with the headers", map>>,
          node<C::kSecret, kw<K::kwSecret>, need<"the name of a secret", name>>,
          node<C::kWebhookTimeout, kw<K::kwTimeout>,
               need<"a duration such as `5s` after `timeout`", duration>>,
          node<C::kReturns, kw<K::kwReturns>, need<"`{` with the fields", fields>>> {};
struct webhook : node<C::kWebhook, kw<K::kwWebhook>, need<"the name of the webhook", name>,
                      need<"`=` and the address, in quotes", sym<K::kAssign>>,
                      need<"the address, in quotes, after `=`", text>,
                      opt<braced<webhook_region, webhook_line>>> {};

struct segment : node<C::kSegment, kw<K::kwSegment>, need<"the name of the segment", name>,
                      need<"`=` and a condition", sym<K::kAssign>>,
                      need<"a condition after `=`", expression>> {};
struct constant_declaration : node<C::kConstant, kw<K::kwLet>, name_is_value> {};

struct parameter
    : node<C::kParameter, name, need<"`:` and the type of the parameter", sym<K::kColon>>,
           need<"a type such as `campaign` or `duration`", type>> {};
struct fragment : node<C::kFragment, kw<K::kwFragment>,
                       header<"`{` with the steps", need<"the name of the fragment", name>,
                              need<"`(`", sym<K::kOpenParen>>, opt<comma_list<parameter>>,
                              need<"`,` or `)`", sym<K::kCloseParen>>>,
                       block> {};

struct declaration_region {
  static constexpr std::string_view expected = "a declaration such as `journey` or `campaign`";
  static constexpr std::array starters = {
      K::kwAllow,    K::kwLanguage, K::kwUser,    K::kwEvent,   K::kwMessageType,
      K::kwCampaign, K::kwList,     K::kwWebhook, K::kwSegment, K::kwLet,
      K::kwFragment, K::kwPolicy,   K::kwJourney, K::kwTest};
  static constexpr bool open = false;
};
struct declaration
    : sor<allow, language, user, event, message_type, campaign, list, webhook, segment,
          constant_declaration, fragment, policy, journey_declaration, test_declaration> {};
struct file
    : node<C::kFile, star<not_at<eof>, guarded<declaration_region,
                                               sor<declaration, unexpected<declaration_region>>>>> {
};

}  // namespace sojourn::dsl::grammar
