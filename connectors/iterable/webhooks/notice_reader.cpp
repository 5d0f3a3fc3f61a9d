#include "connectors/iterable/webhooks/notice_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "base/text.h"
#include "connectors/message_key.h"

namespace sojourn::connectors::iterable {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kBlank = " \t\r\n";

// Nothing unless it is there and a string.
std::optional<std::string_view> text_of(const object& fields, std::string_view name) {
  std::string_view text;
  if (fields[name].get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

// The first that is there and not empty.
std::string_view first_text(const object& fields, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto text = text_of(fields, name); text && !text->empty()) return *text;
  }
  return {};
}

// Cut where a character of UTF-8 begins.
std::string kept(std::string_view text) {
  if (text.size() <= kMaxNoticeText) return std::string(text);
  std::size_t end = kMaxNoticeText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

// Ids come as numbers, and in some exports as texts.
std::optional<std::int64_t> integer_of(const element& value) {
  std::int64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> integer_of(const object& fields, std::string_view name) {
  element value;
  if (fields[name].get(value) != simdjson::SUCCESS) return std::nullopt;
  return integer_of(value);
}

std::vector<std::int64_t> ids_of(const object& fields, std::string_view name) {
  std::vector<std::int64_t> ids;
  simdjson::dom::array array;
  if (fields[name].get(array) != simdjson::SUCCESS) return ids;
  for (const element& each : array) {
    if (ids.size() == kMaxNoticeIds) break;
    const auto id = integer_of(each);
    if (id && std::ranges::find(ids, *id) == ids.end()) ids.push_back(*id);
  }
  return ids;
}

// `2026-03-01 10:15:00 +00:00`, RFC 3339, or Unix time in seconds or milliseconds: what lies after
// the year 5138 as seconds is read as milliseconds.
std::optional<base::Instant> instant_of(const object& fields, std::string_view name) {
  constexpr std::int64_t kLastSeconds = 100'000'000'000;
  element value;
  if (fields[name].get(value) != simdjson::SUCCESS) return std::nullopt;
  std::int64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) {
    if (number < 0 || number > base::kNever.millis) return std::nullopt;
    return base::Instant{number < kLastSeconds ? number * 1000 : number};
  }
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  return base::parse_timestamp(text);
}

std::optional<base::Hash128> key_in(const object& fields) {
  const auto text = text_of(fields, kMessageKeyField);
  return text ? base::Hash128::from_hex(*text) : std::nullopt;
}

// Data that the message was given come back as an object or as the text of one.
std::optional<base::Hash128> key_in(const object& fields, std::string_view name) {
  object data;
  if (fields[name].get(data) == simdjson::SUCCESS) return key_in(data);
  const auto text = text_of(fields, name);
  if (!text || text->find(kMessageKeyField) == std::string_view::npos) return std::nullopt;
  simdjson::dom::parser parser(text->size());
  if (parser.allocate(text->size(), kMaxNoticeDepth) != simdjson::SUCCESS) return std::nullopt;
  if (parser.parse(text->data(), text->size()).get(data) != simdjson::SUCCESS) return std::nullopt;
  return key_in(data);
}

bool is_placeholder(std::string_view email) {
  return email.ends_with("@placeholder.email");
}

std::string_view without(std::string_view text, std::string_view front, std::string_view back) {
  const std::size_t begin = text.find_first_not_of(front);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(back) - begin + 1);
}

// A userId may begin with a space.
void read_person(const object& body, const object& data, Notice& notice) {
  for (const object& fields : {body, data}) {
    if (notice.email.empty()) {
      notice.email = base::lower_ascii(without(first_text(fields, {"email"}), kBlank, kBlank));
    }
    if (notice.user_id.empty()) {
      notice.user_id = without(first_text(fields, {"userId"}), kBlank.substr(1), kBlank);
    }
  }
  if (is_placeholder(notice.email)) notice.email.clear();
}

void read_data(const object& data, Notice& notice) {
  notice.created_at = instant_of(data, "createdAt");
  notice.campaign_id = integer_of(data, "campaignId");
  notice.message_type_id = integer_of(data, "messageTypeId");
  notice.channel_id = integer_of(data, "channelId");
  notice.message_id = kept(first_text(data, {"messageId"}));
  notice.message_key = key_in(data);
  for (const std::string_view place : {"metadata", "transactionalData"}) {
    if (!notice.message_key) notice.message_key = key_in(data, place);
  }
  notice.channel_ids = ids_of(data, "channelIds");
  notice.message_type_ids = ids_of(data, "messageTypeIds");
  notice.url = kept(first_text(data, {"url", "clickedUrl", "linkUrl", "embeddedTargetUrl"}));
  notice.recipient_state = kept(first_text(data, {"recipientState"}));
  notice.source = kept(first_text(data, {"unsubSource"}));
  notice.reason = kept(first_text(data, {"reason"}));
  notice.text = kept(first_text(data, {"smsMessage", "whatsAppBodyField"}));
  if (data["isBot"].get(notice.is_bot) != simdjson::SUCCESS) notice.is_bot = false;
}

// Each part with its length, so that no two lists of parts read the same.
void add_part(std::string& parts, std::string_view part) {
  parts += fmt::format("{}:{}", part.size(), part);
}

std::string minified(const object& data, std::string_view name) {
  element value;
  if (data[name].get(value) != simdjson::SUCCESS || value.is_null()) return {};
  return simdjson::minify(value);
}

std::optional<base::Hash128> natural_key(const Notice& notice, const object& data) {
  const std::string created = minified(data, "createdAt");
  if (notice.message_id.empty() && created.empty()) return std::nullopt;
  std::string parts;
  for (const std::string_view part :
       {std::string_view(notice.event_name), std::string_view(notice.message_id),
        std::string_view(notice.email), std::string_view(notice.user_id),
        std::string_view(created)}) {
    add_part(parts, part);
  }
  for (const std::string_view name :
       {"url", "clickedUrl", "hrefIndex", "channelIds", "messageTypeIds", "emailListIds",
        "userListIds", "smsMessage", "whatsAppBodyField", "workflowId"}) {
    add_part(parts, minified(data, name));
  }
  return base::stable_hash128(parts);
}

}  // namespace

