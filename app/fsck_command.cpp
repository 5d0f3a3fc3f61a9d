#include "app/fsck_command.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>

#include "app/check_command.h"
#include "app/command_error.h"
#include "runtime/fsck.h"
#include "runtime/store/survey.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;
using runtime::FsckReport;

// Of a file that is damaged where it says what is in it.
FsckReport unreadable(const std::string& why) {
  FsckReport report;
  report.found = 1;
  report.findings.push_back({"damaged", "file", why});
  return report;
}

void print_json(const std::string& path, const FsckReport& report, std::ostream& out) {
  Json findings = Json::array();
  for (const runtime::FsckFinding& finding : report.findings) {
    findings.push_back({{"kind", finding.kind}, {"where", finding.where}, {"what", finding.what}});
  }
  const Json json{{"store", path},
                  {"clean", report.is_clean()},
                  {"sequence", report.sequence},
                  {"users", report.users},
                  {"rows", report.rows},
                  {"identities", report.identities},
                  {"timers", report.timers},
                  {"deliveries", report.deliveries},
                  {"found", report.found},
                  {"findings", std::move(findings)}};
  // What a damaged file says need not be UTF-8.
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void print_text(const std::string& path, const FsckReport& report, std::ostream& out) {
  std::set<std::string> kinds;
  for (const runtime::FsckFinding& finding : report.findings) {
    out << fmt::format("{}: {}: {}\n", finding.kind, finding.where, finding.what);
    kinds.insert(finding.kind);
  }
  if (report.found > report.findings.size()) {
    out << fmt::format("and {} more\n", report.found - report.findings.size());
  }
  for (const runtime::FsckKind& kind : runtime::fsck_kinds()) {
    if (kinds.contains(kind.kind)) out << fmt::format("  {}: {}\n", kind.kind, kind.meaning);
  }
  out << fmt::format(
      "{}: {} at commit {}: {} users, {} rows, {} identities, {} timers, {} deliveries\n", path,
      report.is_clean() ? std::string("sound") : fmt::format("{} findings", report.found),
      report.sequence, report.users, report.rows, report.identities, report.timers,
      report.deliveries);
}

}  // namespace

int fsck(const FsckOptions& options, std::ostream& out, std::ostream& err) {
  const auto path = store_file(options);
  if (!path) return report_error(path.error(), err);
  const auto survey = store::Survey::open(*path);
  const bool is_damaged = !survey && survey.error().kind == base::Error::Kind::kFatal;
  if (!survey && !is_damaged) return report_error(survey.error(), err);
  const FsckReport report =
      survey ? runtime::check_store(**survey) : unreadable(survey.error().message);
  if (options.json) {
    print_json(*path, report, out);
  } else {
    print_text(*path, report, out);
  }
  return report.is_clean() ? kClean : kFindings;
}

}  // namespace sojourn::app
