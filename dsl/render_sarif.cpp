// SARIF 2.1.0 (OASIS): one run, the rules that were broken, the results.
#include <algorithm>
#include <fmt/core.h>
#include <set>

#include "dsl/explain.h"
#include "dsl/json_writer.h"
#include "dsl/render_forms.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kSchema = "https://json.schemastore.org/sarif-2.1.0.json";

// A path as a relative URI reference.
std::string uri_of(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

// The message with what the label and the helps add to it.
std::string text_of(const Diagnostic& diagnostic) {
  std::string text = diagnostic.message;
  if (!diagnostic.primary.text.empty()) text += ": " + diagnostic.primary.text;
  for (const std::string& help : diagnostic.helps) text += "\nhelp: " + help;
  return text;
}

class SarifWriter {
 public:
  SarifWriter(std::string& out, const Findings& findings) : json_(out), findings_(findings) {
    for (const Diagnostic& diagnostic : findings.diagnostics) {
      rules_.push_back(message_info(diagnostic.id).code);
    }
    std::ranges::sort(rules_);
    rules_.erase(std::ranges::unique(rules_).begin(), rules_.end());
  }

  void write() {
    json_.begin_object().field("$schema", kSchema).field("version", "2.1.0");
    json_.key("runs").begin_array().begin_object();
    json_.line().field("columnKind", "unicodeCodePoints");
    write_driver();
    write_invocation();
    json_.line().key("results").begin_array();
    for (const Diagnostic& diagnostic : findings_.diagnostics) write_result(diagnostic);
    json_.end_array().end_object().end_array().end_object();
  }

 private:
  void message(std::string_view name, std::string_view text) {
    json_.key(name).begin_object().field("text", text).end_object();
  }

  void write_driver() {
    json_.line().key("tool").begin_object().key("driver").begin_object().field("name", "sojourn");
    json_.key("rules").begin_array();
    for (const std::string_view code : rules_) write_rule(*find_message(code));
    json_.end_array().end_object().end_object();
  }

  void write_rule(const MessageInfo& info) {
    json_.line().begin_object().field("id", info.code).field("name", info.name);
    message("shortDescription", fmt::format("{} ({})", info.name, info.code));
    if (const auto page = page_of(info)) {
      const std::string_view first = page->prose.substr(0, page->prose.find("\n\n"));
      message("fullDescription", first);
      json_.key("help").begin_object().field("text", page->prose);
      json_.field("markdown", fmt::format("{}\nWrong:\n\n```\n{}```\n\nRight:\n\n```\n{}```\n",
                                          page->prose, page->wrong, page->right));
      json_.end_object();
    }
    json_.key("defaultConfiguration").begin_object().field("level", severity_word(info.severity));
    json_.end_object().end_object();
  }

  void write_invocation() {
    const bool ran = findings_.failure.empty();
    json_.line().key("invocations").begin_array().begin_object();
    json_.key("executionSuccessful").boolean(ran);
    if (!ran) {
      json_.key("toolExecutionNotifications").begin_array().begin_object();
      json_.field("level", "error");
      message("message", findings_.failure);
      json_.end_object().end_array();
    }
    json_.end_object().end_array();
  }

  void write_region(std::string_view name, Span span) {
    const Region region = region_of(span, findings_.files);
    json_.key(name)
        .begin_object()
        .field("startLine", region.begin.line)
        .field("startColumn", region.begin.column)
        .field("endLine", region.end.line)
        .field("endColumn", region.end.column)
        .end_object();
  }

  void write_artifact(FileIndex file) {
    const std::string uri = uri_of(std::string(findings_.root) + findings_.files[file].path());
    json_.key("artifactLocation").begin_object().field("uri", uri).end_object();
  }

  void write_place(Span span) {
    json_.key("physicalLocation").begin_object();
    write_artifact(span.file);
    write_region("region", span);
    json_.end_object();
  }

  void write_result(const Diagnostic& diagnostic) {
    const MessageInfo& info = message_info(diagnostic.id);
    const auto rule = std::ranges::find(rules_, info.code) - rules_.begin();
    json_.line().begin_object().field("ruleId", info.code).key("ruleIndex").number(rule);
    json_.field("level", severity_word(diagnostic.severity));
    message("message", text_of(diagnostic));
    json_.key("locations").begin_array().begin_object();
    write_place(diagnostic.primary.span);
    json_.end_object().end_array();
    write_related(diagnostic);
    write_fix(diagnostic);
    json_.end_object();
  }

  void write_related(const Diagnostic& diagnostic) {
    if (diagnostic.secondary.empty()) return;
    json_.key("relatedLocations").begin_array();
    std::uint32_t id = 0;
    for (const Label& label : diagnostic.secondary) {
      json_.begin_object().field("id", ++id);
      write_place(label.span);
      message("message", label.text);
      json_.end_object();
    }
    json_.end_array();
  }

  // The edits of a fix are of one file or several; each has its list.
  void write_fix(const Diagnostic& diagnostic) {
    if (diagnostic.fix.empty()) return;
    std::set<FileIndex> files;
    for (const Edit& edit : diagnostic.fix) files.insert(edit.span.file);
    json_.key("fixes").begin_array().begin_object().key("artifactChanges").begin_array();
    for (const FileIndex file : files) {
      json_.begin_object();
      write_artifact(file);
      json_.key("replacements").begin_array();
      for (const Edit& edit : diagnostic.fix) {
        if (edit.span.file != file) continue;
        json_.begin_object();
        write_region("deletedRegion", edit.span);
        message("insertedContent", edit.text);
        json_.end_object();
      }
      json_.end_array().end_object();
    }
    json_.end_array().end_object().end_array();
  }

  JsonWriter json_;
  const Findings& findings_;
  std::vector<std::string_view> rules_;  // codes, sorted
};

}  // namespace

std::string render_sarif(const Findings& findings) {
  std::string out;
  SarifWriter(out, findings).write();
  return out + "\n";
}

}  // namespace sojourn::dsl
