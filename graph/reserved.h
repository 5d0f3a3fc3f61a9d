// Names that belong to Sojourn inside data of the author's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sojourn::graph {

// The field of a message's data that carries its key, in every medium, so that a
// message found at the provider can be matched with its delivery. A campaign's
// data contract and a send's `with` may not use the name.
inline constexpr std::string_view kMessageKeyField = "sojournMessageKey";

// Events that no sender sends: what starts a journey, or what a trigger looks out
// for, beside declared events. They have a space, which no declared name has.

// Somebody is put into `journey` by the API, or by a step `start`. Its fields are
// those of the journey's `enter on api`.
std::string api_event(std::string_view journey);
// The journey of such an event; empty when it is another.
std::string_view journey_of_api_event(std::string_view event);
// The `number`-th entry of `journey` that people are watched for (graph::WatchedEntry)
// has come.
std::string watch_event(std::string_view journey, std::size_t number);
bool is_watch_event(std::string_view event);
// The user joined `list`.
std::string list_event(std::string_view list);
// The user left `list`. No trigger looks out for it, but watched conditions may follow
// from it.
std::string left_list_event(std::string_view list);
// An enrollment of theirs in `journey` has begun, or one has ended; the second of the two
// ends says for which reason. No trigger looks out for them, but watched conditions may
// follow from them.
std::string joined_journey_event(std::string_view journey);
std::string left_journey_event(std::string_view journey);
std::string left_journey_event(std::string_view journey, std::string_view reason);
// The profile field `field` reads otherwise than before. Fields `from` and `to`,
// each absent where the field was, or is, missing.
std::string change_event(std::string_view field);
inline constexpr std::string_view kChangedFrom = "from";
inline constexpr std::string_view kChangedTo = "to";

}  // namespace sojourn::graph
