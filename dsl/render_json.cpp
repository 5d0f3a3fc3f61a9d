#include "dsl/json_writer.h"
#include "dsl/render_forms.h"

namespace sojourn::dsl {
namespace {

void write_place(JsonWriter& json, Span span, std::span<const SourceFile> files) {
  const Region region = region_of(span, files);
  json.field("file", files[span.file].path())
      .field("line", region.begin.line)
      .field("column", region.begin.column)
      .field("end_line", region.end.line)
      .field("end_column", region.end.column);
}

void write_label(JsonWriter& json, const Label& label, bool primary,
                 std::span<const SourceFile> files) {
  json.begin_object().key("primary").boolean(primary);
  write_place(json, label.span, files);
  json.field("text", label.text).end_object();
}

void write_attachments(JsonWriter& json, const std::vector<Attachment>& attachments) {
  if (attachments.empty()) return;
  json.key("attachments").begin_array();
  for (const Attachment& attachment : attachments) {
    json.begin_object()
        .field("title", attachment.title)
        .field("text", attachment.text)
        .end_object();
  }
  json.end_array();
}

void write_finding(JsonWriter& json, const Diagnostic& diagnostic,
                   std::span<const SourceFile> files) {
  const MessageInfo& info = message_info(diagnostic.id);
  json.begin_object()
      .field("code", info.code)
      .field("name", info.name)
      .field("severity", severity_word(diagnostic.severity));
  write_place(json, diagnostic.primary.span, files);
  json.field("message", diagnostic.message).key("labels").begin_array();
  write_label(json, diagnostic.primary, true, files);
  for (const Label& label : diagnostic.secondary) write_label(json, label, false, files);
  json.end_array().key("help").begin_array();
  for (const std::string& help : diagnostic.helps) json.text(help);
  json.end_array().key("fix").begin_array();
  for (const Edit& edit : diagnostic.fix) {
    json.begin_object();
    write_place(json, edit.span, files);
    json.field("text", edit.text).end_object();
  }
  json.end_array();
  write_attachments(json, diagnostic.attachments);
  json.end_object();
}

}  // namespace

std::string render_json(std::span<const Diagnostic> diagnostics,
                        std::span<const SourceFile> files) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const Diagnostic& diagnostic : diagnostics) write_finding(json.line(), diagnostic, files);
  json.end_array();
  return out + "\n";
}

std::string render_ndjson(const Findings& findings) {
  std::string out;
  for (const Diagnostic& diagnostic : findings.diagnostics) {
    JsonWriter json(out);
    write_finding(json, diagnostic, findings.files);
    out += '\n';
  }
  return out;
}

}  // namespace sojourn::dsl
