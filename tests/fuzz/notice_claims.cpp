#include <algorithm>
#include <fmt/format.h>
#include <simdjson.h>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "connectors/iterable/webhooks/notice_consent.h"
#include "connectors/iterable/webhooks/notice_reader.h"
#include "runtime/intake_words.h"
#include "runtime/notice_intake.h"
#include "tests/fuzz/claims.h"

namespace sojourn::fuzz {
namespace {

using connectors::iterable::Notice;
using connectors::iterable::NoticeReader;
using Read = tl::expected<Notice, std::string>;

// Of what a sender of nonsense is told, in bytes: their own words are in it, cut.
constexpr std::size_t kMaxRefusal = 700;

void check_text(std::string_view text) {
  SOJOURN_CHECK(!base::first_invalid_utf8(text), "text is UTF-8");
}

void check_kept(std::string_view text) {
  SOJOURN_CHECK(text.size() <= connectors::iterable::kMaxNoticeText, "a kept text is cut");
  check_text(text);
}

void check_ids(std::vector<std::int64_t> ids) {
  SOJOURN_CHECK(ids.size() <= connectors::iterable::kMaxNoticeIds, "ids are within their limit");
  std::ranges::sort(ids);
  SOJOURN_CHECK(std::ranges::adjacent_find(ids) == ids.end(), "no id is listed twice");
}

void check_notice(const Notice& notice) {
  SOJOURN_CHECK(!notice.event_name.empty(), "a notice has a name");
  for (const auto* text : {&notice.event_name, &notice.message_id, &notice.url,
                           &notice.recipient_state, &notice.source, &notice.reason, &notice.text}) {
    check_kept(*text);
  }
  check_text(notice.email);
  check_text(notice.user_id);
  SOJOURN_CHECK(base::lower_ascii(notice.email) == notice.email, "an email is in lower case");
  SOJOURN_CHECK(!notice.email.ends_with("@placeholder.email"), "nobody has a placeholder");
  check_ids(notice.channel_ids);
  check_ids(notice.message_type_ids);
  SOJOURN_CHECK(!notice.created_at || *notice.created_at <= base::kNever,
                "a time is one of those that are kept");
  SOJOURN_CHECK(notice.message_id.empty() || notice.natural_key,
                "what names a message is recognised when it comes again");
}

void check_consent(const Notice& notice) {
  using namespace connectors::iterable;
  for (const std::optional<std::int64_t> declared : {std::optional<std::int64_t>(), {31}}) {
    const ConsentGroups groups = groups_of(notice, declared);
    SOJOURN_CHECK(groups.channels.size() <= kMaxNoticeIds + 1, "channels are within their limit");
    SOJOURN_CHECK(groups.message_types.size() <= kMaxNoticeIds + 1, "types are within their limit");
    SOJOURN_CHECK(!counts_later(notice, declared) || must_name_somebody(notice),
                  "what counts for somebody later is about somebody");
  }
  SOJOURN_CHECK(!says_stop(notice) || !says_start(notice), "nobody says stop and start at once");
}

void check_request(const Notice& notice) {
  const auto request = runtime::notice_request(notice);
  if (!request) {
    check_text(request.error());
    SOJOURN_CHECK(!request.error().empty() && request.error().size() <= kMaxRefusal,
                  "a refusal is said in few words");
    return;
  }
  SOJOURN_CHECK(request->items.size() == 1, "a notice is one item");
  const auto& item = std::get<runtime::IntakeNotice>(request->items[0]);
  SOJOURN_CHECK(item.notice != nullptr, "an item has its notice");
  const bool named = item.person.email || item.person.user_id;
  SOJOURN_CHECK(named || !connectors::iterable::must_name_somebody(notice),
                "what must name somebody does");
  SOJOURN_CHECK(!item.person.email || runtime::well_formed_email(*item.person.email),
                "an email is well-formed");
  SOJOURN_CHECK(!item.person.user_id || runtime::well_formed_user_id(*item.person.user_id),
                "a userId is well-formed");
}

std::string told(const Read& read) {
  if (!read) return "! " + read.error();
  const Notice& n = *read;
  return fmt::format("{} {} {}|{} @{} {} {} {} {}|{} [{}] [{}] {} {} {} {} {} {} {}", n.event_name,
                     n.kind == nullptr ? "-" : n.kind->event_name, n.email, n.user_id,
                     n.created_at ? n.created_at->millis : -1, n.campaign_id.value_or(-1),
                     n.message_id, n.message_key ? n.message_key->hex() : "-",
                     n.message_type_id.value_or(-1), n.channel_id.value_or(-1),
                     fmt::join(n.channel_ids, ","), fmt::join(n.message_type_ids, ","), n.url,
                     n.recipient_state, n.source, n.reason, n.text, n.is_bot,
                     n.natural_key ? n.natural_key->hex() : "-");
}

}  // namespace

void hold_notice_claims(std::string_view body) {
  // Kept from input to input, as the daemon keeps its own.
  static NoticeReader kept;
  const Read read = kept.read(body);
  NoticeReader fresh;
  SOJOURN_CHECK(told(fresh.read(body)) == told(read), "the notice before changes nothing");
  if (!read) {
    check_text(read.error());
    SOJOURN_CHECK(!read.error().empty(), "a refusal says why");
    return;
  }
  check_notice(*read);
  check_consent(*read);
  check_request(*read);
  std::string dense(body.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t size = 0;
  SOJOURN_CHECK(simdjson::minify(body.data(), body.size(), dense.data(), size) == simdjson::SUCCESS,
                "what was read is JSON");
  SOJOURN_CHECK(told(kept.read({dense.data(), size})) == told(read), "white space changes nothing");
}

}  // namespace sojourn::fuzz
