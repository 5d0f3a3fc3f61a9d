// When messages may leave, as the policy and a journey's `quiet` say (language 5 and 7).
// The policy's rules are no part of a journey's version: a change of them counts at
// once, for those who are inside too. Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "graph/value.h"

namespace sojourn::graph {

enum class Medium : std::uint8_t { kEmail, kSms, kPush, kWebPush, kInApp, kWhatsApp };
inline constexpr std::array kMedia{Medium::kEmail,   Medium::kSms,   Medium::kPush,
                                   Medium::kWebPush, Medium::kInApp, Medium::kWhatsApp};
std::string_view to_string(Medium medium);

// What the rules ask of a message.
struct MessageKind {
  Medium medium = Medium::kEmail;
  bool marketing = true;
  std::string message_type;
  friend bool operator==(const MessageKind&, const MessageKind&) = default;
};

// `marketing`, a medium or a message type. A medium means its transactional messages too.
struct SendScope {
  enum class Kind : std::uint8_t { kMarketing, kMedium, kMessageType };
  Kind kind = Kind::kMarketing;
  Medium medium = Medium::kEmail;  // kMedium
  std::string message_type;        // kMessageType
  friend bool operator==(const SendScope&, const SendScope&) = default;
};
bool covers(const SendScope& scope, const MessageKind& kind);
// As an author writes it.
std::string_view to_string(const SendScope& scope);

// Of a journey: whose message goes first when a cap has room for one.
enum class Priority : std::uint8_t { kLow, kNormal, kHigh };
std::string_view to_string(Priority priority);

inline constexpr std::size_t kMaxQuietDates = 1'000;

// `quiet SCOPE 21:00..08:00, sunday, HOLIDAYS defer up to D else drop`, by the clock of
// the person.
struct QuietHours {
  SendScope scope;
  TimeOfDay from;             // in
  TimeOfDay to;               // out; earlier than `from`: it crosses midnight; never `from`
  std::uint8_t weekdays = 0;  // quiet all day: bit 0 is Monday; never all seven
  std::vector<Date> dates;    // quiet all day: sorted, none twice
  base::Millis defer_up_to;   // from the first attempt
  friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

// So many sends a cap can count.
inline constexpr std::uint32_t kMaxCappedSends = 100;

struct CapRate {
  std::uint32_t most = 1;
  base::Millis per;  // a send is outside again exactly so long after it
};

// `cap SCOPE N per D, N per D defer up to D else drop`, over all journeys of a user.
struct SendCap {
  SendScope scope;
  std::vector<CapRate> rates;
  base::Millis defer_up_to;  // from the first attempt
};

// `holdout 2% NAME`: so many people are sent no marketing message by any journey.
struct GlobalHoldout {
  std::string name;
  std::uint32_t share = 0;  // in hundredths of a percent
};

struct SendingRules {
  std::vector<QuietHours> quiet;
  std::vector<SendCap> caps;
  std::vector<GlobalHoldout> holdouts;
  // `deadline D`: what is to leave is given up so long after it was planned. A send has its
  // own beside it, which the text or this gave it.
  base::Millis deadline = base::days24(3);

  // How long a message of this kind counts for some cap; nothing: none counts it.
  base::Millis counted_for(const MessageKind& kind) const;
};

}  // namespace sojourn::graph
