#include "runtime/shard_input.h"

namespace sojourn::runtime {

std::string_view to_string(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kEmail:
      return "email";
    case Endpoint::kSms:
      return "sms";
    case Endpoint::kPush:
      return "push";
    case Endpoint::kWebPush:
      return "web_push";
    case Endpoint::kInApp:
      return "in_app";
    case Endpoint::kWhatsApp:
      return "whatsapp";
    case Endpoint::kUsersUpdate:
      return "users_update";
    case Endpoint::kEventsTrack:
      return "events_track";
    case Endpoint::kListsSubscribe:
      return "lists_subscribe";
    case Endpoint::kListsUnsubscribe:
      return "lists_unsubscribe";
    case Endpoint::kSubscriptions:
      return "subscriptions";
    case Endpoint::kDoubleOptIn:
      return "double_opt_in";
    case Endpoint::kSentMessages:
      return "sent_messages";
    case Endpoint::kUsersDelete:
      return "users_delete";
    case Endpoint::kUsersForget:
      return "users_forget";
  }
  return "unknown";
}

std::string_view to_string(JourneyCommand::What what) {
  switch (what) {
    case JourneyCommand::What::kPause:
      return "pause";
    case JourneyCommand::What::kResume:
      return "resume";
    case JourneyCommand::What::kDrain:
      return "drain";
    case JourneyCommand::What::kStop:
      return "stop";
  }
  return "unknown";
}

// A clock that runs goes without saying.
std::string words_of(const JourneyCommand& command) {
  std::string words(to_string(command.what));
  const bool freezes = command.what == JourneyCommand::What::kPause &&
                       command.clock == JourneyCommand::Clock::kFreeze;
  return freezes ? words + " --clock freeze" : words;
}

}  // namespace sojourn::runtime
