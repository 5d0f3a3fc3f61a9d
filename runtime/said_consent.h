// What notices and calls say of consent, and of addresses that cannot be written to, as fields of
// the profile. Notices come late, twice and in any order, so what was said last is kept for each
// message type and channel, by when it happened and not by when it came. Pure.
//
// - A no holds unless a later notice has said yes.
// - A yes holds only if it happened after everything that is known to say no; a no that somebody
//   else has written into the profile is as late as the writing.
// - At one instant, no wins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "graph/catalog.h"
#include "graph/value.h"
#include "runtime/user_head.h"

namespace sojourn::runtime {

// Message types and channels of whose last word a profile keeps the time; the oldest go first.
inline constexpr std::size_t kMaxSaidIds = 1'000;

struct SaidConsent {
  bool subscribes = false;
  std::vector<std::int64_t> channels;
  std::vector<std::int64_t> message_types;
  base::Instant at;  // when it was said
  // By a sender's own call, which has just come: it is later than all that came before it, in
  // the same instant, too.
  bool is_last = false;
};
// The fields that change, to be set at `now`, those that nobody reads but this file included;
// empty: it is no news.
std::vector<graph::Field> with_said(const UserHead& head, const SaidConsent& said,
                                    base::Instant now);
// Whether one of them has more ids than are kept (kMaxSaidIds).
bool holds_too_many_ids(const std::vector<graph::Field>& fields);
// Whether what messages need consent for changes with these fields.
bool changes_consent(const std::vector<graph::Field>& fields);

// Why somebody cannot be written to by a medium (graph::kSuppressed).
struct Suppression {
  graph::Medium medium = graph::Medium::kEmail;
  std::string_view reason;  // empty: they can be written to again
  std::string address;      // of which it was said; empty: whatever it is
  base::Instant at;         // when it was said
};
// The field as it reads then; nothing: it is no news, or something later was said.
std::optional<graph::Value> with_suppression(const UserHead& head, const Suppression& said);

// The same without what is said of other email addresses than `email`; nothing: nothing is.
std::optional<graph::Value> without_other_addresses(const UserHead& head, std::string_view email);

}  // namespace sojourn::runtime
