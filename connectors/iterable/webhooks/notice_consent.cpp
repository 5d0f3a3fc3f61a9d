#include "connectors/iterable/webhooks/notice_consent.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace sojourn::connectors::iterable {
namespace {

constexpr std::string_view kHardBounce = "HardBounce";
constexpr std::array<std::string_view, 6> kStopWords{"cancel", "end",     "quit",
                                                     "stop",   "stopall", "unsubscribe"};
constexpr std::array<std::string_view, 2> kStartWords{"start", "unstop"};

std::string_view word_of(const Notice& notice) {
  const auto text = std::string_view(notice.text);
  const std::size_t begin = text.find_first_not_of(" \t\r\n.!");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n.!") - begin + 1);
}

NoticeMeaning meaning_of(const Notice& notice) {
  return notice.kind == nullptr ? NoticeMeaning::kOther : notice.kind->meaning;
}

template <typename Words>
bool has_written(const Notice& notice, const Words& words) {
  if (meaning_of(notice) != NoticeMeaning::kReplied) return false;
  return std::ranges::find(words, base::lower_ascii(word_of(notice))) != words.end();
}

ConsentGroups group_of_message(const Notice& notice, std::optional<std::int64_t> declared) {
  if (notice.message_type_id) return {{}, {*notice.message_type_id}};
  if (declared) return {{}, {*declared}};
  if (notice.channel_id) return {{*notice.channel_id}, {}};
  return {};
}

}  // namespace

ConsentGroups groups_of(const Notice& notice, std::optional<std::int64_t> declared) {
  const ConsentGroups listed{notice.channel_ids, notice.message_type_ids};
  switch (meaning_of(notice)) {
    case NoticeMeaning::kSubscribed:
      return listed;
    case NoticeMeaning::kUnsubscribed:
      if (!listed.empty() || is_hard_bounce(notice)) return listed;
      return group_of_message(notice, declared);
    case NoticeMeaning::kComplained:
      return group_of_message(notice, declared);
    default:
      return {};
  }
}

bool is_hard_bounce(const Notice& notice) {
  return notice.kind != nullptr && notice.kind->medium == graph::Medium::kEmail &&
         (notice.recipient_state == kHardBounce || notice.source == kHardBounce);
}

bool says_stop(const Notice& notice) {
  return has_written(notice, kStopWords);
}

bool says_start(const Notice& notice) {
  return has_written(notice, kStartWords);
}

bool counts_later(const Notice& notice, std::optional<std::int64_t> declared) {
  switch (meaning_of(notice)) {
    case NoticeMeaning::kUnsubscribed:
    case NoticeMeaning::kBounced:
    case NoticeMeaning::kSubscribed:
      return is_hard_bounce(notice) || !groups_of(notice, declared).empty();
    case NoticeMeaning::kComplained:
      return true;
    case NoticeMeaning::kReplied:
      return says_stop(notice);
    default:
      return false;
  }
}

bool must_name_somebody(const Notice& notice) {
  switch (meaning_of(notice)) {
    case NoticeMeaning::kUnsubscribed:
    case NoticeMeaning::kBounced:
    case NoticeMeaning::kSubscribed:
    case NoticeMeaning::kComplained:
      return true;
    default:
      return says_stop(notice) || says_start(notice);
  }
}

}  // namespace sojourn::connectors::iterable
