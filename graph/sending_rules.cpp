#include "graph/sending_rules.h"

#include <algorithm>

namespace sojourn::graph {

std::string_view to_string(Medium medium) {
  switch (medium) {
    case Medium::kEmail:
      return "email";
    case Medium::kSms:
      return "sms";
    case Medium::kPush:
      return "push";
    case Medium::kWebPush:
      return "web_push";
    case Medium::kInApp:
      return "in_app";
    case Medium::kWhatsApp:
      return "whatsapp";
  }
  return "";
}

std::string_view to_string(Priority priority) {
  switch (priority) {
    case Priority::kLow:
      return "low";
    case Priority::kNormal:
      return "normal";
    case Priority::kHigh:
      return "high";
  }
  return "";
}

bool covers(const SendScope& scope, const MessageKind& kind) {
  switch (scope.kind) {
    case SendScope::Kind::kMarketing:
      return kind.marketing;
    case SendScope::Kind::kMedium:
      return kind.medium == scope.medium;
    case SendScope::Kind::kMessageType:
      return kind.message_type == scope.message_type;
  }
  return false;
}

std::string_view to_string(const SendScope& scope) {
  switch (scope.kind) {
    case SendScope::Kind::kMarketing:
      return "marketing";
    case SendScope::Kind::kMedium:
      return to_string(scope.medium);
    case SendScope::Kind::kMessageType:
      return scope.message_type;
  }
  return "";
}

base::Millis SendingRules::counted_for(const MessageKind& kind) const {
  base::Millis longest;
  for (const SendCap& cap : caps) {
    if (!covers(cap.scope, kind)) continue;
    for (const CapRate& rate : cap.rates) longest = std::max(longest, rate.per);
  }
  return longest;
}

}  // namespace sojourn::graph
