// What of somebody else's is what of ours: Iterable's workflows, purchases and carts, the names
// of a sender's own form of events. From sojourn.toml ([intake]); a value.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"

namespace sojourn::runtime {

class Program;

// Whether what comes by Iterable's own paths goes on to Iterable.
enum class ForwardMode : std::uint8_t {
  kOff,    // it ends here
  kAsk,    // Iterable is asked first; what it takes is taken
  kQueue,  // it is taken, and leaves later, in order for each user
};

// Where an event of POST /v1/events has what. A place is a path of names with dots between:
// "data.user.email"; empty: nowhere.
struct EventShape {
  std::string items;  // the list of events; empty: the body itself, a list or one event
  std::string name = "event";
  std::string email = "email";
  std::string user_id = "userId";
  std::string id = "id";
  std::string created_at = "createdAt";  // Unix time, or an RFC 3339 text
  std::string fields = "data";           // an object; empty: the event itself
};

struct IntakeMapping {
  // By the id that a workflow has in Iterable: the journey that people enter by
  // `enter on api`. Such a call never goes on: the journey has taken the workflow's place.
  std::map<std::int64_t, std::string> workflows;
  // The declared events that they become. A default that is not declared is noted in the user's
  // log and does nothing else; one that sojourn.toml names is declared.
  std::string purchase_event = "purchase";
  std::string cart_event = "cart_updated";
  bool names_purchase_event = false;
  bool names_cart_event = false;
  // Segment's: whether an anonymousId is a userId as any other. Otherwise what has no other name
  // is left out.
  bool anonymous_is_user_id = false;
  EventShape events;
};

// kInvalid, naming the key, where a journey has no `enter on api`, or an event is not declared.
base::Status check_mapping(const IntakeMapping& mapping, const Program& program);

}  // namespace sojourn::runtime
