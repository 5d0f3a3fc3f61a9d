#include "tests/soak/sandbox_record.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "sandbox/inbox.h"
#include "sandbox/sends.h"
#include "tests/soak/database.h"
#include "tests/soak/journey.h"

namespace sojourn::soak {
namespace {

using sandbox::RecordKind;

constexpr std::int64_t number(RecordKind kind) {
  return static_cast<std::int64_t>(kind);
}

// "email 101" is `first`.
std::string campaign_of(std::string_view topic) {
  const std::string_view text = topic.substr(topic.find(' ') + 1);
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  const auto* found = std::ranges::find(kCampaigns, id, &CampaignName::id);
  return std::string(found == kCampaigns.end() ? text : found->name);
}

// "email:ada@example.com"; somebody without an email keeps the whole.
std::string_view email_of(std::string_view subject) {
  constexpr std::string_view kHead = "email:";
  return subject.starts_with(kHead) ? subject.substr(kHead.size()) : subject;
}

}  // namespace

struct SandboxRecord::Parts {
  explicit Parts(std::unique_ptr<store::Connection> opened)
      : connection(std::move(opened)),
        all_messages(*connection,
                     "SELECT subject, sequence, topic, key, time FROM record"
                     " WHERE kind = ? ORDER BY subject, sequence"),
        all_notices(*connection,
                    "SELECT subject, topic, time, body FROM record"
                    " WHERE kind = ? ORDER BY subject, sequence"),
        settled(*connection,
                "SELECT topic FROM record WHERE kind = ? AND key = ? AND key <> ''"
                " ORDER BY copy DESC LIMIT 1"),
        messages(all_messages, number(RecordKind::kMessage)),
        notices(all_notices, number(RecordKind::kNotice)),
        has_message(messages.next()),
        has_notice(notices.next()) {}

  std::string unsent(std::int64_t sequence) {
    const std::string key = std::to_string(sequence);
    store::Query query(settled, number(RecordKind::kSettled), store::Text{key});
    if (!query.next() || query.bytes(0) == sandbox::kSent) return {};
    return std::string(query.bytes(0));
  }

  void take_message(SandboxPerson& out) {
    out.messages.push_back({.sequence = static_cast<std::uint64_t>(messages.integer(1)),
                            .campaign = campaign_of(messages.bytes(2)),
                            .key = std::string(messages.bytes(3)),
                            .at = base::Instant{messages.integer(4)},
                            .unsent = unsent(messages.integer(1))});
    has_message = messages.next();
  }

  base::Status take_notice(SandboxPerson& out) {
    store::Record record;
    record.subject = notices.bytes(0);
    record.topic = notices.bytes(1);
    record.time = base::Instant{notices.integer(2)};
    record.body = notices.bytes(3);
    auto notice = sandbox::told_notice(record);
    if (!notice) return tl::unexpected(notice.error());
    out.notices.push_back(std::move(*notice));
    has_notice = notices.next();
    return {};
  }

  std::unique_ptr<store::Connection> connection;
  store::Statement all_messages;
  store::Statement all_notices;
  store::Statement settled;
  store::Query messages;
  store::Query notices;
  bool has_message;
  bool has_notice;
};

SandboxRecord::SandboxRecord(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SandboxRecord::SandboxRecord(SandboxRecord&&) noexcept = default;
SandboxRecord::~SandboxRecord() = default;

base::Result<SandboxRecord> SandboxRecord::open(const std::filesystem::path& record_file) {
  auto connection = open_to_read(record_file);
  if (!connection) return tl::unexpected(connection.error());
  return SandboxRecord(std::make_unique<Parts>(std::move(*connection)));
}

base::Result<std::optional<SandboxPerson>> SandboxRecord::next() {
  Parts& parts = *parts_;
  if (auto status = parts.connection->status(); !status) return tl::unexpected(status.error());
  if (!parts.has_message && !parts.has_notice) return std::nullopt;
  const bool message_is_first =
      parts.has_message && (!parts.has_notice || parts.messages.bytes(0) <= parts.notices.bytes(0));
  const std::string subject(message_is_first ? parts.messages.bytes(0) : parts.notices.bytes(0));
  SandboxPerson out{.email = std::string(email_of(subject)), .messages = {}, .notices = {}};
  while (parts.has_message && parts.messages.bytes(0) == subject) parts.take_message(out);
  while (parts.has_notice && parts.notices.bytes(0) == subject) {
    if (auto taken = parts.take_notice(out); !taken) return tl::unexpected(taken.error());
  }
  if (auto status = parts.connection->status(); !status) return tl::unexpected(status.error());
  return out;
}

}  // namespace sojourn::soak