tl::expected<Notice, std::string> NoticeReader::read(std::string_view body) {
  if (body.size() > kMaxNoticeBytes) {
    return tl::unexpected(fmt::format("at most {} bytes expected", kMaxNoticeBytes));
  }
  // Of nothing there may be no address either, which the parser would copy from.
  if (body.empty()) return tl::unexpected(std::string("a JSON object expected"));
  if (parser_.capacity() < kMaxNoticeBytes &&
      parser_.allocate(kMaxNoticeBytes, kMaxNoticeDepth) != simdjson::SUCCESS) {
    return tl::unexpected(std::string("there is no memory to read it"));
  }
  object fields;
  const auto error = parser_.parse(body.data(), body.size()).get(fields);
  if (error == simdjson::DEPTH_ERROR) {
    return tl::unexpected(fmt::format("at most {} levels of nesting expected", kMaxNoticeDepth));
  }
  if (error != simdjson::SUCCESS) return tl::unexpected(std::string("a JSON object expected"));
  const auto name = text_of(fields, "eventName");
  if (!name || name->empty()) {
    return tl::unexpected(std::string("`eventName`: the name of an event expected"));
  }
  Notice notice;
  notice.event_name = kept(*name);
  notice.kind = find_notice_kind(*name);
  object data;
  // Without it there is still somebody to whom something has happened.
  if (fields["dataFields"].get(data) != simdjson::SUCCESS) data = fields;
  read_person(fields, data, notice);
  read_data(data, notice);
  notice.natural_key = natural_key(notice, data);
  return notice;
}

}  // namespace sojourn::connectors::iterable
