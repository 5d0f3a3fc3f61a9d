#include "connectors/iterable/webhooks/notice_kind.h"

#include <algorithm>
#include <array>

namespace sojourn::connectors::iterable {
namespace {

using M = NoticeMeaning;
using graph::Medium;

// A hosted unsubscribe click is no opt-out yet: where it becomes one, an emailUnSubscribe says so.
// An uninstall is of one device among several.
constexpr auto kKinds = std::to_array<NoticeKind>({
    {"emailSend", M::kSent, Medium::kEmail},
    {"emailOpen", M::kOpened, Medium::kEmail},
    {"emailClick", M::kClicked, Medium::kEmail},
    {"emailBounce", M::kBounced, Medium::kEmail},
    {"emailComplaint", M::kComplained, Medium::kEmail},
    {"emailSendSkip", M::kNotSent, Medium::kEmail},
    {"emailSubscribe", M::kSubscribed, Medium::kEmail},
    {"emailUnSubscribe", M::kUnsubscribed, Medium::kEmail},
    {"hostedUnsubscribeClick", M::kOther, Medium::kEmail},
    {"pushSend", M::kSent, Medium::kPush},
    {"pushOpen", M::kOpened, Medium::kPush},
    {"pushBounce", M::kBounced, Medium::kPush},
    {"pushUninstall", M::kOther, Medium::kPush},
    {"pushSendSkip", M::kNotSent, Medium::kPush},
    {"smsSend", M::kSent, Medium::kSms},
    {"smsReceived", M::kReplied, Medium::kSms},
    {"smsClick", M::kClicked, Medium::kSms},
    {"smsBounce", M::kBounced, Medium::kSms},
    {"smsSendSkip", M::kNotSent, Medium::kSms},
    {"inAppSend", M::kSent, Medium::kInApp},
    {"inAppOpen", M::kOpened, Medium::kInApp},
    {"inAppClick", M::kClicked, Medium::kInApp},
    {"inAppDelete", M::kOther, Medium::kInApp},
    {"inAppRecall", M::kOther, Medium::kInApp},
    {"inAppSendSkip", M::kNotSent, Medium::kInApp},
    {"webPushSend", M::kSent, Medium::kWebPush},
    {"webPushClick", M::kClicked, Medium::kWebPush},
    {"webPushSendSkip", M::kNotSent, Medium::kWebPush},
    {"whatsAppSend", M::kSent, Medium::kWhatsApp},
    {"whatsAppReceived", M::kReplied, Medium::kWhatsApp},
    {"whatsAppSeen", M::kOpened, Medium::kWhatsApp},
    {"whatsAppClick", M::kClicked, Medium::kWhatsApp},
    {"whatsAppBounce", M::kBounced, Medium::kWhatsApp},
    {"whatsAppSendSkip", M::kNotSent, Medium::kWhatsApp},
    {"embeddedClick", M::kClicked, std::nullopt},
    {"embeddedImpression", M::kOpened, std::nullopt},
    {"embeddedReceived", M::kReceived, std::nullopt},
    {"embeddedSession", M::kOther, std::nullopt},
    {"journeyExit", M::kOther, std::nullopt},
});

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::span<const NoticeKind> notice_kinds() {
  return kKinds;
}

const NoticeKind* find_notice_kind(std::string_view event_name) {
  const auto* found = std::ranges::find_if(kKinds, [&](const NoticeKind& kind) {
    return std::ranges::equal(kind.event_name, event_name, {}, lower, lower);
  });
  return found == kKinds.end() ? nullptr : found;
}

}  // namespace sojourn::connectors::iterable
