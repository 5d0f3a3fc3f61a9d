// Reads what a sender's JSON says into names, times and values of declared types, or into what is
// wrong with it, in the words and shapes of Iterable's REST API. Shared by all that know a form
// of items (intake_items.h, intake_segment.h, intake_events.h). One request after another, on one
// thread.
#pragma once

#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "runtime/intake.h"
#include "runtime/intake_mapping.h"
#include "runtime/intake_parse.h"
#include "runtime/string_map.h"

namespace sojourn::graph {
struct EventType;
struct Type;
}  // namespace sojourn::graph

namespace sojourn::runtime {

class Program;

// What is wrong with one item; in a bulk request it only fails that item when
// `list` is set, otherwise the whole request.
struct Problem {
  IntakeAnswer answer;
  std::string list;
  std::string identity;
  std::string message;  // what the answer says, without its envelope
};

template <typename T>
using Parsed = tl::expected<T, Problem>;

std::string json_text(std::string_view text);
Problem problem_of(int status, std::string_view code, const std::string& message,
                   std::string_view params_json = {});

// A request with so many items in the list of that name.
Problem too_large(std::size_t items, std::string_view name, std::size_t most);

class IntakeReader {
 public:
  using Element = simdjson::dom::element;
  using Object = simdjson::dom::object;

  // Both outlive the reader.
  IntakeReader(const Program& program, const IntakeMapping& mapping, ForwardMode forward);

  // A new request; `generated_id` answers what brought no id.
  void begin(IntakeRequest::Endpoint endpoint, std::string generated_id);
  IntakeRequest& request() { return request_; }
  IntakeRequest::Endpoint endpoint() const { return request_.endpoint; }
  const Program& program() const { return program_; }
  const IntakeMapping& mapping() const { return mapping_; }
  ForwardMode forward() const { return forward_; }

  Problem bad_json(const std::string& where, std::string_view what) const;
  static Problem invalid_email(std::string_view email);
  static Problem invalid_user_id(std::string_view user_id);

  // A field that must be a string when it is there.
  Parsed<std::optional<std::string_view>> text(const Object& fields, const char* name,
                                               const std::string& where) const;
  // Well-formed, in the form in which names are compared.
  static Parsed<std::string> email(std::string_view text);
  static Parsed<std::string> user_id(std::string_view text);
  // The names under these keys; maybe none. `email_key`: null where no email stands.
  Parsed<Person> names(const Object& fields, const std::string& where, const char* email_key,
                       const char* user_id_key) const;
  // `email` and `userId`, of which there is one at least.
  Parsed<Person> person(const Object& fields, const std::string& where) const;
  // `id`; the answer names it, too.
  Parsed<std::optional<std::string>> id(const Object& fields, const std::string& where);
  // Unix time. Senders write seconds or milliseconds; what lies after the year 5138 as
  // seconds is read as milliseconds.
  Parsed<std::optional<base::Instant>> created_at(const Object& fields,
                                                  const std::string& where) const;
  // Nothing when it is none of the years 1970 to 9999.
  static std::optional<base::Instant> unix_time(std::int64_t number);

  // An object that may be absent.
  Parsed<std::optional<Object>> members(const Object& fields, const char* name,
                                        const std::string& where) const;
  // What is declared, as its declared type. What is not declared is named in
  // filtered_out_fields and dropped; of a name given twice the first counts, as it does within
  // values. `event`: null when nobody declares it.
  Parsed<std::vector<graph::Field>> event_fields(const Object& given, const graph::EventType* event,
                                                 std::string_view category = "event");
  // The first declared field that is missing though it may not be, or is none of the words that
  // it may be, or within which something is so: journeys are checked, and messages filled, as if
  // this could not be. `event`: null when nobody declares it, and then there is none.
  static std::optional<Problem> breach(const graph::EventType* event,
                                       const std::vector<graph::Field>& given);
  Parsed<IntakeUpdate> profile(const Object& given, Person person);
  // Null when no such field is declared.
  const graph::Type* user_field(std::string_view name) const;
  static const graph::Type* type_of(const graph::EventType* event, std::string_view field);
  static Parsed<graph::Value> typed(std::string_view name, const Element& value,
                                    const graph::Type& type, std::string_view category);

 private:
  bool is_event() const;

  const Program& program_;
  const IntakeMapping& mapping_;
  const ForwardMode forward_;
  StringMap<const graph::Type*> user_fields_;
  IntakeRequest request_;
};

}  // namespace sojourn::runtime
