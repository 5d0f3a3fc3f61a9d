#include "runtime/log_report.h"

#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::ordered_json;

void add_reason(Json& entry, const engine::Reason& why) {
  if (!why.rule.empty()) entry["rule"] = why.rule;
  for (const engine::ReadValue& read : why.values) entry["values"][read.what] = read.value;
  if (why.zone) entry["zone"] = {{"name", why.zone->zone}, {"source", why.zone->source}};
}

}  // namespace

base::Result<std::vector<LogRecord>> read_log(store::UserId user, std::size_t max_rows,
                                              store::Store& store) {
  auto rows = store.rows(user, store::RowKind::kLog, max_rows);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<LogRecord> log;
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    auto records = decode_log(row->body);
    if (!records) return tl::unexpected(records.error());
    std::move(records->begin(), records->end(), std::back_inserter(log));
  }
  return log;
}

Json log_json(const LogRecord& record, const Program& program) {
  Json entry{{"at", base::to_iso8601(record.at)}, {"what", to_string(record.kind)}};
  if (!record.journey.empty()) entry["journey"] = record.journey;
  if (record.enrollment != 0) entry["enrollment"] = record.enrollment;
  if (!record.subject.empty()) entry["subject"] = record.subject;
  if (!record.detail.empty()) entry["detail"] = record.detail;
  if (record.until) entry["until"] = base::to_iso8601(*record.until);
  add_reason(entry, record.why);
  const bool exits = record.kind == LogRecord::Kind::kExited && !record.why.rule.empty();
  const std::string* place =
      program.place_of(record.journey, exits ? record.why.rule : record.subject);
  if (place != nullptr) entry["place"] = *place;
  return entry;
}

}  // namespace sojourn::runtime
