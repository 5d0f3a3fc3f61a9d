#include "sandbox/table.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace sojourn::sandbox {
namespace {

using Row = std::vector<std::string>;

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // U+0080 to U+009F are controls as well; their second byte betrays them.
    const bool control = byte < 0x20 || byte == 0x7f ||
                         (byte >= 0x80 && byte < 0xa0 && !out.empty() && out.back() == '\xc2');
    out += control ? '?' : c;
  }
  return out;
}

// At most `columns` characters, the last of them "…" when something is missing.
std::string shortened(const std::string& text, std::size_t columns) {
  if (columns_of(text) <= columns) return text;
  std::string out;
  std::size_t taken = 0;
  for (const char c : text) {
    if (begins_character(c) && ++taken >= columns) break;
    out += c;
  }
  return out + "…";
}

std::string padded(const std::string& text, std::size_t columns) {
  const std::size_t size = columns_of(text);
  return size >= columns ? text : text + std::string(columns - size, ' ');
}

// The last column takes what is left of `width`.
std::string table(const std::vector<Row>& rows, std::size_t width) {
  std::vector<std::size_t> columns(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      columns[i] = std::max(columns[i], columns_of(row[i]));
    }
  }
  std::size_t before = 0;
  for (std::size_t i = 0; i + 1 < columns.size(); ++i) before += columns[i] + 2;
  columns.back() = std::min(columns.back(), width > before + 10 ? width - before : 10);
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += padded(shortened(row[i], columns[i]), columns[i]) + "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

// Enough of a key to tell it from its neighbours.
constexpr std::size_t kKeyColumns = 12;

std::string kind_name(RecordKind kind) {
  switch (kind) {
    case RecordKind::kMessage:
      return "message";
    case RecordKind::kUpdate:
      return "update";
    case RecordKind::kEvent:
      return "event";
    case RecordKind::kCall:
      return "call";
    case RecordKind::kSettled:
      return "settled";
    case RecordKind::kNotice:
      return "notice";
    case RecordKind::kAlias:
    case RecordKind::kFieldType:
    case RecordKind::kProjectRow:
    case RecordKind::kCatalogItem:
    case RecordKind::kForgotten:
    case RecordKind::kScheduled:
      break;
  }
  return {};
}

}  // namespace

std::string message_table(const std::vector<Message>& messages, std::size_t width) {
  if (messages.empty()) return "no messages\n";
  std::vector<Row> rows{{"TIME", "MEDIUM", "CAMPAIGN", "RECIPIENT", "KEY", "COPY", "DATA"}};
  for (const Message& message : messages) {
    rows.push_back(
        {base::to_iso8601(message.time), message.medium, std::to_string(message.campaign_id),
         shortened(printable(message.email.empty() ? message.user_id : message.email), 40),
         shortened(printable(message.key), kKeyColumns),
         message.copies > 1 ? fmt::format("{} of {}", message.copy, message.copies) : "",
         printable(message.data_fields)});
  }
  return table(rows, width);
}

std::string summary_table(const Inbox::Tallies& tallies) {
  std::vector<Row> rows{{"KIND", "WHAT", "RECEIVED", "REPEATS"}};
  for (const auto& [what, tally] : tallies) {
    const std::string kind = kind_name(what.first);
    if (kind.empty()) continue;
    rows.push_back({kind, shortened(printable(what.second), 60), std::to_string(tally.records),
                    std::to_string(tally.repeats)});
  }
  if (rows.size() == 1) return "nothing received\n";
  return table(rows, 120);
}

}  // namespace sojourn::sandbox
