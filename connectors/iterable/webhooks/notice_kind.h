// The kinds of notices: what Iterable's system webhooks tell of, one request for each thing
// that happened, of everybody in the project. Names as Iterable's help centre ("System
// Webhooks") and exports of its data have them. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "graph/catalog.h"

namespace sojourn::connectors::iterable {

// What a notice of a kind says.
enum class NoticeMeaning : std::uint8_t {
  kSent,      // the message has left Iterable
  kNotSent,   // Iterable had taken the message, and does not send it (…SendSkip)
  kReceived,  // it has come
  kOpened,
  kClicked,
  kBounced,
  kComplained,
  kUnsubscribed,  // from channels, message types or lists
  kSubscribed,    // to them
  kReplied,       // the person has written, by SMS or WhatsApp
  kOther,         // nothing that a journey could go by
};

struct NoticeKind {
  std::string_view event_name;
  NoticeMeaning meaning = NoticeMeaning::kOther;
  std::optional<graph::Medium> medium;  // nothing: of no medium that journeys send by
};

// Every kind that is documented.
std::span<const NoticeKind> notice_kinds();
// Null: none that is known. Names differ by case (`emailUnSubscribe`), so case is passed over.
const NoticeKind* find_notice_kind(std::string_view event_name);

}  // namespace sojourn::connectors::iterable
